// What a function of a Lambda proxy integration returns
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format).
import { isJsonObject, jsonIn, type JsonObject } from "../../domain/json.ts";
import { isHeaderName } from "../../plan/index.ts";

export interface LambdaResult {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const MEMBERS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** The result, or undefined when it has another form: AWS calls that a malformed Lambda proxy response. */
export function parseLambdaResult(payload: Buffer): LambdaResult | undefined {
  const result = objectOf(jsonIn(payload));
  if (result === undefined || Object.keys(result).some((member) => !MEMBERS.has(member))) return undefined;
  const read = lambdaResultOf(result);
  return typeof read === "string" ? undefined : read;
}

/** The result that an object stands for, or the name of the first member that is not what it should be. */
export function lambdaResultOf(result: JsonObject): LambdaResult | string {
  const status = statusOf(result["statusCode"]);
  if (status === undefined) return "statusCode";
  const headers = headersOf(result["headers"], result["multiValueHeaders"]);
  if (headers === undefined) return headersOf(result["headers"], undefined) === undefined ? "headers" : "multiValueHeaders";
  const body = textOf(result["body"] ?? "");
  if (body === undefined) return "body";
  const isBase64Encoded = booleanOf(result["isBase64Encoded"] ?? false);
  if (isBase64Encoded === undefined) return "isBase64Encoded";
  return { status, headers, body, isBase64Encoded };
}

/** What goes before a streamed payload: "headers, multiValueHeaders, cookies, and statusCode". */
export type StreamMetadata = Pick<LambdaResult, "status" | "headers">;

const METADATA = new Set(["statusCode", "headers", "multiValueHeaders", "cookies"]);

/** The metadata of a streamed response, each cookie a `Set-Cookie` header; undefined when it has another form. */
export function parseStreamMetadata(metadata: Buffer): StreamMetadata | undefined {
  const result = objectOf(jsonIn(metadata));
  if (result === undefined || Object.keys(result).some((member) => !METADATA.has(member))) return undefined;
  const status = statusOf(result["statusCode"]);
  const headers = headersOf(result["headers"], result["multiValueHeaders"]);
  const cookies = setCookies(result["cookies"]);
  if (status === undefined || headers === undefined || cookies === undefined) return undefined;
  return { status, headers: [...headers, ...cookies] };
}

/** Each cookie as a header; undefined for anything else than a list of texts, or nothing. */
export function setCookies(cookies: unknown): readonly string[] | undefined {
  return valuesOf({ "Set-Cookie": cookies ?? [] })?.flatMap(({ name, value }) => [name, value]);
}

const objectOf = (value: unknown): JsonObject | undefined => (isJsonObject(value) ? value : undefined);

/** An integer, also as text. */
function statusOf(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

/** Text, numbers and booleans: AWS reads scalars as text. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "boolean" ? value : undefined;
}

/**
 * One list of both maps. "If the same key-value pair is specified in both, only the values from multiValueHeaders will
 * appear in the merged list." A header that is null is left out.
 */
function headersOf(single: unknown, multi: unknown): readonly string[] | undefined {
  const singles = objectOf(single ?? {});
  const multis = objectOf(multi ?? {});
  if (singles === undefined || multis === undefined) return undefined;
  const multiValues = valuesOf(multis);
  if (multiValues === undefined) return undefined;
  const headers: string[] = [];
  for (const [name, value] of Object.entries(singles)) {
    if (value === null) continue;
    const text = textOf(value);
    if (text === undefined || !isHeaderName(name)) return undefined;
    const lowerCase = name.toLowerCase();
    const isInBoth = multiValues.some((entry) => entry.value === text && entry.name.toLowerCase() === lowerCase);
    if (!isInBoth) headers.push(name, text);
  }
  for (const { name, value } of multiValues) headers.push(name, value);
  return headers;
}

function valuesOf(multis: JsonObject): { readonly name: string; readonly value: string }[] | undefined {
  const values: { name: string; value: string }[] = [];
  for (const [name, list] of Object.entries(multis)) {
    if (list === null) continue;
    if (!Array.isArray(list) || !isHeaderName(name)) return undefined;
    for (const item of list) {
      const value = textOf(item);
      if (value === undefined) return undefined;
      values.push({ name, value });
    }
  }
  return values;
}
