// Access logs of WebSocket APIs (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html).
import { type LogGroup, logGroupOf } from "../../domain/log-group.ts";
import type { WebSocketStage } from "../../domain/websocket-api.ts";
import { compileLogFormat, INTEGRATION_VARIABLES, type IntegrationFacts, type Variable, wholeMs } from "../log-format.ts";
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
  readonly integration: IntegrationFacts | undefined;
}

type Logged = Variable<LoggedWebSocketFacts>;

const VARIABLES: Readonly<Record<string, Logged>> = {
  ...INTEGRATION_VARIABLES,
  "authenticate.error": ({ event }) => event.authentication?.error,
  "authenticate.latency": ({ event }) => wholeMs(event.authentication?.latencyMs),
  "authenticate.status": ({ event }) => event.authentication?.status.toString(),
  "authorize.error": ({ event }) => event.authorization?.error,
  "authorize.latency": ({ event }) => wholeMs(event.authorization?.latencyMs),
  "authorize.status": ({ event }) => event.authorization?.status.toString(),
  "authorizer.error": ({ event }) => event.client.authorizer?.error,
  "authorizer.integrationLatency": ({ event }) => wholeMs(event.client.authorizer?.integrationLatencyMs),
  "authorizer.integrationStatus": ({ event }) => event.client.authorizer?.integrationStatus?.toString(),
  "authorizer.latency": ({ event }) => wholeMs(event.client.authorizer?.latencyMs),
  "authorizer.requestId": ({ event }) => event.client.authorizer?.integrationRequestId,
  "authorizer.status": ({ event }) => event.client.authorizer?.status.toString(),
  integrationStatus: INTEGRATION_VARIABLES["integration.status"],
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
