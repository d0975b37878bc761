// An answer where there is no request to answer through.
import type { Duplex } from "node:stream";

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Payload Too Large",
  417: "Expectation Failed",
  431: "Request Header Fields Too Large",
};

/** Says why bytes are not read on, over HTTP/1.1. */
export function refusal(status: number): string {
  const body = JSON.stringify({ message: REASONS[status] });
  return (
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  );
}

/** Says so, and ends the connection. */
export function refuse(socket: Duplex, status: number): void {
  if (socket.writable) socket.end(refusal(status), () => socket.destroy());
  else socket.destroy();
}
