// TestInvokeMethod: one request to a method as the API now is, without a deployment and without a caller's leave
// (https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html).
import type { Call } from "../../domain/call.ts";
import type { Definition } from "../../domain/definition.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { HTTP_METHODS } from "../../domain/http-method.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { Method, RestApiSnapshot } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { TestInvocation, TestInvocations } from "../../ports/test-invocation.ts";
import { namedClientCertificate } from "./client-certificate.ts";
import { type ApiGatewayContext, findResource } from "./context.ts";
import { findDefinition } from "./definition.ts";
import { snapshotOf } from "./snapshot.ts";
import { checkVariables } from "./stage-rules.ts";
import { unreachableTargets } from "./vpc-link-references.ts";

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export function testInvokeMethodOperations(context: ApiGatewayContext, { checkTest, testInvoke }: TestInvocations) {
  return {
    async test(input: Model.TestInvokeMethodRequest, call: Call): Promise<Model.TestInvokeMethodResponse> {
      const invocation = await testOf(context, input, call);
      const reasons = [...checkTest(invocation), ...(await unreachableTargets(context, testedAlone(invocation), call))];
      if (reasons.length > 0) throw badRequest(reasons.join("\n"));
      const { status, headers, body, log, latencyMs } = await testInvoke(invocation);
      return { status, body: body.toString("utf8"), ...headerMaps(headers), log, latency: latencyMs };
    },
  };
}

/** @throws {ServiceError} NotFoundException, BadRequestException */
async function testOf(context: ApiGatewayContext, input: Model.TestInvokeMethodRequest, call: Call): Promise<TestInvocation> {
  const { resourceId, httpMethod, clientCertificateId, stageVariables = {}, body = "" } = input;
  await findResource(context, input, call);
  const { definition } = await findDefinition(context, input, call);
  assertTestable(definition, resourceId, httpMethod);
  checkVariables(stageVariables, context);
  if (clientCertificateId) await namedClientCertificate(context, clientCertificateId, call);
  return {
    api: definition.api,
    snapshot: snapshotOf(definition),
    resourceId,
    httpMethod,
    pathWithQuery: input.pathWithQueryString || resourcePath(byId(definition.resources), resourceId),
    headers: headersOf(input),
    body,
    stageVariables,
    clientCertificateId: clientCertificateId || undefined,
    tester: { account: call.account, accessKeyId: call.accessKeyId, userAgent: call.userAgent },
  };
}

function testedAlone({ snapshot, resourceId, httpMethod }: TestInvocation): RestApiSnapshot {
  const method = methodFor(snapshot.methods, resourceId, httpMethod);
  return { ...snapshot, methods: method === undefined ? [] : [method] };
}

/** The verb's own method, else the one for any. */
function methodFor(methods: readonly Method[], resourceId: string, httpMethod: string): Method | undefined {
  const ofResource = methods.filter((method) => method.resourceId === resourceId);
  return ofResource.find((each) => each.httpMethod === httpMethod) ?? ofResource.find((each) => each.httpMethod === "ANY");
}

/** A request has a verb: `ANY` is tested by one of those that it stands for. */
function assertTestable({ methods }: Definition, resourceId: string, httpMethod: string): void {
  if (!HTTP_METHODS.has(httpMethod)) throw badRequest(`Invalid HttpMethod specified. Valid options are ${[...HTTP_METHODS].join(",")}`);
  const method = methodFor(methods, resourceId, httpMethod);
  if (method === undefined) throw notFound("Invalid Method identifier specified");
  if (method.methodIntegration === undefined) throw badRequest("No integration defined for method");
}

/** Names and values in turn. A name that is in both maps has the values of the second. @throws {ServiceError} BadRequestException */
export function headersOf({ headers = {}, multiValueHeaders = {} }: Pick<Model.TestInvokeMethodRequest, "headers" | "multiValueHeaders">): readonly string[] {
  const several = new Set(Object.keys(multiValueHeaders).map((name) => name.toLowerCase()));
  const list = Object.entries(headers).flatMap(([name, value]) => (several.has(name.toLowerCase()) ? [] : [name, value]));
  for (const [name, values] of Object.entries(multiValueHeaders)) for (const value of values) list.push(name, value);
  for (let i = 0; i < list.length; i += 2) {
    if (!HEADER_NAME.test(list[i] as string)) throw badRequest(`Invalid header name: ${list[i]}`);
  }
  return list;
}

/** The last value of each name, and all of them. */
function headerMaps(headers: readonly string[]): Pick<Model.TestInvokeMethodResponse, "headers" | "multiValueHeaders"> {
  const all = new Map<string, string[]>();
  for (let i = 0; i < headers.length; i += 2) {
    const values = all.get(headers[i] as string);
    if (values === undefined) all.set(headers[i] as string, [headers[i + 1] as string]);
    else values.push(headers[i + 1] as string);
  }
  return {
    headers: Object.fromEntries([...all].map(([name, values]) => [name, values.at(-1) as string])),
    multiValueHeaders: Object.fromEntries(all),
  };
}
