// Access logs of REST APIs (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html). The variables
// are those of .../api-gateway-variables-for-access-logging.html.
import type { LogGroup } from "../domain/log-group.ts";
import { canaryLogGroup, logGroupOf } from "../domain/log-group.ts";
import type { Stage } from "../domain/rest-api.ts";
import { loggedVariable } from "./context-variables.ts";
import type { EarlyFacts } from "./facts.ts";
import type { RejectionFacts } from "./gateway-response-template.ts";
import { compileLogFormat, INTEGRATION_VARIABLES, type IntegrationFacts, type Variable, wholeMs } from "./log-format.ts";
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

type LoggedVariable = Variable<LoggedFacts>;

const VARIABLES: Readonly<Record<string, LoggedVariable>> = {
  ...INTEGRATION_VARIABLES,
  "customDomain.basePathMatched": ({ basePathMatched }) => basePathMatched,
  "customDomain.routingRuleIdMatched": ({ routingRuleIdMatched }) => routingRuleIdMatched,
  "error.message": ({ error }) => error?.message ?? undefined,
  "error.messageString": ({ error }) => (error === undefined ? undefined : JSON.stringify(error.message)),
  "error.responseType": ({ error }) => error?.responseType,
  "error.validationErrorString": ({ error }) => error?.validationErrors,
  responseLatency: ({ responseLatencyMs }) => wholeMs(responseLatencyMs),
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

/** The format of a REST API's stage as a function. */
export const compileAccessLogFormat = (format: string): ((facts: LoggedFacts) => string) => compileLogFormat(format, variable);

/** The access log of a stage, or of its canary; undefined unless it has both a destination and a format. */
export function compileAccessLog({ accessLogSettings }: Stage, isCanary: boolean): AccessLogPlan | undefined {
  const { destinationArn = "", format = "" } = accessLogSettings ?? {};
  const group = logGroupOf(destinationArn);
  if (group === undefined || format === "") return undefined;
  return Object.freeze({ groups: isCanary ? [group, canaryLogGroup(group)] : [group], line: compileAccessLogFormat(format) });
}
