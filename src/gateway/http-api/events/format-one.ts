// Events of payload format 1.0, much like REST APIs': null stands for what there is none of
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.proxy-format
// and .../http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format). Where the guide's example is no request's
// that could have been, members are those of captured events (github.com/milliHQ/terraform-aws-next-js/pull/31): the path with
// its stage, the route's key as `resourceId`, `cognitoAmr`.
import type { HttpAuthorizerFacts } from "../../../plan/index.ts";
import { commonLogTime, domainPrefix, lastHeader } from "../../../plan/index.ts";
import { collect } from "../../integrations/lambda-event.ts";
import type { HttpAuthorized, HttpRouted } from "../execution.ts";
import { eventBody } from "./event-body.ts";
import { eventHeaders } from "./event-headers.ts";
import { type EventRequest, mappedRequest, pathParameters, requestItself } from "./event-request.ts";

/** What a Lambda integration's function gets. */
export function integrationEventOne(authorized: HttpAuthorized): object {
  const { httpMethod, route, stage } = authorized;
  const request = mappedRequest(authorized);
  const header = headersOf(authorized, request);
  const query = collect(request.query);
  const { body = null, isBase64Encoded = false } = eventBody(authorized) ?? {};
  return {
    version: "1.0",
    resource: route.path,
    path: request.path,
    httpMethod,
    headers: header.single,
    multiValueHeaders: header.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    requestContext: contextOf(authorized, request),
    pathParameters: pathParameters(authorized) ?? null,
    stageVariables: Object.keys(stage.stageVariables).length === 0 ? null : stage.stageVariables,
    body,
    isBase64Encoded,
  };
}

/** What a Lambda authorizer's function gets: empty maps where there is nothing. @param identities null where the authorizer looks at none */
export function authorizerEventOne(routed: HttpRouted, methodArn: string, identities: readonly string[] | null): object {
  const { httpMethod, route, stage } = routed;
  const request = requestItself(routed);
  const token = identities && identities.join(",");
  return {
    version: "1.0",
    type: "REQUEST",
    methodArn,
    identitySource: token,
    authorizationToken: token,
    resource: route.path,
    path: request.path,
    httpMethod,
    headers: headersOf(routed, request).single,
    queryStringParameters: collect(request.query).single ?? {},
    pathParameters: pathParameters(routed) ?? {},
    stageVariables: stage.stageVariables,
    requestContext: contextOf(routed, request),
  };
}

function contextOf(routed: HttpRouted, { path }: EventRequest): object {
  const { authorizer, domainName, httpMethod, protocol, receivedAt, requestId, route, stage } = routed;
  return {
    accountId: stage.account,
    apiId: stage.apiId,
    ...(authorizer && { authorizer: authorizerOf(authorizer) }),
    domainName,
    domainPrefix: domainPrefix(domainName),
    extendedRequestId: requestId,
    httpMethod,
    identity: identityOf(routed),
    path,
    protocol,
    requestId,
    requestTime: commonLogTime(receivedAt),
    requestTimeEpoch: receivedAt,
    resourceId: route.routeKey,
    resourcePath: route.path,
    stage: stage.stageName,
  };
}

/** A token's claims; or what a function has said, beside `claims`, which is "a reserved placeholder". */
function authorizerOf({ claims, context, principalId, scopes }: HttpAuthorizerFacts): object {
  const members = { ...context, ...(principalId !== undefined && { principalId }), claims: claims ?? null, scopes: scopes ?? null };
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Nobody is known to Cognito. */
function identityOf({ headers, identity, sourceIp }: HttpRouted): object {
  return {
    accessKey: identity?.accessKey ?? null,
    accountId: identity?.accountId ?? null,
    caller: identity?.caller ?? null,
    cognitoAmr: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp,
    user: identity?.user ?? null,
    userAgent: lastHeader(headers, "user-agent") ?? null,
    userArn: identity?.userArn ?? null,
  };
}

/** "Header names are lowercased", but for these, as captured events of clients of HTTP/2 have them. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "content-length": "Content-Length",
  "content-type": "Content-Type",
  host: "Host",
  "user-agent": "User-Agent",
  "x-amzn-trace-id": "X-Amzn-Trace-Id",
  "x-forwarded-for": "X-Forwarded-For",
  "x-forwarded-port": "X-Forwarded-Port",
  "x-forwarded-proto": "X-Forwarded-Proto",
};

const spelled = (name: string): string => (Object.hasOwn(SPELLINGS, name) ? (SPELLINGS[name] as string) : name);

/** The last value of each header, and all of them. */
function headersOf(routed: HttpRouted, { headers }: EventRequest) {
  const single = Object.create(null) as Record<string, string>;
  const multi = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, values] of eventHeaders(routed, headers, spelled)) {
    single[name] = values.at(-1) as string;
    multi[name] = values;
  }
  return { single, multi };
}
