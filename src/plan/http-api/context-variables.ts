// `$context` variables of HTTP APIs that are known before a backend answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html).
import { commonLogTime, domainPrefix } from "../context-variables.ts";
import { lastHeader } from "../headers.ts";
import type { EarlyHttpFacts } from "./facts.ts";

export type HttpContextVariable = (facts: EarlyHttpFacts) => string | undefined;

const VARIABLES: Readonly<Record<string, HttpContextVariable>> = {
  accountId: ({ stage }) => stage?.account,
  apiId: ({ stage }) => stage?.apiId,
  "authorizer.error": ({ authorizer }) => authorizer?.error,
  "authorizer.principalId": ({ authorizer }) => authorizer?.principalId,
  "customDomain.basePathMatched": ({ basePathMatched }) => basePathMatched,
  domainName: ({ domainName }) => domainName,
  domainPrefix: ({ domainName }) => domainPrefix(domainName),
  extendedRequestId: ({ requestId }) => requestId,
  httpMethod: ({ httpMethod }) => httpMethod,
  "identity.accountId": ({ identity }) => identity?.accountId,
  "identity.caller": ({ identity }) => identity?.caller,
  "identity.sourceIp": ({ sourceIp }) => sourceIp,
  "identity.user": ({ identity }) => identity?.user,
  "identity.userAgent": ({ headers }) => lastHeader(headers, "user-agent"),
  "identity.userArn": ({ identity }) => identity?.userArn,
  path: ({ path }) => path,
  protocol: ({ protocol }) => protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ receivedAt }) => commonLogTime(receivedAt),
  requestTimeEpoch: ({ receivedAt }) => String(receivedAt),
  routeKey: ({ route }) => route?.routeKey,
  stage: ({ stage }) => stage?.stageName,
};

/** Variables that only kinds of callers give a value that no route has yet. */
const CALLERS =
  /^identity\.(?:cognitoAuthenticationProvider|cognitoAuthenticationType|cognitoIdentityId|cognitoIdentityPoolId|principalOrgId|clientCert\.(?:clientCertPem|subjectDN|issuerDN|serialNumber|validity\.notBefore|validity\.notAfter))$/;

const CLAIM = /^authorizer\.claims\.(.+)$/s;
const PROPERTY = /^authorizer\.(.+)$/s;

/** Reads a variable by its name without `$context.`; undefined when AWS has no such variable. */
export function httpContextVariable(name: string): HttpContextVariable | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  const claim = CLAIM.exec(name)?.[1];
  if (claim !== undefined) return ({ authorizer }) => ownText(authorizer?.claims, claim);
  const property = PROPERTY.exec(name)?.[1];
  // "Calling `$context.authorizer.claims` returns null."
  if (property !== undefined) return property === "claims" ? () => undefined : ({ authorizer }) => ownText(authorizer?.context, property);
  return CALLERS.test(name) ? () => undefined : undefined;
}

/** Lists and objects have no text of their own. */
function ownText(map: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
