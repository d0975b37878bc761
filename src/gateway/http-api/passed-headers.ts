// Which headers pass between the client of an HTTP API and its HTTP backend. What is of one connection only stays behind (RFC
// 9110, 7.6.1); the gateway tells the backend of itself by Forwarded and Via
// (github.com/expressjs/session/issues/886 shows both), not by the X-Forwarded headers that REST APIs send.
import type { HeaderList } from "../../domain/header-list.ts";
import { lastHeader } from "../../plan/index.ts";
import { traceRoot } from "../request-ids.ts";
import type { HttpReceived } from "./execution.ts";

/** Of one connection, or the gateway's own. */
const OF_REQUESTS = new Set(["connection", "content-length", "expect", "forwarded", "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "via", "x-amzn-trace-id"]);
const OF_RESPONSES = new Set(["apigw-requestid", "connection", "content-length", "date", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]);

/** @param host the backend's; undefined where the client's own goes on */
export function passedRequestHeaders(received: HttpReceived, host: string | undefined): string[] {
  const { domainName, headers, request, sourceIp } = received;
  const clientHost = lastHeader(headers, "host") ?? domainName;
  const passed = ["Host", host ?? clientHost];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!OF_REQUESTS.has(name.toLowerCase())) passed.push(name, headers[i + 1] as string);
  }
  const before = lastHeader(headers, "forwarded");
  const by = request.localAddress === undefined ? "" : `by=${node(request.localAddress)};`;
  const hop = `${by}for=${node(sourceIp)};host=${clientHost};proto=${request.encrypted ? "https" : "http"}`;
  passed.push("Forwarded", before === undefined ? hop : `${before}, ${hop}`, "Via", viaOf(headers), "X-Amzn-Trace-Id", httpTraceId(received));
  return passed;
}

/** IPv6 addresses stand in brackets and quotes (RFC 7239, 6). */
const node = (address: string): string => (address.includes(":") ? `"[${address}]"` : address);

function viaOf(headers: HeaderList): string {
  const before = lastHeader(headers, "via");
  return before === undefined ? "HTTP/1.1 AmazonAPIGateway" : `${before}, HTTP/1.1 AmazonAPIGateway`;
}

/** The trace that the client began, or one that begins here. */
export function httpTraceId(received: HttpReceived): string {
  return (received.traceId ??= lastHeader(received.headers, "x-amzn-trace-id") ?? `Root=${traceRoot(received.uuid, received.receivedAt)}`);
}

/** An answer to HEAD has no payload of which its length could be told, so that it says what GET would get (RFC 9110, 9.3.2). */
export function passedResponseHeaders({ httpMethod }: Pick<HttpReceived, "httpMethod">, headers: HeaderList): string[] {
  const passed: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const lowerCase = name.toLowerCase();
    if (!OF_RESPONSES.has(lowerCase) || (lowerCase === "content-length" && httpMethod === "HEAD")) passed.push(name, headers[i + 1] as string);
  }
  return passed;
}
