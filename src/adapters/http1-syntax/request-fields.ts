// The target and the headers of a request, checked for what a lenient reading could turn into two different requests (RFC 9112).
import type { HeaderList } from "../../ports/http-server.ts";
import { isHost } from "./host.ts";

export interface RequestFields {
  /** Origin form. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly hasBody: boolean;
  /** The body's length in bytes; undefined when it comes in chunks, and when there is none. */
  readonly length: number | undefined;
  /** It asks for another protocol on this connection. */
  readonly asksUpgrade: boolean;
  /** What it asks of the connection: the values of Connection, each with a comma behind it. */
  readonly connection: string;
  readonly expectation: string | undefined;
}

/**
 * Target, headers and whether a body follows; a sentence when the request must be refused.
 * @param headers as they came: names that are tokens, values without forbidden characters
 * @param version `1.1` and the like
 */
export function checkFields(target: string, headers: HeaderList, version: string): RequestFields | string {
  let host: string | undefined;
  let length: string | undefined;
  let coding: string | undefined;
  let connection = "";
  let expectation: string | undefined;
  let asksUpgrade = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    // Most names are told apart by their length; only these are looked at.
    if (name.length === 4) {
      if (name.toLowerCase() !== "host") continue;
      if (host !== undefined) return "more than one Host header";
      host = value;
    } else if (name.length === 6) {
      if (name.toLowerCase() === "expect") expectation = expectation === undefined ? value : `${expectation}, ${value}`;
    } else if (name.length === 7) {
      asksUpgrade ||= name.toLowerCase() === "upgrade";
    } else if (name.length === 10) {
      if (name.toLowerCase() === "connection") connection += `${value},`;
    } else if (name.length === 14) {
      if (name.toLowerCase() !== "content-length") continue;
      if (length !== undefined) return "more than one Content-Length header";
      length = value;
    } else if (name.length === 17) {
      if (name.toLowerCase() !== "transfer-encoding") continue;
      if (coding !== undefined) return "more than one Transfer-Encoding header";
      coding = value;
    }
  }
  const fault = framingFault(version, host, length, coding);
  if (fault !== undefined) return fault;
  const announced = length === undefined ? undefined : Number(length);
  const hasBody = coding !== undefined || (announced !== undefined && announced > 0);
  if (target.includes("#")) return "a request target with a fragment";
  const head = { target, headers, hasBody, length: announced, asksUpgrade, connection, expectation };
  return target.startsWith("/") ? head : absoluteForm(head);
}

function framingFault(version: string, host?: string, length?: string, coding?: string): string | undefined {
  if (coding !== undefined) {
    if (length !== undefined) return "both Content-Length and Transfer-Encoding";
    if (coding.toLowerCase() !== "chunked") return "a transfer coding other than chunked";
    if (version !== "1.1") return "Transfer-Encoding before HTTP/1.1";
  }
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return "a Content-Length that is no number";
  if (!version.startsWith("1.")) return "a protocol version other than HTTP/1";
  // RFC 9112, section 3.2: one Host header, with a value that is a host and perhaps a port.
  if (host === undefined) return version === "1.1" ? "no Host header" : undefined;
  return isHost(host) ? undefined : "a Host header that is no host";
}

/** `GET http://host/path`: the target's host takes the place of the Host header (RFC 9112, section 3.2.2). */
function absoluteForm(head: RequestFields): RequestFields | string {
  const { target, headers } = head;
  const parts = /^https?:\/\/([^\s/?#@\\]+)(\/[^#]*|\?[^#]*)?$/i.exec(target);
  if (parts === null || !isHost(parts[1] as string)) return "a request target that is neither a path nor an http URL";
  const rest = parts[2] ?? "/";
  const withHost = ["Host", parts[1] as string];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.toLowerCase() !== "host") withHost.push(name, headers[i + 1] as string);
  }
  return { ...head, target: rest.startsWith("/") ? rest : `/${rest}`, headers: withHost };
}
