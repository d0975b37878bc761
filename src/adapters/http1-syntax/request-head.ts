// The head of a request, from its bytes to what it says of itself and of its connection.
import { METHODS } from "node:http";
import type { HeadScanner } from "./head-scanner.ts";
import { checkFields } from "./request-fields.ts";
import type { RequestFields } from "./request-fields.ts";
import { UnreadableRequest } from "./unreadable.ts";

export interface RequestHead {
  readonly method: string;
  readonly protocol: "HTTP/1.0" | "HTTP/1.1";
  readonly fields: RequestFields;
  /** The client will ask again over this connection. */
  readonly isKept: boolean;
  /** It waits to be told to go on before it sends its body. */
  readonly expectsContinue: boolean;
}

/** Those that are registered, as node:http knows them. */
const KNOWN_METHODS = new Set(METHODS);

const CLOSE = /(?:^|,)[\t ]*close[\t ]*,/i;
const KEEP_ALIVE = /(?:^|,)[\t ]*keep-alive[\t ]*,/i;

const UPGRADE = /(?:^|,)[\t ]*upgrade[\t ]*,/i;

/** Whether a request may begin a WebSocket (RFC 6455, section 4.1). */
export const mayBeHandshake = ({ method, protocol, fields }: RequestHead): boolean =>
  method === "GET" && protocol === "HTTP/1.1" && !fields.hasBody && UPGRADE.test(fields.connection);

/**
 * @param text the head that the scanner found last, one character a byte
 * @throws {UnreadableRequest}
 */
export function readRequestHead(text: string, scanner: HeadScanner): RequestHead {
  const line = scanner.firstLine(text);
  const methodEnd = line.indexOf(" ");
  const targetEnd = line.indexOf(" ", methodEnd + 1);
  const method = line.slice(0, methodEnd);
  const protocol = line.slice(targetEnd + 1);
  if (methodEnd <= 0 || targetEnd <= methodEnd + 1) throw new UnreadableRequest("no request line");
  if (protocol !== "HTTP/1.1" && protocol !== "HTTP/1.0") throw new UnreadableRequest("a protocol other than HTTP/1.0 and HTTP/1.1");
  if (!KNOWN_METHODS.has(method)) throw new UnreadableRequest("a method that is not known");
  if (method === "CONNECT") throw new UnreadableRequest("CONNECT", 405);
  const isHttp11 = protocol === "HTTP/1.1";
  const fields = checkFields(line.slice(methodEnd + 1, targetEnd), scanner.headers(text), isHttp11 ? "1.1" : "1.0");
  if (typeof fields === "string") throw new UnreadableRequest(fields);
  const { connection, expectation } = fields;
  // RFC 9112, section 9.3.
  const isKept = connection === "" ? isHttp11 : !CLOSE.test(connection) && (isHttp11 || KEEP_ALIVE.test(connection));
  // HTTP/1.0 has no expectations, and whoever has no body to send waits for nothing (RFC 9110, section 10.1.1).
  const expects = isHttp11 && expectation !== undefined;
  if (expects && expectation.toLowerCase() !== "100-continue") throw new UnreadableRequest("an expectation that cannot be met", 417);
  const expectsContinue = expects && fields.hasBody;
  return { method, protocol, fields, isKept, expectsContinue };
}
