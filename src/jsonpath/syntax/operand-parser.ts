// What stands at the sides of an operator in a filter: a path or a literal.
import { isDecimal } from "../decimal.ts";
import type { Cursor } from "./cursor.ts";
import { unescape } from "./cursor.ts";
import type { Grammar } from "./path-parser.ts";
import type { FilterOperand } from "./tree.ts";

export function readOperand(filter: Cursor, grammar: Grammar): FilterOperand {
  let next = filter.skipBlanks().current;
  if (next === "!") {
    filter.position += 1;
    next = filter.skipBlanks().current;
    if (next !== "$" && next !== "@") filter.fail("! stands before a path or an expression");
  }
  switch (next) {
    case "$":
    case "@":
      return readPathOperand(filter, grammar);
    case "'":
    case '"':
      return readString(filter, next);
    case "t":
    case "f":
      return readBoolean(filter);
    case "n":
      readWord(filter, "null");
      return { kind: "null" };
    case "{":
      return readJson(filter, "{", "}");
    case "[":
      return readJson(filter, "[", "]");
    case "/":
      return readPattern(filter, grammar);
    default:
      return readNumber(filter);
  }
}

function readWord(filter: Cursor, word: string): void {
  if (!filter.text.startsWith(word, filter.position) || !filter.inside(filter.position + word.length - 1)) {
    filter.fail("a value is expected");
  }
  filter.position += word.length;
}

function readBoolean(filter: Cursor): FilterOperand {
  const value = filter.current === "t";
  readWord(filter, value ? "true" : "false");
  return { kind: "boolean", value };
}

function readString(filter: Cursor, quote: string): FilterOperand {
  const begin = filter.position;
  const end = filter.indexOfUnescaped(quote);
  if (end === -1) filter.fail(`${quote} is not closed`);
  filter.position = end + 1;
  const value = unescape(filter.text.slice(begin + 1, end));
  return { kind: "string", value: value ?? filter.fail("\\u needs four hexadecimal digits", begin) };
}

function readJson(filter: Cursor, open: string, close: string): FilterOperand {
  const begin = filter.position;
  const end = filter.indexOfClosing(begin, open, close, false);
  if (end === -1) filter.fail(`${open} is not closed`);
  filter.position = end + 1;
  return { kind: "json", text: filter.text.slice(begin, end + 1) };
}

function readNumber(filter: Cursor): FilterOperand {
  const begin = filter.position;
  while (filter.inside() && /[-.0-9eE]/.test(filter.current)) filter.position += 1;
  const text = filter.text.slice(begin, filter.position);
  if (!isDecimal(text)) filter.fail("a value is expected", begin);
  return { kind: "number", text };
}

function readPattern(filter: Cursor, grammar: Grammar): FilterOperand {
  const begin = filter.position;
  const end = filter.indexOfUnescaped("/");
  if (end === -1) filter.fail("/ is not closed");
  filter.position = end + 1;
  while (filter.inside() && "dixmsuU".includes(filter.current)) filter.position += 1;
  try {
    const flags = filter.text.slice(end + 1, filter.position);
    return { kind: "pattern", matches: grammar.compileRegex(filter.text.slice(begin + 1, end), flags) };
  } catch (error) {
    return filter.fail(`the pattern cannot be used: ${error instanceof Error ? error.message : String(error)}`, begin);
  }
}

function readPathOperand(filter: Cursor, grammar: Grammar): FilterOperand {
  const before = filter.previousSignificantIndex();
  const begin = filter.position;
  filter.position += 1;
  while (filter.inside()) {
    if (filter.current === "[") {
      const end = filter.indexOfClosing(filter.position, "[", "]", false);
      if (end === -1) filter.fail("[ is not closed");
      filter.position = end + 1;
    }
    const closes = filter.current === ")" && !closesCall(filter, begin);
    if (!filter.inside() || "<>=~! ".includes(filter.current) || closes) break;
    filter.position += 1;
  }
  const text = filter.text.slice(begin, filter.position);
  const negated = before !== -1 && filter.at(before) === "!";
  return { kind: "path", path: grammar.path(filter.part(text, begin)), negated };
}

/** Whether the parenthesis at the position closes a call without arguments. */
function closesCall(filter: Cursor, begin: number): boolean {
  const open = filter.previousSignificantIndex();
  if (open === -1 || filter.at(open) !== "(") return false;
  const dot = filter.text.lastIndexOf(".", open - 1);
  return dot > begin;
}
