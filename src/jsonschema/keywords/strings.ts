// minLength, maxLength, pattern and format.
import { formats } from "../formats/formats.ts";
import { keyword } from "../schema.ts";
import type { KeywordCompiler } from "./keyword.ts";

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

export const pattern: KeywordCompiler = ({ schema, place, pattern: compile }) => {
  const source = String(keyword(schema, "pattern"));
  const matches = compile(source, "/pattern");
  return (value, run) => {
    const text = value as string;
    run.budget.step(text.length >> 6);
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
  const isRegex = (source: string): boolean => {
    if (source.length > MAX_REGEX) return false;
    try {
      compile(source, "/format");
      return true;
    } catch {
      return false;
    }
  };
  return (value, run) => {
    const message = wrong(value as string, isRegex);
    if (message !== undefined) run.fail("format", place, () => message);
  };
};
