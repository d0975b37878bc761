// What the parts of an import share: the definition before, how it is changed, and where refusals are noted.
import type { Definition } from "../../domain/definition.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { Problem } from "../../openapi/index.ts";
import type { ApiGatewayContext } from "./context.ts";

/** `merge` keeps what the document does not define, `overwrite` removes it. */
export type ImportMode = "merge" | "overwrite";

/** What importing has at hand, and where it notes what is wrong. */
export interface Importing extends Pick<ApiGatewayContext, "ids" | "limits"> {
  readonly mode: ImportMode;
  /** The definition before. */
  readonly base: Definition;
  readonly problems: Problem[];
}

/** Makes a part; undefined when it is refused, with the refusal among the problems. */
export function attempt<T>({ problems }: Pick<Importing, "problems">, pointer: string, what: string, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    noteRefusal(problems, pointer, what, error);
    return undefined;
  }
}

/** Puts a refusal among the problems. @throws whatever else it is given */
export function noteRefusal(problems: Problem[], pointer: string, what: string, error: unknown): void {
  if (!(error instanceof ServiceError)) throw error;
  problems.push({ severity: "error", message: what === "" ? error.message : `${what}: ${error.message}`, pointer });
}

/** The parts that stay, and those of the document, which take the places of those with the same key. */
export function joinParts<T>(importing: Importing, before: readonly T[], imported: readonly T[], keyOf: (part: T) => string): readonly T[] {
  const parts = new Map<string, T>();
  if (importing.mode === "merge") for (const part of before) parts.set(keyOf(part), part);
  for (const part of imported) parts.set(keyOf(part), part);
  return [...parts.values()];
}
