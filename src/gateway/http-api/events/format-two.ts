// Events of payload format 2.0: what there is none of is left out
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.proxy-format
// and .../http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format).
import type { CallerIdentity, HttpAuthorizerFacts } from "../../../plan/index.ts";
import { allHeaders, commonLogTime, domainPrefix, lastHeader } from "../../../plan/index.ts";
import type { HttpAuthorized, HttpRouted } from "../execution.ts";
import { eventBody } from "./event-body.ts";
import { eventHeaders } from "./event-headers.ts";
import { type EventRequest, mappedRequest, pathParameters, requestItself } from "./event-request.ts";

/** What a Lambda integration's function gets. */
export function integrationEventTwo(authorized: HttpAuthorized): object {
  const { pathParameters: parameters, requestContext, stageVariables, ...request } = requestOf(authorized, mappedRequest(authorized));
  const { body, isBase64Encoded = false } = eventBody(authorized) ?? {};
  return { version: "2.0", ...request, requestContext, body, pathParameters: parameters, isBase64Encoded, stageVariables };
}

/** What a Lambda authorizer's function gets. @param identities null where the authorizer looks at none */
export const authorizerEventTwo = (routed: HttpRouted, routeArn: string, identities: readonly string[] | null): object => ({
  version: "2.0",
  type: "REQUEST",
  routeArn,
  identitySource: identities,
  ...requestOf(routed, requestItself(routed)),
});

/** Members without a value do not get into JSON. */
function requestOf(routed: HttpRouted, request: EventRequest) {
  const { route, stage } = routed;
  return {
    routeKey: route.routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    cookies: cookiesOf(request),
    headers: headersOf(routed, request),
    queryStringParameters: joinedQuery(request),
    requestContext: contextOf(routed, request),
    pathParameters: pathParameters(routed),
    stageVariables: Object.keys(stage.stageVariables).length === 0 ? undefined : stage.stageVariables,
  };
}

function contextOf(routed: HttpRouted, { path }: EventRequest): object {
  const { authorizer, domainName, headers, httpMethod, identity, protocol, receivedAt, requestId, route, sourceIp, stage } = routed;
  return {
    accountId: stage.account,
    apiId: stage.apiId,
    authorizer: identity === undefined ? authorizer && authorizerOf(authorizer) : { iam: signerOf(identity) },
    domainName,
    domainPrefix: domainPrefix(domainName),
    http: { method: httpMethod, path, protocol, sourceIp, userAgent: lastHeader(headers, "user-agent") ?? "" },
    requestId,
    routeKey: route.routeKey,
    stage: stage.stageName,
    time: commonLogTime(receivedAt),
    timeEpoch: receivedAt,
  };
}

function authorizerOf({ claims, context, scopes }: HttpAuthorizerFacts): object {
  return claims === undefined ? { lambda: context ?? null } : { jwt: { claims, scopes: scopes ?? null } };
}

/** As users show it (github.com/anomalyco/guide/pull/706). There are no organizations, and no identity pools. */
const signerOf = ({ accessKey, accountId, caller, user, userArn }: CallerIdentity): object => ({
  accessKey, accountId, callerId: caller, cognitoIdentity: null, principalOrgId: null, userArn, userId: user,
});

/** Each cookie for itself: they are no header any more. */
function cookiesOf({ headers }: EventRequest): readonly string[] | undefined {
  const cookies = allHeaders(headers, "cookie")?.flatMap((header) => header.split(";").map((cookie) => cookie.trim()));
  return cookies?.filter((cookie) => cookie !== "");
}

/** "Duplicate headers are combined with commas." */
function headersOf(routed: HttpRouted, { headers }: EventRequest): Readonly<Record<string, string>> {
  const joined = Object.create(null) as Record<string, string>;
  for (const [name, values] of eventHeaders(routed, headers, (each) => each)) if (name !== "cookie") joined[name] = values.join(",");
  return joined;
}

/** "Duplicate query strings are combined with commas." */
function joinedQuery({ query }: EventRequest): Readonly<Record<string, string>> | undefined {
  if (query.length === 0) return undefined;
  const parameters = Object.create(null) as Record<string, string>;
  for (let i = 0; i < query.length; i += 2) {
    const name = query[i] as string;
    const before = parameters[name];
    parameters[name] = before === undefined ? (query[i + 1] as string) : `${before},${query[i + 1]}`;
  }
  return parameters;
}
