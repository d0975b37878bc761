// The canonical form of a request, which is what a signature covers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { hash } from "node:crypto";

export interface CanonicalRequest {
  readonly text: string;
  readonly signedHeaders: string;
}

/** The SHA-256 of bytes or UTF-8 text, in hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

/**
 * Puts a request in its canonical form. `headers` are names and values in turn; all of them are signed.
 * `target` is the path and query as they travel; every service but S3 signs the path encoded once more.
 */
export function canonicalRequest(
  method: string,
  target: string,
  headers: readonly string[],
  payloadHash: string,
  service: string,
): CanonicalRequest {
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const query = question < 0 ? "" : target.slice(question + 1);
  const canonicalHeaders = sortHeaders(headers);
  const signedHeaders = canonicalHeaders.map(([name]) => name).join(";");
  const lines = canonicalHeaders.map(([name, value]) => `${name}:${value}\n`).join("");
  const text = [method, canonicalPath(path, service), canonicalQuery(query), lines, signedHeaders, payloadHash].join("\n");
  return { text, signedHeaders };
}

function canonicalPath(path: string, service: string): string {
  if (service === "s3") return path === "" ? "/" : path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const trailing = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.map(encode).join("/")}${trailing}`;
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decodeParameter(name)), encode(decodeParameter(value))] as const;
    });
  return pairs
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function sortHeaders(headers: readonly string[]): (readonly [string, string])[] {
  const byName = new Map<string, string>();
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    const value = (headers[i + 1] as string).trim().replace(/\s+/g, " ");
    const earlier = byName.get(name);
    byName.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return [...byName].sort(([a], [b]) => compare(a, b));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Percent-encodes everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A plus sign is a space, as AWS's services read queries: github.com/mhart/aws4 and tedder/requests-aws4auth sign it so. */
const decodeParameter = (text: string): string => decode(text.includes("+") ? text.replaceAll("+", " ") : text);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding: the characters stand for themselves.
    return text;
  }
}
