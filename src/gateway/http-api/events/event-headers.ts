// The headers of a request as functions of HTTP APIs see them: but for those of one connection, and with what AWS adds.
// Sorted by name, as captured events are; those of a GET have a `content-length` of 0.
import type { HeaderList } from "../../../domain/header-list.ts";
import { allHeaders, lastHeader } from "../../../plan/index.ts";
import { portOf } from "../../forwarded-headers.ts";
import type { HttpReceived } from "../execution.ts";
import { httpTraceId } from "../passed-headers.ts";

/** Of one connection (RFC 9110, 7.6.1). */
const OF_CONNECTION = ["connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];
/** The gateway says these of its own knowledge. */
const OWN = ["content-length", "host", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];
const LEFT_OUT = new Set([...OF_CONNECTION, ...OWN]);

/**
 * The values of each header.
 * @param headers the client's, or what they are mapped to
 * @param spelled what becomes of a name in lower case
 */
export function eventHeaders(received: HttpReceived, headers: HeaderList, spelled: (name: string) => string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (!LEFT_OUT.has(name)) add(values, spelled(name), headers[i + 1] as string);
  }
  for (const [name, value] of ownHeaders(received, headers)) add(values, spelled(name), value);
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function add(map: Map<string, string[]>, name: string, value: string): void {
  const values = map.get(name);
  if (values === undefined) map.set(name, [value]);
  else values.push(value);
}

function ownHeaders(received: HttpReceived, headers: HeaderList): (readonly [name: string, value: string])[] {
  const { body, domainName, request, sourceIp } = received;
  // An authorizer is asked before the body is read, and chunked bodies announce nothing.
  const length = body.length > 0 ? String(body.length) : (lastHeader(received.headers, "content-length") ?? (request.hasBody ? undefined : "0"));
  const before = allHeaders(headers, "x-forwarded-for") ?? [];
  return [
    ...(length === undefined ? [] : [["content-length", length] as const]),
    ["host", lastHeader(headers, "host") ?? domainName],
    ["x-amzn-trace-id", httpTraceId(received)],
    ["x-forwarded-for", [...before, sourceIp].join(", ")],
    ["x-forwarded-port", portOf(received)],
    ["x-forwarded-proto", request.encrypted ? "https" : "http"],
  ];
}
