// The opening handshake (RFC 6455, section 4.2): what it must say, and the answer that accepts it.
import { hash } from "node:crypto";
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { HeaderList, HttpResponse } from "../../../ports/http-server.ts";
import type { AcceptedHandshake } from "../../../ports/websocket.ts";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** 16 bytes in Base64. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Whether a request with these headers, which is one for an upgrade, asks for a WebSocket. */
export function asksWebSocket(headers: HeaderList): boolean {
  return valuesOf(headers, "upgrade").some((value) => value.split(",").some((protocol) => protocol.trim().toLowerCase() === "websocket"));
}

/** The key of a handshake; an answer when it is no valid one. */
export function readHandshake(headers: HeaderList): string | HttpResponse {
  const versions = valuesOf(headers, "sec-websocket-version");
  if (versions.length === 0) return BAD_REQUEST;
  if (versions.length > 1 || versions[0] !== "13") return OTHER_VERSION;
  const keys = valuesOf(headers, "sec-websocket-key");
  const [key = ""] = keys;
  if (keys.length > 1 || !KEY.test(key)) return BAD_REQUEST;
  const protocols = valuesOf(headers, "sec-websocket-protocol").flatMap((value) => value.split(",").map((name) => name.trim()));
  if (!protocols.every((name) => TOKEN.test(name)) || new Set(protocols).size < protocols.length) return BAD_REQUEST;
  return key;
}

const BAD_REQUEST: HttpResponse = { status: 400, headers: ["Content-Type", "application/json"], body: '{"message":"Bad Request"}' };

const OTHER_VERSION: HttpResponse = {
  status: 426,
  headers: ["Content-Type", "application/json", "Upgrade", "websocket", "Sec-WebSocket-Version", "13"],
  body: '{"message":"Upgrade Required"}',
};

function valuesOf(headers: HeaderList, lowerCaseName: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) values.push(headers[i + 1] as string);
  }
  return values;
}

/** The head that accepts a handshake, in Latin-1. No extension is agreed to: API Gateway has none. @throws for headers that HTTP does not allow. */
export function acceptance(key: string, { subprotocol, headers }: AcceptedHandshake, now: number): string {
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    `Date: ${new Date(now).toUTCString()}`,
    "Connection: upgrade",
    "Upgrade: websocket",
    `Sec-WebSocket-Accept: ${hash("sha1", key + GUID, "base64")}`,
  ];
  if (subprotocol !== undefined) {
    if (!TOKEN.test(subprotocol)) throw new TypeError("A subprotocol is not a token");
    lines.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
  }
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (OWN.test(name)) continue;
    validateHeaderName(name);
    validateHeaderValue(name, headers[i + 1] as string);
    lines.push(`${name}: ${headers[i + 1] as string}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The listener's own. */
const OWN = /^(?:connection|content-length|date|keep-alive|sec-websocket-.*|trailer|transfer-encoding|upgrade)$/i;
