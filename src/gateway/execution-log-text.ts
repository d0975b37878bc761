// An execution's log in AWS's words. The lines of a whole log are shown, for a proxy and for a custom integration, in
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-develop.html and, with bodies, in
// .../getting-started-lambda-non-proxy-integration.html; those of failures are cited where they are made.
import type { HeaderList } from "../ports/http-server.ts";
import { queryOf } from "../plan/index.ts";
import { eventPath } from "./address.ts";
import { endpointRequestOf } from "./endpoint-request.ts";
import type { Execution, Integrated, Mapped, Routed } from "./execution.ts";
import type { NotedEvent } from "./execution-log.ts";
import { failureLine } from "./failure-line.ts";

/** What the client got. */
export interface LoggedAnswer {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** What a line tells: what goes on, what was sent and received as it is, or why the execution failed. */
export type LineKind = "info" | "trace" | "error";

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: LineKind;
  readonly text: string;
}

/** The whole log, each line with its time, of an execution that has found its method. */
export function executionLogText(execution: Execution, events: readonly NotedEvent[], answer: LoggedAnswer): string {
  let text = `Execution log for request ${execution.requestId}\n`;
  for (const line of executionLogLines(execution, events, answer, () => true)) text += `${logTime(line.at)} : ${truncated(line.text)}\n`;
  return text;
}

/** Lines of the kinds that are wanted; others are not even made. */
export function executionLogLines(
  execution: Execution,
  events: readonly NotedEvent[],
  answer: LoggedAnswer,
  wants: (kind: LineKind) => boolean,
): readonly LogLine[] {
  const lines: LogLine[] = [];
  const add = (at: number, parts: readonly Part[]): void => {
    for (const [kind, text] of parts) if (wants(kind)) lines.push({ at, kind, text: text() });
  };
  const { receivedAt } = execution;
  add(receivedAt, requestLines(execution as Routed));
  let sentAt = receivedAt;
  let failed = false;
  for (const { at, event } of events) {
    switch (event.type) {
      case "validated":
        add(at, [["info", () => `Request validation succeeded for content type ${event.mediaType}`]]);
        break;
      case "mapped":
        sentAt = at;
        add(at, endpointRequestLines(execution as Mapped));
        break;
      case "integrated":
        add(at, endpointResponseLines(execution as Integrated, execution.integrationLatencyMs ?? at - sentAt));
        break;
      case "failed":
        failed = true;
        add(at, failureLine(execution, event.error).map((text): Part => ["error", () => text]));
    }
  }
  add(answer.at, failed ? [] : responseLines(answer));
  add(answer.at, [["info", () => `Method completed with status: ${answer.status}`]]);
  return lines;
}

type Part = readonly [kind: LineKind, text: () => string];

function requestLines(execution: Routed): readonly Part[] {
  const { address, body, headers, httpMethod, method, pathValues, requestId } = execution;
  const pathParameters = (): readonly string[] =>
    method.variables.flatMap((name, index) => {
      const value = pathValues[index];
      return value === undefined ? [] : [name, value];
    });
  return [
    ["info", () => `Starting execution for request: ${requestId}`],
    // By a custom domain name, the whole path (github.com/brefphp/bref/issues/534 shows one).
    ["info", () => `HTTP Method: ${httpMethod}, Resource Path: ${eventPath(address)}`],
    ["trace", () => `Method request path: ${mapText(pathParameters())}`],
    ["trace", () => `Method request query string: ${mapText(queryOf(execution))}`],
    ["trace", () => `Method request headers: ${headersText(headers)}`],
    ["trace", () => `Method request body before transformations: ${textOf(body)}`],
  ];
}

/** Nothing is sent anywhere for a MOCK: its log goes on with the method response. */
function endpointRequestLines(execution: Mapped): readonly Part[] {
  const request = endpointRequestOf(execution);
  if (request === undefined) return [];
  const { uri, headers, body } = request;
  return [
    ["trace", () => `Endpoint request URI: ${uri}`],
    ["trace", () => `Endpoint request headers: ${headersText(headers)}`],
    ["trace", () => `Endpoint request body after transformations: ${textOf(body)}`],
    ["info", () => `Sending request to ${uri}`],
  ];
}

function endpointResponseLines(execution: Integrated, latencyMs: number): readonly Part[] {
  const { integrationBody, integrationHeaders, integrationRequest, integrationStatus } = execution;
  if (integrationRequest.type === "MOCK") return [];
  return [
    ["info", () => `Received response. Status: ${integrationStatus}, Integration latency: ${Math.round(latencyMs)} ms`],
    ["trace", () => `Endpoint response headers: ${headersText(integrationHeaders)}`],
    ["trace", () => `Endpoint response body before transformations: ${textOf(integrationBody)}`],
  ];
}

function responseLines({ headers, body }: LoggedAnswer): readonly Part[] {
  return [
    ["trace", () => `Method response body after transformations: ${textOf(body)}`],
    ["trace", () => `Method response headers: ${headersText(headers)}`],
    ["info", () => "Successfully completed execution"],
  ];
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Milliseconds since the epoch as `Thu Aug 31 01:07:25 UTC 2017`. */
export function logTime(ms: number): string {
  const time = new Date(ms);
  const [day, month] = [DAYS[time.getUTCDay()], MONTHS[time.getUTCMonth()]];
  return `${day} ${month} ${time.toISOString().slice(8, 10)} ${time.toISOString().slice(11, 19)} UTC ${time.getUTCFullYear()}`;
}

/** "Log events larger than 1024 bytes [...] will be truncated" (.../api-gateway-known-issues.html). */
const EVENT_BYTES = 1024;

/** As much of a payload as a log event can show, and more than fits where it is cut. */
export function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, EVENT_BYTES)).toString("utf8");
}

/** A log event as far as it goes, with a note when that is not to its end. */
export function truncated(event: string): string {
  // A byte for a UTF-16 unit at least, three at most.
  if (event.length * 3 <= EVENT_BYTES) return event;
  const bytes = Buffer.from(event, "utf8");
  if (bytes.length <= EVENT_BYTES) return event;
  let end = EVENT_BYTES;
  while (((bytes[end] as number) & 0xc0) === 0x80) end--;
  return `${bytes.toString("utf8", 0, end)} [TRUNCATED]`;
}

/** Names and values in turn as `{a=1, b=2}`, the values of one name joined by commas. */
export function mapText(list: readonly string[]): string {
  const map = new Map<string, string>();
  for (let i = 0; i < list.length; i += 2) {
    const [name, value] = [list[i] as string, list[i + 1] as string];
    const before = map.get(name);
    map.set(name, before === undefined ? value : `${before},${value}`);
  }
  return `{${[...map].map(([name, value]) => `${name}=${value}`).join(", ")}}`;
}

/**
 * "API Gateway redacts authorization headers, API key values, and similar sensitive request parameters from the logged
 * data" (.../set-up-logging.html).
 */
const SENSITIVE = new Set(["authorization", "proxy-authorization", "x-api-key"]);

/** How much of a secret is left readable at its end, as long as there is more before it. */
const SHOWN = 6;

export function headersText(headers: HeaderList): string {
  const isSecret = (index: number) => index % 2 === 1 && SENSITIVE.has((headers[index - 1] as string).toLowerCase());
  return mapText(headers.map((text, index) => (isSecret(index) ? masked(text) : text)));
}

/** Stars for all but the last six characters. */
export function masked(secret: string): string {
  const hidden = secret.length > SHOWN ? secret.length - SHOWN : secret.length;
  return "*".repeat(hidden) + secret.slice(hidden);
}
