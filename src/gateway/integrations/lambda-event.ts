// The event of a Lambda proxy integration, format 1.0
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
import type { AuthorizerFacts } from "../../plan/index.ts";
import { commonLogTime, domainPrefix, lastHeader, mediaTypeOf, queryOf } from "../../plan/index.ts";
import { eventPath } from "../address.ts";
import type { Authorized, Routed } from "../execution.ts";
import { addForwardedHeaders } from "../forwarded-headers.ts";
import { REQUEST_RULES } from "../header-rules.ts";

/** Names to values. */
type Single = Record<string, string>;
type Multi = Record<string, string[]>;

/**
 * Makes objects that inherit nothing, since names come from the client; unlike those of `Object.create(null)` they stay fast to
 * fill and to write as JSON.
 */
const Bag = function Bag() {} as unknown as new () => object;
Bag.prototype = Object.create(null);

/** The event as an object to be written as JSON: null wherever AWS has null. */
export function lambdaEvent(execution: Authorized): unknown {
  const { address, body, headers, httpMethod, method, stage } = execution;
  const binary = body.length > 0 && stage.binaryMediaTypes.includes(mediaTypeOf(lastHeader(headers, "content-type")));
  const forwarded: string[] = [];
  addForwardedHeaders(forwarded, execution, REQUEST_RULES.lambda);
  const header = collect(forwarded);
  const query = collect(queryOf(execution));
  return {
    resource: method.resourcePath,
    path: eventPath(address),
    httpMethod,
    headers: header.single,
    multiValueHeaders: header.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    pathParameters: pathParameters(execution),
    stageVariables: Object.keys(stage.stageVariables).length === 0 ? null : stage.stageVariables,
    requestContext: requestContext(execution),
    body: body.length === 0 ? null : body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: binary,
  };
}

/** The `requestContext` of events. */
export function requestContext(execution: Routed): object {
  const { authorizer, domainName, method, receivedAt, stage } = execution;
  return {
    resourceId: method.resourceId,
    ...(authorizer && { authorizer: authorizerOf(authorizer) }),
    resourcePath: method.resourcePath,
    httpMethod: execution.httpMethod,
    extendedRequestId: execution.extendedRequestId,
    requestTime: commonLogTime(receivedAt),
    path: execution.path,
    accountId: stage.account,
    protocol: execution.protocol,
    stage: stage.stageName,
    domainPrefix: domainPrefix(domainName),
    requestTimeEpoch: receivedAt,
    requestId: execution.requestId,
    identity: identityOf(execution),
    domainName,
    // The working copy that a test runs is no deployment.
    ...(execution.simulated ? {} : { deploymentId: stage.deploymentId }),
    apiId: stage.apiId,
  };
}

/** A token's claims; a Lambda authorizer's context, with the principal and how long its function took: 0 for a result from the cache. */
function authorizerOf({ claims, claimValues = claims, context, integrationLatencyMs, principalId }: AuthorizerFacts): object {
  if (claimValues !== undefined) return { claims: claimValues };
  return { integrationLatency: integrationLatencyMs, ...context, principalId };
}

/** The members that only some callers have are left out for the others. */
function identityOf({ headers, identity, sourceIp }: Routed): unknown {
  return {
    cognitoIdentityPoolId: null,
    accountId: identity?.accountId ?? null,
    cognitoIdentityId: null,
    ...(identity && { apiKey: identity.apiKey, apiKeyId: identity.apiKeyId }),
    caller: identity?.caller ?? null,
    sourceIp,
    principalOrgId: null,
    accessKey: identity?.accessKey ?? null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: identity?.userArn ?? null,
    userAgent: identity?.userAgent ?? lastHeader(headers, "user-agent") ?? null,
    user: identity?.user ?? null,
  };
}

/** Null for a resource without path variables. */
export function pathParameters({ method, pathValues }: Routed): Single | null {
  if (method.variables.length === 0) return null;
  const parameters: Single = new Bag() as Single;
  for (const [index, name] of method.variables.entries()) parameters[name] = pathValues[index] as string;
  return parameters;
}

/** The last value of each name, and all of them; both null for an empty list. */
export function collect(list: readonly string[]): { readonly single: Single | null; readonly multi: Multi | null } {
  if (list.length === 0) return { single: null, multi: null };
  const single: Single = new Bag() as Single;
  const multi: Multi = new Bag() as Multi;
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string;
    const value = list[i + 1] as string;
    single[name] = value;
    const values = multi[name];
    if (values === undefined) multi[name] = [value];
    else values.push(value);
  }
  return { single, multi };
}
