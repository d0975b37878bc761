// Access logs of WebSocket APIs (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html).
import { type LogGroup, logGroupOf } from "../../domain/log-group.ts";
import type { WebSocketStage } from "../../domain/websocket-api.ts";
import { compileLogFormat } from "../access-log.ts";
import { webSocketVariable } from "./context-variables.ts";
import type { EarlyWebSocketFacts } from "./facts.ts";

export interface WebSocketAccessLogPlan {
  readonly group: LogGroup;
  /** The line of an event, without an end. */
  line(facts: LoggedWebSocketFacts): string;
}

/** An event once it has been dealt with. */
export interface LoggedWebSocketFacts {
  readonly event: EarlyWebSocketFacts;
  readonly status: number;
  /** Undefined where no backend was asked. */
  readonly integration: WebSocketIntegrationFacts | undefined;
}

export interface WebSocketIntegrationFacts {
  /** In milliseconds; undefined where it did not answer. */
  readonly latencyMs: number | undefined;
  /** What the backend, or Lambda, has answered. */
  readonly integrationStatus: number | undefined;
  /** The same, but for a function behind a proxy that of its own answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly error: string | undefined;
}

type Logged = (facts: LoggedWebSocketFacts) => string | undefined;

const whole = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : String(Math.round(ms)));

const integrationError: Logged = ({ integration }) => integration?.error;
const integrationLatency: Logged = ({ integration }) => whole(integration?.latencyMs);
const integrationRequestId: Logged = ({ integration }) => integration?.requestId;
const status: Logged = ({ integration }) => integration?.status?.toString();

const VARIABLES: Readonly<Record<string, Logged>> = {
  "authenticate.error": ({ event }) => event.authentication?.error,
  "authenticate.latency": ({ event }) => whole(event.authentication?.latencyMs),
  "authenticate.status": ({ event }) => event.authentication?.status.toString(),
  "authorize.error": ({ event }) => event.authorization?.error,
  "authorize.latency": ({ event }) => whole(event.authorization?.latencyMs),
  "authorize.status": ({ event }) => event.authorization?.status.toString(),
  "authorizer.error": ({ event }) => event.client.authorizer?.error,
  "authorizer.integrationLatency": ({ event }) => whole(event.client.authorizer?.integrationLatencyMs),
  "authorizer.integrationStatus": ({ event }) => event.client.authorizer?.integrationStatus?.toString(),
  "authorizer.latency": ({ event }) => whole(event.client.authorizer?.latencyMs),
  "authorizer.requestId": ({ event }) => event.client.authorizer?.integrationRequestId,
  "authorizer.status": ({ event }) => event.client.authorizer?.status.toString(),
  awsEndpointRequestId: integrationRequestId,
  "integration.error": integrationError,
  "integration.integrationStatus": ({ integration }) => integration?.integrationStatus?.toString(),
  "integration.latency": integrationLatency,
  "integration.requestId": integrationRequestId,
  "integration.status": status,
  integrationErrorMessage: integrationError,
  integrationLatency,
  integrationStatus: status,
  status: (facts) => String(facts.status),
};

/** Of web ACLs, which no stage has yet. */
const NOT_TAKEN = /^waf\.(?:error|latency|status)$/;

function variable(name: string): Logged | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  if (NOT_TAKEN.test(name)) return () => undefined;
  const read = webSocketVariable(name);
  return read && (({ event }) => read(event));
}

/** Undefined unless the stage has both a destination and a format. */
export function compileWebSocketAccessLog(settings: WebSocketStage["accessLogSettings"]): WebSocketAccessLogPlan | undefined {
  const { destinationArn = "", format = "" } = settings ?? {};
  const group = logGroupOf(destinationArn);
  return group === undefined || format === "" ? undefined : Object.freeze({ group, line: compileLogFormat(format, variable) });
}
