// A test of a method: the steps of a request but admission, routing and authorization, with AWS's synthetic context
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html). The context's values and what
// requests and answers look like are those that functions and logs on AWS show of such tests.
import { partitionOf } from "../domain/arn.ts";
import { headerValue, lastHeader } from "../plan/index.ts";
import type { CallerIdentity, MethodPlan, RoutedMethod, StagePlan } from "../plan/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { HeaderList, HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Ids } from "../ports/ids.ts";
import type { Tester, TestInvocation, TestInvocationResult } from "../ports/test-invocation.ts";
import type { Execution } from "./execution.ts";
import { newExecution } from "./execution.ts";
import { recordExecution } from "./execution-log.ts";
import { executionLogText } from "./execution-log-text.ts";
import { parseLambdaResult } from "./integrations/lambda-result.ts";

export interface MethodTest {
  /** The working copy, compiled for the method that is tested. */
  readonly plan: StagePlan;
  /** Of the method's resource, as declared. */
  readonly resourcePath: string;
  readonly invocation: TestInvocation;
}

export interface MethodTesting {
  readonly serve: (execution: Execution) => HttpResponse | Promise<HttpResponse>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The largest answer that is kept, in bytes. */
  readonly payloadBytes: number;
}

/** Runs a method once. A failure of the method is an answer; it rejects only when the plan has no such method. */
export async function testMethod(testing: MethodTesting, test: MethodTest): Promise<TestInvocationResult> {
  const { serve, clock, ids, payloadBytes } = testing;
  const execution = newTest(test, ids.uuid(), clock.now());
  const log = recordExecution(clock);
  execution.log = log;
  const answer = await serve(execution);
  const body = await wholeBody(answer.body, payloadBytes);
  const at = clock.now();
  const failed = log.events.some(({ event }) => event.type === "failed");
  const headers = failed ? rejectionHeaders(execution, answer.headers) : methodHeaders(execution, answer.headers);
  const { status } = answer;
  return {
    status,
    headers,
    body,
    log: executionLogText(execution, log.events, { at, status, headers, body }),
    latencyMs: at - execution.receivedAt,
  };
}

/** A request that is not sent, to a method that is there. */
export interface SyntheticRequest {
  readonly plan: StagePlan;
  /** Of the method's resource, as declared. */
  readonly resourcePath: string;
  readonly invocation: Pick<TestInvocation, "httpMethod" | "pathWithQuery" | "headers" | "body" | "tester">;
}

/** Its execution, from the moment when it has found its method. */
export function newTest({ plan, resourcePath, invocation }: SyntheticRequest, requestId: string, receivedAt: number): Execution {
  const { path, rawQuery } = target(invocation.pathWithQuery);
  const { httpMethod, body, tester } = invocation;
  const { method, pathValues } = routed(plan, path, resourcePath, httpMethod);
  const address = { apiId: plan.apiId, region: plan.region, stageName: plan.stageName, isStageGiven: true, path, contextPath: resourcePath, rawQuery, customDomain: undefined };
  const execution = newExecution(requestOf(invocation), address, requestId, receivedAt);
  execution.simulated = true;
  execution.httpMethod = httpMethod;
  execution.domainName = "testPrefix.testDomainName";
  execution.identity = identityOf(tester, plan.region);
  execution.body = Buffer.from(body, "utf8");
  execution.stage = plan;
  execution.method = method;
  execution.pathValues = pathValues;
  execution.principal = "anonymous";
  return execution;
}

/** A path that is not of the resource's form gives its variables no values. */
function routed(plan: StagePlan, path: string, resourcePath: string, httpMethod: string): RoutedMethod {
  const match = plan.route(path, httpMethod);
  if (match !== undefined) return match;
  const method: MethodPlan | undefined = plan.route(resourcePath, httpMethod)?.method;
  if (method === undefined) throw new Error(`The plan has no method ${httpMethod} at ${resourcePath}`);
  return { method, pathValues: [] };
}

function requestOf({ headers, httpMethod, pathWithQuery }: SyntheticRequest["invocation"]): HttpRequest {
  return {
    method: httpMethod,
    target: pathWithQuery,
    headers: headers.map((text, index) => (index % 2 === 0 ? text : headerValue(text))),
    protocol: "HTTP/1.1",
    encrypted: true,
    remoteAddress: "test-invoke-source-ip",
    remotePort: 0,
    // It is there already.
    hasBody: false,
    signal: new AbortController().signal,
    readBody: () => Promise.resolve(Buffer.alloc(0)),
  };
}

/** As it would travel: what may not stand in a request line is percent-encoded. */
function target(pathWithQuery: string): { readonly path: string; readonly rawQuery: string } {
  const encoded = pathWithQuery.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
  const whole = encoded.startsWith("/") ? encoded : `/${encoded}`;
  const mark = whole.indexOf("?");
  return mark < 0 ? { path: whole, rawQuery: "" } : { path: whole.slice(0, mark), rawQuery: whole.slice(mark + 1) };
}

/** The tester calls, as the root user of the account: Gatehouse knows no other users yet. */
function identityOf({ account, accessKeyId, userAgent }: Tester, region: string): CallerIdentity {
  return {
    accountId: account,
    accessKey: accessKeyId,
    apiKey: "test-invoke-api-key",
    apiKeyId: "test-invoke-api-key-id",
    caller: account,
    user: account,
    userArn: `arn:${partitionOf(region)}:iam::${account}:root`,
    userAgent,
  };
}

async function wholeBody(body: HttpResponse["body"], limit: number): Promise<Buffer> {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

/**
 * The headers of the method response. What only the way to a client adds, or renames on it, is not there: the ids, the
 * other names of an HTTP proxy's headers, the Content-Type that a proxied function did not give.
 */
export function methodHeaders(execution: Execution, headers: HeaderList): HeaderList {
  const { integrationBody, integrationHeaders, method } = execution;
  const type = method?.integration.type;
  if (type?.startsWith("HTTP_PROXY") === true && integrationHeaders !== undefined) return integrationHeaders;
  const own = ownRemoved(execution, headers);
  if (type !== "AWS_PROXY" || integrationBody === undefined) return own;
  const given = parseLambdaResult(integrationBody)?.headers ?? [];
  return lastHeader(given, "content-type") === undefined ? withoutNames(own, ["content-type"]) : own;
}

/** The headers of a gateway response, likewise. */
export function rejectionHeaders(execution: Execution, headers: HeaderList): HeaderList {
  return withoutNames(ownRemoved(execution, headers), ["content-type", "x-amzn-trace-id"]);
}

function ownRemoved({ requestId, extendedRequestId }: Execution, headers: HeaderList): HeaderList {
  return headers.filter((_, index) => {
    const value = headers[index - (index % 2) + 1];
    return value !== requestId && value !== extendedRequestId;
  });
}

function withoutNames(headers: HeaderList, lowerCaseNames: readonly string[]): HeaderList {
  return headers.filter((_, index) => !lowerCaseNames.includes((headers[index - (index % 2)] as string).toLowerCase()));
}

