// Access logs: a stage's format, compiled to a function that makes the line of a request
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html). The variables are those of
// .../api-gateway-variables-for-access-logging.html.
import type { LogGroup } from "../domain/log-group.ts";
import { canaryLogGroup, logGroupOf } from "../domain/log-group.ts";
import type { Stage } from "../domain/rest-api.ts";
import { loggedVariable } from "./context-variables.ts";
import type { EarlyFacts } from "./facts.ts";
import type { RejectionFacts } from "./gateway-response-template.ts";
import type { Overrides } from "./mapping-template/index.ts";

export interface AccessLogPlan {
  /** Where the lines go: for a canary's requests, to the stage's group and its own. */
  readonly groups: readonly LogGroup[];
  /** The line of a request, without an end. */
  line(facts: LoggedFacts): string;
}

/** A request once it has been answered: what only an access log can speak of. */
export interface LoggedFacts {
  readonly request: EarlyFacts & { readonly overrides: Overrides | undefined };
  /** Of the answer to the client. */
  readonly status: number;
  /** Of its payload, in bytes. */
  readonly responseLength: number;
  /** From the request's arrival to the answer, in milliseconds. */
  readonly responseLatencyMs: number;
  /** Why a gateway response was the answer. */
  readonly error: RejectionFacts | undefined;
  /** Undefined where no backend was asked. */
  readonly integration: IntegrationFacts | undefined;
  /** Of a custom domain name's mapping. */
  readonly basePathMatched: string | undefined;
  /** Of a custom domain name's routing rule. */
  readonly routingRuleIdMatched: string | undefined;
}

export interface IntegrationFacts {
  /** Undefined where nothing outside was asked: MOCK. */
  readonly latencyMs: number | undefined;
  /** What the backend, or the service that runs it, has answered. */
  readonly integrationStatus: number | undefined;
  /** The same, but for a proxied function that of its own answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly error: string | undefined;
}

type Variable<Facts> = (facts: Facts) => string | undefined;
type LoggedVariable = Variable<LoggedFacts>;

const whole = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : String(Math.round(ms)));

const integrationError: LoggedVariable = ({ integration }) => integration?.error;
const integrationLatency: LoggedVariable = ({ integration }) => whole(integration?.latencyMs);
const integrationRequestId: LoggedVariable = ({ integration }) => integration?.requestId;
const integrationStatus: LoggedVariable = ({ integration }) => integration?.integrationStatus?.toString();

const VARIABLES: Readonly<Record<string, LoggedVariable>> = {
  awsEndpointRequestId: integrationRequestId,
  "customDomain.basePathMatched": ({ basePathMatched }) => basePathMatched,
  "customDomain.routingRuleIdMatched": ({ routingRuleIdMatched }) => routingRuleIdMatched,
  "error.message": ({ error }) => error?.message ?? undefined,
  "error.messageString": ({ error }) => (error === undefined ? undefined : JSON.stringify(error.message)),
  "error.responseType": ({ error }) => error?.responseType,
  "error.validationErrorString": ({ error }) => error?.validationErrors,
  "integration.error": integrationError,
  "integration.integrationStatus": integrationStatus,
  "integration.latency": integrationLatency,
  "integration.requestId": integrationRequestId,
  "integration.status": ({ integration }) => integration?.status?.toString(),
  integrationErrorMessage: integrationError,
  integrationLatency,
  integrationStatus,
  responseLatency: ({ responseLatencyMs }) => whole(responseLatencyMs),
  responseLength: ({ responseLength }) => String(responseLength),
  "responseOverride.status": ({ request }) => request.overrides?.response.status,
  status: ({ status }) => String(status),
};

const OVERRIDE = /^(requestOverride\.(?:header|querystring|path)|responseOverride\.header)\.(.+)$/;

/** A variable by its name without `$context.`; undefined when AWS has no such variable. */
function variable(name: string): LoggedVariable | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  const [, map, key] = OVERRIDE.exec(name) ?? [];
  if (map !== undefined && key !== undefined) return overridden(map, key);
  const read = loggedVariable(name);
  return read && (({ request }) => read(request));
}

function overridden(map: string, key: string): LoggedVariable {
  const [side, kind] = map.split(".") as [string, "header" | "querystring" | "path"];
  return ({ request: { overrides } }) => {
    if (overrides === undefined) return undefined;
    const found = (side === "responseOverride" ? overrides.response.header : overrides.request[kind]).get(key)?.value;
    return typeof found === "object" ? found.join(",") : found;
  };
}

/** `$context.a.b`; names below `authorizer` are those of claims too (`cognito:username`, `['custom:x']`), overridden ones those of headers. */
const REFERENCE = /\$context\.(authorizer\.claims\['[^']*'\]|authorizer(?:\.[\w:-]*\w)+|re(?:quest|sponse)Override(?:\.[\w-]*\w)+|\w+(?:\.\w+)*)/g;

/** What AWS prints for what has no value, and for variables that it does not know. */
const NOTHING = "-";

/** Brings its own quotes. */
const QUOTED = "error.messageString";

type Piece<Facts> = string | Variable<Facts>;

/** The format of a REST API's stage as a function. */
export const compileAccessLogFormat = (format: string): ((facts: LoggedFacts) => string) => compileLogFormat(format, variable);

/**
 * A format as a function. A newline at its end is that of the line. Values are escaped as in JSON strings, whatever the
 * format (github.com/DataBiosphere/azul/issues/4348 shows User-Agent headers with quotes in lines of JSON).
 * @param variableOf reads a variable by its name without `$context.`; undefined when AWS has no such variable
 */
export function compileLogFormat<Facts>(format: string, variableOf: (name: string) => Variable<Facts> | undefined): (facts: Facts) => string {
  const text = format.replace(/\n$/, "");
  const pieces: Piece<Facts>[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const name = match[1] as string;
    const read = variableOf(name);
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push(read === undefined ? NOTHING : name === QUOTED ? quoted(read) : escaped(read));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return (facts) => {
    let line = "";
    for (const piece of pieces) line += typeof piece === "string" ? piece : piece(facts);
    return line;
  };
}

const quoted =
  <Facts>(read: Variable<Facts>): Variable<Facts> =>
  (facts) =>
    read(facts) ?? NOTHING;

/** What a JSON string cannot hold as it is, and the line ends that some readers see besides. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /["\\\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const LINE_ENDS = /[\u007f\u0085\u2028\u2029]/g;

function escaped<Facts>(read: Variable<Facts>): Variable<Facts> {
  return (facts) => {
    const value = read(facts);
    if (value === undefined || value === "") return NOTHING;
    return UNSAFE.test(value) ? escape(value) : value;
  };
}

const escape = (value: string): string =>
  JSON.stringify(value)
    .slice(1, -1)
    .replace(LINE_ENDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The access log of a stage, or of its canary; undefined unless it has both a destination and a format. */
export function compileAccessLog({ accessLogSettings }: Stage, isCanary: boolean): AccessLogPlan | undefined {
  const { destinationArn = "", format = "" } = accessLogSettings ?? {};
  const group = logGroupOf(destinationArn);
  if (group === undefined || format === "") return undefined;
  return Object.freeze({ groups: isCanary ? [group, canaryLogGroup(group)] : [group], line: compileAccessLogFormat(format) });
}
