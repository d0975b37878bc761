// Identifiers, injected so that tests can foretell them.
export interface Ids {
  /** So many characters of `[a-z0-9]`, the first a letter: API, resource and deployment ids. */
  alphanumeric(length: number): string;
  /** A random UUID in lower case: request ids. */
  uuid(): string;
}
