// What is made when it is first needed, and kept.

/** @param make must not give undefined; where it throws, it is asked again. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
