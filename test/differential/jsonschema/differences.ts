// Where we knowingly differ from the Java library, by name.
import type { Case } from "./oracle.ts";

/** The name of the known difference that a case shows; undefined for all others. */
export function knownDifference({ instance }: Case): string | undefined {
  // Its test whether a number is a long one goes by way of a double, and fails where that is infinite.
  if (/e[0-9]{3,}/.test(instance)) return "a number past all doubles";
  return undefined;
}
