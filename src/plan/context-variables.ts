// `$context` variables that are known before authorization exists
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
import type { EarlyFacts } from "./facts.ts";
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

/** Variables that only an authorizer or another kind of caller gives a value; no method has one of these. */
const CALLERS = /^(?:authorizer\..+|awsEndpointRequestId|webaclArn|wafResponseCode|identity\.(?:clientCert\..+|cognito\w+|principalOrgId))$/;

/** Reads a variable by its name without `$context.`; undefined when AWS has no such variable. */
export function contextVariable(name: string): ContextVariable | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  return CALLERS.test(name) ? () => undefined : undefined;
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
