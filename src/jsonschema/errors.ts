// What can be wrong with a schema, and with what it is asked to do.

/** A schema that cannot be compiled. */
export class JsonSchemaError extends Error {
  override readonly name = "JsonSchemaError";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Where: the document's URL if it has one, "#" and a JSON pointer. */
  readonly place: string;

  constructor(reason: string, place: string) {
    super(`${reason} at ${place}`);
    this.reason = reason;
    this.place = place;
  }
}

/** A value takes too many steps to validate, or it is too deep. */
export class ValidationLimitError extends Error {
  override readonly name = "ValidationLimitError";
}
