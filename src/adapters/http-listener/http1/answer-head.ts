// The head of an answer: what the handler gave, and the listener's own fields.
import { STATUS_CODES } from "node:http";
import type { HeaderList } from "../../../ports/http-server.ts";
import { FORBIDDEN_IN_VALUE, nameKinds } from "../../http1-syntax/index.ts";

/** Framing, connection and date are the listener's own. No trailers follow an answer, so that none are announced. */
const kindOf = nameKinds(
  new Map<string, "own">(
    ["connection", "content-length", "date", "keep-alive", "trailer", "transfer-encoding"].map((name) => [name, "own"]),
  ),
);

const statusLines = new Map<number, string>();

function statusLine(status: number): string {
  let line = statusLines.get(status);
  if (line === undefined) {
    line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
    statusLines.set(status, line);
  }
  return line;
}

/**
 * Status line and fields, without the empty line behind them.
 * @throws {TypeError} for a header that HTTP does not allow
 */
export function answerHead(status: number, headers: HeaderList): string {
  let head = statusLine(status);
  let values = "";
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    const kind = kindOf(name);
    if (kind === undefined) throw new TypeError(`${JSON.stringify(name)} is no name of a header`);
    if (kind === "own") continue;
    values += value;
    head += `${name}: ${value}\r\n`;
  }
  // All at once: it is the rule that nothing is wrong with any of them.
  if (FORBIDDEN_IN_VALUE.test(values)) throw new TypeError(`The header ${faultyName(headers)} has a character that headers cannot have`);
  return head;
}

function faultyName(headers: HeaderList): string | undefined {
  return headers.find((_, i) => i % 2 === 0 && FORBIDDEN_IN_VALUE.test(headers[i + 1] as string));
}

let dated = 0;
let date = "";

/** `Date: Sun, 06 Nov 1994 08:49:37 GMT`, made anew each second. */
export function dateLine(): string {
  const now = Date.now();
  if (now - dated >= 1000 || now < dated) {
    dated = now - (now % 1000);
    date = `Date: ${new Date(now).toUTCString()}\r\n`;
  }
  return date;
}
