// Time, injected so that tests can move it.
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` after `ms` milliseconds, unless the returned function is called before. Does not keep the process alive. */
  after(ms: number, task: () => void): () => void;
}
