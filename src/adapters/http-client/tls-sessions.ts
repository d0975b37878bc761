// TLS sessions to resume, of origins whose connections may all have ended.

/** The most that are kept. */
const SESSIONS = 1000;

export interface TlsSessions {
  find(key: string): Buffer | undefined;
  keep(key: string, session: Buffer): void;
}

/** Keeps the latest session of each origin, and drops those of the origins that were longest without a new one. */
export function createTlsSessions(most: number = SESSIONS): TlsSessions {
  const sessions = new Map<string, Buffer>();
  return {
    find: (key) => sessions.get(key),
    keep(key, session) {
      sessions.delete(key);
      if (sessions.size >= most) sessions.delete(sessions.keys().next().value as string);
      sessions.set(key, session);
    },
  };
}
