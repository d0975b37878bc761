// TestInvokeAuthorizer: asks an authorizer once, without a method that uses it and without a deployment
// (https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeAuthorizer.html).
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { AuthorizerTest, TestInvocations } from "../../ports/test-invocation.ts";
import { findAuthorizer } from "./authorizer.ts";
import type { ApiGatewayContext } from "./context.ts";
import { checkVariables } from "./stage-rules.ts";
import { headersOf } from "./test-invoke-method.ts";

/** `identity.sourceIp`, and no deeper than AWS has any. */
const CONTEXT_VARIABLE = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*){0,3}$/;

export function testInvokeAuthorizerOperations(context: ApiGatewayContext, { testAuthorizer }: TestInvocations) {
  return {
    async test(input: Model.TestInvokeAuthorizerRequest, call: Call): Promise<Model.TestInvokeAuthorizerResponse> {
      const { clientStatus, log, latencyMs, principalId, policy, claims } = await testAuthorizer(await testOf(context, input, call));
      return { clientStatus, log, latency: latencyMs, principalId, policy, claims };
    },
  };
}

/** @throws {ServiceError} NotFoundException, BadRequestException */
async function testOf(context: ApiGatewayContext, input: Model.TestInvokeAuthorizerRequest, call: Call): Promise<AuthorizerTest> {
  const { pathWithQueryString, body = "", stageVariables = {}, additionalContext = {} } = input;
  const { api, authorizer } = await findAuthorizer(context, input, call);
  checkVariables(stageVariables, context);
  const wrong = Object.keys(additionalContext).find((name) => !CONTEXT_VARIABLE.test(name));
  if (wrong !== undefined) throw badRequest(`Invalid context variable specified: ${wrong}`);
  return {
    api: api.value,
    authorizer: authorizer.value,
    pathWithQuery: pathWithQueryString || "/",
    headers: headersOf(input),
    body,
    stageVariables,
    additionalContext,
    tester: { account: call.account, accessKeyId: call.accessKeyId, userAgent: call.userAgent },
  };
}
