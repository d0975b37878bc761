// What a Lambda authorizer is asked
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html).
import { partitionOf } from "../domain/arn.ts";
import type { StringMap } from "../domain/rest-api.ts";
import { queryOf } from "../plan/index.ts";
import { eventPath } from "./address.ts";
import type { Routed } from "./execution.ts";
import { addForwardedHeaders } from "./forwarded-headers.ts";
import { REQUEST_RULES } from "./header-rules.ts";
import { collect, pathParameters, requestContext } from "./integrations/lambda-event.ts";
import { decoded } from "./path-segments.ts";

/** AWS's tests of authorizers give their ARNs this stage, and `test-invoke-stage` as the context's. */
const TESTED_STAGE = "ESTestInvoke-stage";

/** The event of a `TOKEN` authorizer. */
export const tokenEvent = (execution: Routed, authorizationToken: string): object => ({
  type: "TOKEN",
  methodArn: methodArn(execution),
  authorizationToken,
});

/** The event of a `REQUEST` authorizer. Unlike a proxy integration's it has empty maps where there is nothing. */
export function requestEvent(execution: Routed, additionalContext: StringMap): object {
  const { address, httpMethod, method, stage } = execution;
  const forwarded: string[] = [];
  addForwardedHeaders(forwarded, execution, REQUEST_RULES.lambda);
  const header = collect(forwarded);
  const query = collect(queryOf(execution));
  return {
    type: "REQUEST",
    methodArn: methodArn(execution),
    resource: method.resourcePath,
    path: eventPath(address),
    httpMethod,
    headers: header.single ?? {},
    multiValueHeaders: header.multi ?? {},
    queryStringParameters: query.single ?? {},
    multiValueQueryStringParameters: query.multi ?? {},
    pathParameters: pathParameters(execution) ?? {},
    stageVariables: stage.stageVariables,
    requestContext: withVariables(requestContext(execution), additionalContext),
  };
}

/** What a caller wants to call, with the path as it travelled (github.com/aws/chalice/issues/1775 has one with `:` in it). */
export const methodArn = (routed: Routed): string => arnOf(routed, routed.address.path);

/** The same, and behind it the ARN of the plainest spelling of the path, where that is another one. */
export function methodArns(routed: Routed): readonly string[] {
  const { path } = routed.address;
  const plain = plainest(path);
  return plain === path ? [methodArn(routed)] : [methodArn(routed), arnOf(routed, plain)];
}

function arnOf({ httpMethod, simulated, stage }: Routed, path: string): string {
  const { account, apiId, region, stageName } = stage;
  return `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${simulated ? TESTED_STAGE : stageName}/${httpMethod}${path}`;
}

/** What a path has that a plainer one of the same meaning has not. */
const ORNATE = /%|\/\/|\/\.|.\/$/;

/** A path as a backend may read it: without percent-encoding, empty segments and dots (RFC 3986, section 5.2.4), and without a slash at the end. */
export function plainest(path: string): string {
  if (!ORNATE.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split("/").map(decoded).join("/").split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/** The context with variables such as `identity.sourceIp` set. */
function withVariables(context: object, variables: StringMap): object {
  let result = context;
  for (const [name, value] of Object.entries(variables)) result = withVariable(result, name.split("."), value);
  return result;
}

function withVariable(object: object, [name = "", ...rest]: readonly string[], value: string): object {
  if (rest.length === 0) return { ...object, [name]: value };
  const inner: unknown = Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
  return { ...object, [name]: withVariable(typeof inner === "object" && inner !== null ? inner : {}, rest, value) };
}
