// What a YAML text may have in it before it is parsed: the parser keeps some hundred bytes for each token, and a text of
// 6 MB of brackets would end the program for want of memory.
import { Lexer } from "yaml";
import { DocumentError, invalidInput } from "./problem.ts";

/** Words, marks and spaces. A definition that is written out over 6 MB has about two million. */
const MAX_TOKENS = 3_000_000;
/** Levels that are opened on a line (`- - - a`), or by brackets. */
const MAX_DEPTH = 200;

/** The lexer's sign that its next token is the text of a scalar, whatever that looks like. */
const SCALAR = "\u001F";

/** @throws {DocumentError} when parsing the text would cost more than any definition does */
export function assertYamlBounds(text: string): void {
  let tokens = 0;
  let brackets = 0;
  let onLine = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) throw new DocumentError(invalidInput(`the document has more than ${MAX_TOKENS} words and marks`));
    if (isScalar) isScalar = false;
    else if (token === SCALAR) isScalar = true;
    else if (token === "[" || token === "{") brackets++;
    else if (token === "]" || token === "}") brackets = Math.max(0, brackets - 1);
    else if (token === "-" || token === "?" || token === ":") onLine++;
    else if (token === "\n" || token === "\r\n") onLine = 0;
    if (brackets > MAX_DEPTH || (brackets === 0 && onLine > MAX_DEPTH)) {
      throw new DocumentError(invalidInput(`the document is nested deeper than ${MAX_DEPTH} levels`));
    }
  }
}
