// Changes of one thing are published one after the other, so that the last to read is the last to put.

/** Runs tasks of one key in the order they came; tasks of different keys do not wait for each other. */
export function createTurns(): (key: string, task: () => Promise<void>) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return async (key, task) => {
    const turn = (underWay.get(key) ?? Promise.resolve()).then(task);
    const settled = turn.catch(() => undefined);
    underWay.set(key, settled);
    try {
      await turn;
    } finally {
      if (underWay.get(key) === settled) underWay.delete(key);
    }
  };
}
