// The head of a request as it goes out: what the caller gave, framed by the client (RFC 9112, sections 3 and 6).
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamRequest } from "../../ports/http-client.ts";
import { FORBIDDEN_IN_VALUE, isToken } from "../http1-syntax/index.ts";
import { headerKind } from "./header-names.ts";

const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** Whoever sends these without a body says so (RFC 9110, section 8.6). */
const BODY_IS_EXPECTED = new Set(["POST", "PUT", "PATCH"]);

/** No spaces, controls and characters past Latin-1. */
const FORBIDDEN_IN_PATH = /[^\x21-\x7e\x80-\xff]/;

/**
 * The head, one character a byte, its empty line included. Headers of the connection are left out, and `Host` is the
 * origin's where the request brings none.
 * @param host the origin's, with its port where that is not the scheme's own
 * @throws {UpstreamError} `protocol` for what could be read as more than one request
 */
export function requestHead({ method, path, headers, body }: Omit<UpstreamRequest, "responseLimit">, host: string): string {
  if (!METHODS.has(method) && !isToken(method)) throw invalid(`${JSON.stringify(method)} is no method`);
  if (path === "" || FORBIDDEN_IN_PATH.test(path)) throw invalid(`${JSON.stringify(path)} is no path`);
  let text = "";
  let hasHost = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const kind = headerKind(name);
    if (kind === undefined) throw invalid(`${JSON.stringify(name)} is no name of a header`);
    if (kind === "host") hasHost = true;
    else if (kind !== "plain") continue;
    const value = headers[i + 1] as string;
    if (FORBIDDEN_IN_VALUE.test(value)) throw invalid(`the header ${name} has a character that headers cannot have`);
    text += `${name}: ${value}\r\n`;
  }
  const length = body === undefined ? 0 : body.length;
  const framing = length > 0 || BODY_IS_EXPECTED.has(method) ? `content-length: ${length}\r\n` : "";
  const own = hasHost ? "" : `host: ${host}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${own}${text}connection: keep-alive\r\n${framing}\r\n`;
}

const invalid = (why: string): UpstreamError => new UpstreamError("protocol", `The request cannot be sent: ${why}`);
