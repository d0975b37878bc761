// minLength, maxLength, pattern and format.
import { formats } from "../formats/formats.ts";
import type { Run } from "../run.ts";
import { keyword } from "../schema.ts";
import type { KeywordCompiler, Search } from "./keyword.ts";

/** Surrogate pairs count once. */
function codePoints(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at += 1) {
    const low = text.charCodeAt(at);
    if (low < 0xdc00 || low > 0xdfff) continue;
    const high = text.charCodeAt(at - 1);
    if (high < 0xd800 || high > 0xdbff) continue;
    count -= 1;
    at += 1;
  }
  return count;
}

export const minLength: KeywordCompiler = ({ schema, place }) => {
  const least = Number(keyword(schema, "minLength"));
  return (value, run) => {
    const text = value as string;
    if (text.length >= least * 2) return;
    const length = codePoints(text);
    if (length >= least) return;
    run.fail("minLength", place, () => `string "${text}" is too short (length: ${length}, required minimum: ${least})`);
  };
};

export const maxLength: KeywordCompiler = ({ schema, place }) => {
  const most = Number(keyword(schema, "maxLength"));
  return (value, run) => {
    const text = value as string;
    if (text.length <= most) return;
    const length = codePoints(text);
    if (length <= most) return;
    run.fail("maxLength", place, () => `string "${text}" is too long (length: ${length}, maximum allowed: ${most})`);
  };
};

/** A step is worth a few instructions for a character. */
export function searchSteps({ size = 1 }: Search, text: string): number {
  return Math.ceil((text.length * size) / 16);
}

/** What compiling takes for each instruction. */
const COMPILING_STEPS = 90;

export const pattern: KeywordCompiler = ({ schema, place, pattern: compile }) => {
  const source = String(keyword(schema, "pattern"));
  const matches = compile(source, "/pattern");
  return (value, run) => {
    const text = value as string;
    run.budget.step(searchSteps(matches, text));
    if (matches(text)) return;
    run.fail("pattern", place, () => `ECMA 262 regex "${source}" does not match input string "${text}"`);
  };
};

/**
 * API Gateway reports a format that the library does not know as an error, whatever the value is: numbers "of the Int32 or
 * Int64 type are not supported" (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 */
export const unknownFormat: KeywordCompiler = ({ schema, place }) => {
  const name = String(keyword(schema, "format"));
  if (formats.has(name)) return undefined;
  return (_value, run) => run.warn("format", place, `format attribute "${name}" not supported`);
};

/** Longer texts of the format "regex" are not looked at, and not taken. */
const MAX_REGEX = 5_000;

export const format: KeywordCompiler = ({ schema, place, pattern: compile }) => {
  const wrong = formats.get(String(keyword(schema, "format")));
  if (wrong === undefined) return undefined;
  const isRegex = (source: string, run: Run): boolean => {
    if (source.length > MAX_REGEX) return false;
    run.budget.step(COMPILING_STEPS + source.length * 8);
    let size: number;
    try {
      size = compile(source, "/format").size ?? 1;
    } catch {
      return false;
    }
    run.budget.step(COMPILING_STEPS * size);
    return true;
  };
  return (value, run) => {
    run.budget.step((value as string).length >> 3);
    const message = wrong(value as string, (source) => isRegex(source, run));
    if (message !== undefined) run.fail("format", place, () => message);
  };
};
