// `$context` variables that are known before a backend answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
import type { StringMap } from "../domain/rest-api.ts";
import type { EarlyFacts, IamStepFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";

type ContextVariable = (facts: EarlyFacts) => string | undefined;

const VARIABLES: Readonly<Record<string, ContextVariable>> = {
  accountId: ({ stage }) => stage?.account,
  apiId: ({ stage }) => stage?.apiId,
  deploymentId: ({ stage }) => stage?.deploymentId,
  domainName: ({ domainName }) => domainName,
  domainPrefix: ({ domainName }) => domainPrefix(domainName),
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  httpMethod: ({ httpMethod }) => httpMethod,
  "identity.accessKey": ({ identity }) => identity?.accessKey,
  "identity.accountId": ({ identity }) => identity?.accountId,
  "identity.apiKey": ({ identity }) => identity?.apiKey,
  "identity.apiKeyId": ({ identity }) => identity?.apiKeyId,
  "identity.caller": ({ identity }) => identity?.caller,
  "identity.sourceIp": ({ sourceIp }) => sourceIp,
  "identity.user": ({ identity }) => identity?.user,
  "identity.userAgent": ({ headers, identity }) => identity?.userAgent ?? lastHeader(headers, "user-agent"),
  "identity.userArn": ({ identity }) => identity?.userArn,
  isCanaryRequest: ({ stage }) => stage?.isCanaryRequest?.toString(),
  path: ({ path }) => path,
  protocol: ({ protocol }) => protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ receivedAt }) => commonLogTime(receivedAt),
  requestTimeEpoch: ({ receivedAt }) => String(receivedAt),
  resourceId: ({ method }) => method?.resourceId,
  resourcePath: ({ method }) => method?.resourcePath,
  stage: ({ stage }) => stage?.stageName,
};

/** Variables that only kinds of callers give a value that no method has yet. */
const CALLERS = /^(?:awsEndpointRequestId|webaclArn|wafResponseCode|identity\.(?:clientCert\..+|cognito\w+|principalOrgId))$/;

const AUTHORIZER = "authorizer.";

/** Reads a variable by its name without `$context.`; undefined when AWS has no such variable. */
export function contextVariable(name: string): ContextVariable | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  if (name.startsWith(AUTHORIZER) && name.length > AUTHORIZER.length) return authorizerVariable(name.slice(AUTHORIZER.length));
  return CALLERS.test(name) ? () => undefined : undefined;
}

const CLAIM = /^claims(?:\.(?<name>.+)|\['(?<quoted>.+)'\])$/s;

/** A claim of a user pool's token, a Lambda authorizer's principal, or an entry of its context, which makes up no principal. */
function authorizerVariable(name: string): ContextVariable {
  const { name: plain, quoted: claim = plain } = CLAIM.exec(name)?.groups ?? {};
  if (claim !== undefined) return ({ authorizer }) => ownValue(authorizer?.claims ?? authorizer?.context, authorizer?.claims === undefined ? name : claim);
  if (name === "principalId") return ({ authorizer }) => authorizer?.principalId;
  const measured = name === "integrationLatency" ? integrationLatency : undefined;
  return (facts) => {
    return ownValue(facts.authorizer?.context, name) ?? measured?.(facts);
  };
}

function ownValue(map: StringMap | undefined, name: string): string | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Functions see it in their events beside the context, and so can templates. */
const integrationLatency: ContextVariable = ({ authorizer }) => authorizer?.integrationLatencyMs.toString();

const wholeMs = (step: IamStepFacts | undefined): string | undefined => (step === undefined ? undefined : String(Math.round(step.latencyMs)));

/** "Available only for access logging", says their section of the page. */
const LOGGED: Readonly<Record<string, ContextVariable>> = {
  "authenticate.error": ({ authentication }) => authentication?.error,
  "authenticate.latency": ({ authentication }) => wholeMs(authentication),
  "authenticate.status": ({ authentication }) => authentication?.status.toString(),
  "authorize.error": ({ authorization }) => authorization?.error,
  "authorize.latency": ({ authorization }) => wholeMs(authorization),
  "authorize.status": ({ authorization }) => authorization?.status.toString(),
  "authorizer.error": ({ authorizer }) => authorizer?.error,
  "authorizer.integrationLatency": integrationLatency,
  "authorizer.integrationStatus": ({ authorizer }) => authorizer?.integrationStatus?.toString(),
  "authorizer.latency": ({ authorizer }) => authorizer?.latencyMs.toString(),
  "authorizer.requestId": ({ authorizer }) => authorizer?.integrationRequestId,
  "authorizer.status": ({ authorizer }) => authorizer?.status.toString(),
  xrayTraceId: ({ trace }) => trace?.root,
};

/** The same for access logs, whose variables go before entries of an authorizer's context that have their names. */
export function loggedVariable(name: string): ContextVariable | undefined {
  return Object.hasOwn(LOGGED, name) ? LOGGED[name] : contextVariable(name);
}

/** The first label of the domain name. */
export function domainPrefix(domainName: string): string {
  const dot = domainName.indexOf(".");
  return dot < 0 ? domainName : domainName.slice(0, dot);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Milliseconds since the epoch as `04/Mar/2020:19:15:17 +0000`. */
export function commonLogTime(ms: number): string {
  const time = new Date(ms);
  const date = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));
