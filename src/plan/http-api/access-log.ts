// Access logs of HTTP APIs (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html).
import type { HttpStage } from "../../domain/http-api.ts";
import type { LogGroup } from "../../domain/log-group.ts";
import { logGroupOf } from "../../domain/log-group.ts";
import { compileLogFormat, INTEGRATION_VARIABLES, type IntegrationFacts, type Variable, wholeMs } from "../log-format.ts";
import { httpContextVariable } from "./context-variables.ts";
import type { EarlyHttpFacts } from "./facts.ts";

export interface HttpAccessLogPlan {
  readonly group: LogGroup;
  /** The line of a request, without an end. */
  line(facts: LoggedHttpFacts): string;
}

/** A request once it has been answered. */
export interface LoggedHttpFacts {
  readonly request: EarlyHttpFacts;
  /** Of the answer to the client. */
  readonly status: number;
  /** Of its payload, in bytes. */
  readonly responseLength: number;
  /** Of both payloads, in bytes. */
  readonly dataProcessed: number;
  /** From the request's arrival to the answer, in milliseconds. */
  readonly responseLatencyMs: number;
  /** Why the gateway answered by itself. */
  readonly error: HttpErrorFacts | undefined;
  /** Undefined where no backend was asked. */
  readonly integration: HttpIntegrationFacts | undefined;
}

export interface HttpErrorFacts {
  readonly message: string;
  /** `$context.error.responseType` */
  readonly responseType: string;
}

export interface HttpIntegrationFacts extends IntegrationFacts {
  readonly extendedRequestId: string | undefined;
}

type Logged = Variable<LoggedHttpFacts>;

const VARIABLES: Readonly<Record<string, Logged>> = {
  ...INTEGRATION_VARIABLES,
  awsEndpointRequestId2: ({ integration }) => integration?.extendedRequestId,
  dataProcessed: ({ dataProcessed }) => String(dataProcessed),
  "error.message": ({ error }) => error?.message,
  "error.messageString": ({ error }) => (error === undefined ? undefined : JSON.stringify(error.message)),
  "error.responseType": ({ error }) => error?.responseType,
  responseLatency: ({ responseLatencyMs }) => wholeMs(responseLatencyMs),
  responseLength: ({ responseLength }) => String(responseLength),
  status: ({ status }) => String(status),
};

function variable(name: string): Logged | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  const read = httpContextVariable(name);
  return read && (({ request }) => read(request));
}

/** Undefined unless the stage has both a destination and a format. */
export function compileHttpAccessLog(settings: HttpStage["accessLogSettings"]): HttpAccessLogPlan | undefined {
  const { destinationArn = "", format = "" } = settings ?? {};
  const group = logGroupOf(destinationArn);
  return group === undefined || format === "" ? undefined : Object.freeze({ group, line: compileLogFormat(format, variable) });
}
