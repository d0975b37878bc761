// The head of an HTTP/2 request in the words of HTTP/1.1 (RFC 9113, section 8.3). nghttp2 has refused what is malformed
// already: upper-case names, connection-specific fields, pseudo-headers that are missing, repeated or late, two lengths.
import type { Head } from "../exchange.ts";
import { isHost } from "../../http1-syntax/index.ts";

export interface Http2Head extends Head {
  readonly method: string;
  readonly expectsContinue: boolean;
}

/** Why a request is refused, and with which status. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** What a field costs on the wire of HTTP/1.1 besides its name and value: a colon, a space and a line break. */
const FIELD_BYTES = 4;

/**
 * The head of a request from its fields in their order, pseudo-headers among them: `:authority` takes the place of Host,
 * and the crumbs of a cookie are one again (section 8.2.3). `headerBytes` bounds names and values as on HTTP/1.1.
 */
export function readHead(fields: readonly string[], endsHere: boolean, headerBytes: number): Http2Head | Refusal {
  const pseudo: Record<string, string> = {};
  const headers: string[] = [];
  let host: string | undefined;
  let length: string | undefined;
  let cookieAt = -1;
  let expectsContinue = false;
  let bytes = 0;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    bytes += name.length + value.length + FIELD_BYTES;
    if (name.startsWith(":")) {
      pseudo[name] = value;
      continue;
    }
    if (name === "host") {
      if (host !== undefined) return badRequest("more than one Host header");
      host = value;
      continue;
    }
    if (name === "cookie") {
      if (cookieAt >= 0) {
        headers[cookieAt] = `${headers[cookieAt]}; ${value}`;
        continue;
      }
      cookieAt = headers.length + 1;
    } else if (name === "content-length") length = value;
    else if (name === "expect") expectsContinue = value.toLowerCase() === "100-continue";
    headers.push(name, value);
  }
  if (bytes > headerBytes) return { status: 431, reason: "too many bytes of headers" };
  const { ":method": method = "", ":scheme": scheme, ":path": target = "", ":authority": authority } = pseudo;
  if (method === "CONNECT") return { status: 405, reason: "CONNECT" };
  if (scheme !== "https" && scheme !== "http") return badRequest("a scheme other than http and https");
  if (!target.startsWith("/")) return badRequest("a request target that is not a path");
  if (target.includes("#")) return badRequest("a request target with a fragment");
  if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase()) {
    return badRequest("a Host header that differs from :authority");
  }
  const named = authority ?? host;
  if (named === undefined) return badRequest("neither :authority nor Host");
  if (!isHost(named)) return badRequest("an :authority or Host that is no host");
  headers.unshift("Host", named);
  const announced = length === undefined ? undefined : Number(length);
  return { method, target, headers, hasBody: !endsHere && announced !== 0, length: announced, expectsContinue };
}

const badRequest = (reason: string): Refusal => ({ status: 400, reason });
