// Paths in the grammar of Jayway's library, which scans characters rather than tokens; what it lets pass, passes here.
import { readFunctionArguments } from "./argument-parser.ts";
import { Cursor, unescape } from "./cursor.ts";
import { readFilter } from "./filter-parser.ts";
import { readArrayToken } from "./index-parser.ts";
import type { CompileRegex, FunctionArgument, PathToken, PathTree } from "./tree.ts";

/** What parts of a path need of the parser: other paths, and patterns. */
export interface Grammar {
  path(cursor: Cursor): PathTree;
  readonly compileRegex: CompileRegex;
  /** Names, indexes, filters and functions so far, those within filters and arguments included. */
  tokens: number;
}

/** Each takes some of the stack when it is evaluated. */
const MAX_TOKENS = 500;

/** Throws JsonPathSyntaxError. */
export function parsePath(text: string, compileRegex: CompileRegex): PathTree {
  const grammar: Grammar = { compileRegex, tokens: 0, path: (cursor) => readWholePath(cursor, grammar) };
  return grammar.path(new Cursor(text));
}

function readWholePath(cursor: Cursor, grammar: Grammar): PathTree {
  if (cursor.text === "") cursor.fail("the path is empty");
  let path = cursor.trim();
  // A blank before it is not passed over: it makes the path one without a root, and no name begins with a blank.
  if (path.at(0) !== "$" && path.at(0) !== "@") {
    path = new Cursor(`$.${cursor.text}`, cursor.offset - 2).trim();
  }
  if (path.at(path.last) === ".") path.fail("the path ends with a dot", path.last);
  return readPath(path, grammar);
}

/** A path that begins with its root, to the end of the cursor's part. */
export function readPath(path: Cursor, grammar: Grammar): PathTree {
  while (path.inside() && /[ \t\r\n]/.test(path.current)) path.position += 1;
  const root = path.current;
  if (root !== "$" && root !== "@") path.fail("a path begins with $ or @");
  const tokens: PathToken[] = [];
  if (path.atTail) return { root, tokens };
  path.position += 1;
  if (path.current !== "." && path.current !== "[") path.fail(`"." or "[" is expected after ${root}`);
  do tokens.push(...readToken(path, grammar));
  while (!path.atTail);
  return { root, tokens };
}

function readToken(path: Cursor, grammar: Grammar): PathToken[] {
  grammar.tokens += 1;
  if (grammar.tokens > MAX_TOKENS) path.fail(`more than ${MAX_TOKENS} steps`);
  switch (path.current) {
    case "[":
      return [readBracket(path, grammar)];
    case ".":
      return readDot(path, grammar);
    case "*":
      path.position += 1;
      return [{ kind: "wildcard" }];
    default:
      return [readPropertyOrFunction(path, grammar)];
  }
}

function readDot(path: Cursor, grammar: Grammar): PathToken[] {
  const scan = path.inside(path.position + 1) && path.at(path.position + 1) === ".";
  if (!scan && !path.inside(path.position + 1)) path.fail("the path ends with a dot");
  path.position += scan ? 2 : 1;
  if (path.current === ".") path.fail("a dot is not expected");
  const next = readToken(path, grammar);
  return scan ? [{ kind: "scan" }, ...next] : next;
}

function readBracket(path: Cursor, grammar: Grammar): PathToken {
  const next = path.nextSignificant();
  if (next === "'" || next === '"') return readNames(path, next);
  const token = readArrayToken(path);
  if (token !== undefined) return token;
  if (next === "*") return readBracketWildcard(path);
  return readFilterToken(path, grammar) ?? path.fail("a name in quotes, an index, a slice, * or a filter is expected");
}

function readBracketWildcard(path: Cursor): PathToken {
  const star = path.indexOfNextSignificant("*");
  const close = path.indexOfNextSignificant("]", star);
  if (close === -1) path.fail('"]" is expected', star + 1);
  path.position = close + 1;
  return { kind: "wildcard" };
}

function readFilterToken(path: Cursor, grammar: Grammar): PathToken | undefined {
  const begin = path.position;
  const question = path.indexOfNextSignificant("?");
  const open = question === -1 ? -1 : path.indexOfNextSignificant("(", question);
  if (open === -1) return undefined;
  const close = path.indexOfClosing(open, "(", ")", true);
  if (close === -1 || path.nextSignificant(close) !== "]") return undefined;
  const end = path.indexOfNextSignificant("]", close);
  const expression = readFilter(path.part(path.text.slice(open, close + 1), open), grammar);
  path.position = end + 1;
  if (begin === path.position) return undefined;
  return { kind: "filter", expression };
}

/** ['a'] and ["a", "b"]. */
function readNames(path: Cursor, quote: string): PathToken {
  const names: string[] = [];
  let begin = -1;
  let end = 0;
  let afterComma = false;
  for (let index = path.position + 1; path.inside(index); index += 1) {
    const character = path.at(index);
    if (character === "\\") index += 1;
    else if (begin !== -1) {
      if (character !== quote) continue;
      const next = path.nextSignificant(index);
      if (next !== "]" && next !== ",") path.fail('"," or "]" is expected after a name', index + 1);
      names.push(unescape(path.text.slice(begin, index)) ?? path.fail("\\u needs four hexadecimal digits", begin));
      end = index;
      begin = -1;
    } else if (character === "]" || character === ",") {
      if (afterComma) path.fail("a name is expected", index);
      if (character === "]") break;
      afterComma = true;
    } else if (character === quote) {
      begin = index + 1;
      afterComma = false;
    }
  }
  if (begin !== -1) path.fail(`${quote} is not closed`, begin - 1);
  const close = path.indexOfNextSignificant("]", end);
  if (close === -1) path.fail('"]" is expected', end);
  path.position = close + 1;
  return { kind: "property", names };
}

function readPropertyOrFunction(path: Cursor, grammar: Grammar): PathToken {
  const begin = path.position;
  if (path.current === " ") path.fail("a name is expected");
  let end = begin;
  while (path.inside(end) && !".[(".includes(path.at(end))) {
    if (path.at(end) === " ") path.fail("names with blanks stand in brackets and quotes", end);
    end += 1;
  }
  const name = path.text.slice(begin, end);
  if (!path.inside(end) || path.at(end) !== "(") {
    path.position = end;
    return { kind: "property", names: [name] };
  }
  return { kind: "function", name, args: readCall(path, end, grammar) };
}

/** What stands in the parentheses that open at `open`. */
function readCall(path: Cursor, open: number, grammar: Grammar): readonly FunctionArgument[] {
  let depth = 1;
  for (let index = open + 1; index <= path.last && depth > 0; index += 1) {
    if (path.at(index) === ")") depth -= 1;
    else if (path.at(index) === "(") depth += 1;
  }
  if (depth > 0) path.fail("the arguments are not closed", open);
  if (path.at(open + 1) === ")") {
    // Jayway's library reads on from the parenthesis that closes a call without arguments: what follows such a call
    // begins with a property named ")".
    path.position = open + 1;
    return [];
  }
  path.position = open + 1;
  return readFunctionArguments(path, grammar, readPath);
}
