// What can be wrong with a path: before it runs (syntax), and while it does.

/** A path that cannot be compiled. */
export class JsonPathSyntaxError extends Error {
  override readonly name = "JsonPathSyntaxError";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Where, in UTF-16 code units from 0; within a filter or an argument, from the beginning of the whole path. */
  readonly position: number;

  constructor(reason: string, position: number) {
    super(`${reason} at position ${position}`);
    this.reason = reason;
    this.position = position;
  }
}

/** A definite path leads nowhere in this document. */
export class PathNotFound extends Error {}

/** Made once: making an error, with its stack, takes longer than most evaluations. */
export const PATH_NOT_FOUND = new PathNotFound("the path leads nowhere");

/** What is asked makes no sense for this document. In a filter, the filter does not hold. */
export class NotApplicable extends Error {}

/** What is asked cannot be computed. In a filter too, the whole evaluation ends with it. */
export class EvaluationFailure extends Error {}

/** An element is asked for that a list does not have. Where elements of a list are visited, that one is passed over. */
export class NoSuchElement extends Error {}

/** The evaluation takes too long or goes too deep. */
export class LimitExceeded extends Error {}
