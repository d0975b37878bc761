// The client's headers as a proxy integration passes them on: the rules applied, and what AWS adds.
import { lastHeader } from "../plan/index.ts";
import type { Received } from "./execution.ts";
import { receivedTraceIdOf } from "./execution.ts";
import type { HeaderRules } from "./header-rules.ts";
import { addHeader } from "./header-rules.ts";

/**
 * Adds them to a list; `X-Amzn-Trace-Id` and the `X-Forwarded-*` headers last, which the test of a method has not.
 * @param traceIdOf that of the request itself, unless the list is what a backend is sent
 */
export function addForwardedHeaders(list: string[], execution: Received, rules: HeaderRules, traceIdOf: (execution: Received) => string = receivedTraceIdOf): void {
  const { headers } = execution;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    addHeader(list, rules(name), name, headers[i + 1] as string);
  }
  if (execution.simulated) return;
  const before = lastHeader(headers, "X-Forwarded-For");
  list.push(
    "X-Amzn-Trace-Id",
    traceIdOf(execution),
    "X-Forwarded-For",
    before === undefined ? execution.sourceIp : `${before}, ${execution.sourceIp}`,
    "X-Forwarded-Port",
    portOf(execution),
    "X-Forwarded-Proto",
    execution.request.encrypted ? "https" : "http",
  );
}

/** The port that the client called. */
export function portOf({ headers, request }: Pick<Received, "headers" | "request">): string {
  const host = lastHeader(headers, "host") ?? "";
  if (host !== lastHost) {
    lastHost = host;
    lastPort = /:(\d+)$/.exec(host)?.[1];
  }
  return lastPort ?? (request.encrypted ? "443" : "80");
}

/** Mostly the same for the next request. */
let lastHost = "";
let lastPort: string | undefined;
