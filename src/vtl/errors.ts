// What can be wrong with a template: before it runs (syntax) and while it does (run time).

/** A template that cannot be compiled. Lines and columns count from 1. */
export class TemplateSyntaxError extends Error {
  override readonly name = "TemplateSyntaxError";
  /** What is wrong, without the place. */
  readonly reason: string;
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(`${reason} at line ${line}, column ${column}`);
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}

/** A template that failed while it was rendered: a method that threw, or a limit that was reached. */
export class TemplateRuntimeError extends Error {
  override readonly name = "TemplateRuntimeError";
}
