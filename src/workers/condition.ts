// Waiting until something has become so, or has become impossible.

export interface Condition {
  /** Resolves once it is so, as looked at when something has happened. Rejects once all hope is gone. */
  until(isSo: () => boolean): Promise<void>;
  happened(): void;
  /** Nothing that is waited for will come. */
  fail(error: Error): void;
  readonly hasFailed: boolean;
}

export function createCondition(): Condition {
  const waiting = new Set<() => void>();
  let failure: Error | undefined;
  const happened = (): void => {
    for (const look of waiting) look();
  };
  return {
    happened,
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (failure === undefined && !isSo()) return;
          waiting.delete(look);
          if (failure === undefined) resolve();
          else reject(failure);
        };
        waiting.add(look);
        look();
      }),
    fail(error) {
      failure ??= error;
      happened();
    },
    get hasFailed() {
      return failure !== undefined;
    },
  };
}
