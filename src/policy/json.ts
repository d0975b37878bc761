// Policy documents as JSON: bounded, and without members that are given twice, of which JSON.parse would take the last.
import { PolicySyntaxError } from "./errors.ts";

/** More than any policy of AWS may have: a function's has 20,480 at most. */
const MAX_LENGTH = 32_768;
/** A policy has five levels: document, statements, statement, condition, keys, values. */
const MAX_DEPTH = 8;

/**
 * What a document says, which is a JSON text or has been parsed.
 * @throws {PolicySyntaxError} if it is no JSON, too long (in characters) or too deep, or an object of the text has two members of a name
 */
export function readJson(document: unknown, maxLength = MAX_LENGTH): unknown {
  if (typeof document !== "string") {
    checkSize(document, maxLength);
    return document;
  }
  if (document.length > maxLength) throw tooLong(maxLength);
  const value = parse(document);
  checkSize(value, maxLength);
  const repeated = repeatedMember(document);
  if (repeated !== undefined) throw new PolicySyntaxError("Syntax errors in policy.");
  return value;
}

const tooLong = (maxLength: number): PolicySyntaxError => new PolicySyntaxError(`The policy has more than ${maxLength} characters.`);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // IAM's words, quoted in github.com/AWSCookbook/Security/issues/2.
    throw new PolicySyntaxError("This policy contains invalid Json");
  }
}

function checkSize(document: unknown, maxLength: number): void {
  let left = maxLength;
  const take = (length: number): void => {
    left -= length;
    if (left < 0) throw tooLong(maxLength);
  };
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) throw new PolicySyntaxError("Syntax errors in policy.");
    take(typeof value === "string" ? value.length : 1);
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (!Array.isArray(value)) take(name.length);
      visit(member, depth + 1);
    }
  };
  visit(document, 0);
}

const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/gy;
const BETWEEN = /[^"{}]*/y;

/** "Individual elements must not contain multiple instances of the same key": the first such key of a text that is JSON. */
function repeatedMember(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let place = 0; place < text.length; ) {
    BETWEEN.lastIndex = place;
    BETWEEN.exec(text);
    TOKEN.lastIndex = BETWEEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) return undefined;
    place = TOKEN.lastIndex;
    if (token[0] === "{") objects.push(new Set());
    else if (token[0] === "}") objects.pop();
    else if (token[2] !== undefined) {
      const name = JSON.parse(`"${token[1] ?? ""}"`) as string;
      const names = objects.at(-1);
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return undefined;
}
