// Selection patterns of integration responses: Java's syntax, matched against the whole text, in linear time
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html).
import { compilePattern, PatternError } from "../pattern/index.ts";

/** Whether a text matches from its beginning to its end. */
export type SelectionPattern = (text: string) => boolean;

/** The compiled pattern, or undefined when it cannot be compiled (bad syntax, look-around, back-references). */
export function compileSelectionPattern(pattern: string): SelectionPattern | undefined {
  try {
    return compilePattern(pattern).matches;
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}
