// A document as YAML, laid out as AWS lays out its exports: as Java's Jackson and SnakeYAML do. Texts are in double quotes
// and broken where a line gets long, names are plain where they can be, lists are not indented.
import { isExact } from "./exact-json.ts";
import type { JsonObject } from "./source.ts";

/** The column after which a text is broken. */
const WIDTH = 80;

/** YAML 1.1, which reads back as the same document. */
export const printYaml = (document: JsonObject): string => `---\n${block(document, "")}`;

/** The lines of a map or a list that has something in it. */
function block(value: object, indent: string): string {
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${inList(item, indent)}`).join("");
  return Object.entries(value)
    .map(([name, member]) => `${indent}${memberLines(nameOf(name), member, indent)}`)
    .join("");
}

/** An item, after its dash: a map begins on the same line. */
function inList(item: unknown, indent: string): string {
  const deeper = `${indent}  `;
  return isFilled(item) ? block(item, deeper).slice(deeper.length) : `${flat(item, deeper.length, deeper)}\n`;
}

function memberLines(name: string, member: unknown, indent: string): string {
  if (isFilled(member)) return `${name}:\n${block(member, Array.isArray(member) ? indent : `${indent}  `)}`;
  return `${name}: ${flat(member, indent.length + name.length + 2, `${indent}  `)}\n`;
}

const isFilled = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0 && !isExact(value);

/** @param column where it begins @param indent of its further lines */
function flat(value: unknown, column: number, indent: string): string {
  if (typeof value === "string") return quoted(value, column, indent);
  if (isExact(value)) return value.rawJSON;
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  return String(value);
}

const PLAIN_NAME = /^[A-Za-z/_$][\w/.$+{}()\\<>|;=-]*$/;
const RESERVED = /^(?:true|false|yes|no|on|off|null|y|n|e\d+)$/i;

/** Names that begin with a digit are in double quotes, in AWS's exports too, and others that cannot be plain in single ones. */
function nameOf(name: string): string {
  if (PLAIN_NAME.test(name) && !RESERVED.test(name)) return name;
  const isPrintable = /^[\x20-\x7e]+$/.test(name);
  return isPrintable && !/^\d/.test(name) && !RESERVED.test(name) ? `'${name.replaceAll("'", "''")}'` : quoted(name, 0, "", Infinity);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\x85": "N",
  "\xa0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** A text in double quotes. A line that is too long ends in a backslash, before a space or after an escape. */
function quoted(text: string, begin: number, indent: string, width = WIDTH): string {
  const characters = Array.from(text);
  let out = '"';
  let column = begin + 1;
  for (const [i, character] of characters.entries()) {
    const written = escaped(character);
    const isSpace = character === " ";
    const before = isSpace ? "" : written;
    const isLong = column + before.length > width && i > 0 && i < characters.length - 1;
    if (isLong && (isSpace || written !== character)) {
      // A space at the beginning of a line has to be escaped to count.
      const begun = isSpace ? "\\ " : characters[i + 1] === " " ? "\\" : "";
      out += `${before}\\\n${indent}${begun}`;
      column = indent.length + begun.length;
    } else {
      out += written;
      column += written.length;
    }
  }
  return `${out}"`;
}

function escaped(character: string): string {
  const known = ESCAPES[character];
  if (known !== undefined) return `\\${known}`;
  const code = character.codePointAt(0) as number;
  const isAscii = code >= 0x20 && code <= 0x7e;
  const isOther = (code > 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff) || code >= 0x10000;
  if (isAscii || isOther) return character;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
