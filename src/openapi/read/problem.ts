// What is wrong with a document, and where. Errors keep it from being imported; warnings are told to whoever imports it.

/** A note is for those who check a document before they import it: AWS says nothing of it. */
export type Severity = "error" | "warning" | "note";

export interface Problem {
  readonly severity: Severity;
  /** In AWS's words where they are known. */
  readonly message: string;
  /** A JSON pointer into the document. */
  readonly pointer: string;
  /** What a message that AWS keeps short leaves out. */
  readonly detail?: string;
  /** The document is none that could be imported, whatever stands in the rest of it. */
  readonly fatal?: boolean;
}

/** Line and column count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type LocatedProblem = Omit<Problem, "fatal"> & Position;

/** A document that no API can be made of. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly problem: Problem;
  /** Absent where it is the problem's pointer's. */
  readonly position: Position | undefined;

  constructor(problem: Problem, position?: Position) {
    super(problem.message);
    this.problem = problem;
    this.position = position;
  }
}

/** The words are quoted in github.com/hashicorp/terraform/issues/32281. */
export const invalidInput = (detail: string, pointer = ""): Problem => ({
  severity: "error",
  message: "Invalid OpenAPI input.",
  pointer,
  detail,
  fatal: true,
});
