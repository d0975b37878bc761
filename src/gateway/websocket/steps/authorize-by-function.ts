// Clients of an API with a Lambda authorizer: those whom its function's policy allows `$connect`
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html).
import type { AuthorizerFacts } from "../../../plan/index.ts";
import type { WebSocketLambdaAuthorizerPlan } from "../../../plan/websocket/index.ts";
import { evaluate } from "../../../policy/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import { FunctionCallError, type FunctionResult, type Functions } from "../../../ports/functions.ts";
import { type AuthorizerResult, parseAuthorizerResult } from "../../authorizer-result.ts";
import { functionErrorMessage } from "../../function-error.ts";
import { within } from "../../integrations/invoke-function.ts";
import { invocationOf } from "../../policy-request.ts";
import { Rejection } from "../../rejection.ts";
import { authorizerEvent, judgedHandshake, routeArn, traceIdOf } from "../events.ts";
import type { WebSocketAuthorized, WebSocketExecution, WebSocketRouted } from "../execution.ts";

export interface WebSocketFunctionAuthorizing {
  readonly functions: Functions;
  readonly clock: Clock;
  /** A clock that only measures, in milliseconds. */
  readonly elapsed: () => number;
}

type Known = Pick<AuthorizerFacts, "status" | "error"> & { readonly answer?: FunctionResult; readonly result?: AuthorizerResult };

/** Every client is asked for: results are not kept. @throws {Rejection} */
export async function authorizeByFunction(routed: WebSocketRouted, plan: WebSocketLambdaAuthorizerPlan, authorizing: WebSocketFunctionAuthorizing): Promise<WebSocketAuthorized> {
  const startedAt = authorizing.elapsed();
  const note = ({ answer, result, ...known }: Known): void => {
    const latencyMs = answer === undefined ? 0 : authorizing.elapsed() - startedAt;
    const authorizer: AuthorizerFacts = {
      principalId: result?.principalId,
      context: result?.context ?? {},
      usageIdentifierKey: result?.usageIdentifierKey,
      ...known,
      latencyMs,
      integrationLatencyMs: latencyMs,
      integrationStatus: answer?.status,
      integrationRequestId: answer?.requestId,
    };
    (routed as WebSocketExecution).client = { ...routed.client, authorizer };
  };
  if (!plan.identitySources.every((source) => (source(routed) ?? "") !== "")) {
    note({ status: 401, error: "Unauthorized" });
    throw new Rejection("UNAUTHORIZED");
  }
  const answer = await ask(routed, plan, authorizing).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    note({ status: 500, error: reason });
    throw error instanceof FunctionCallError ? new Rejection("AUTHORIZER_CONFIGURATION_ERROR", { reason, cause: error }) : error;
  });
  const result = resultOf(answer);
  if (result instanceof Rejection) {
    const isUnauthorized = result.type === "UNAUTHORIZED";
    note({ status: isUnauthorized ? 401 : 500, error: isUnauthorized ? "Unauthorized" : result.message, answer });
    throw result;
  }
  note({ status: 200, error: undefined, answer, result });
  return judged(routed, result);
}

function ask(routed: WebSocketRouted, plan: WebSocketLambdaAuthorizerPlan, { clock, functions }: WebSocketFunctionAuthorizing): Promise<FunctionResult> {
  const { byResourcePolicy, functionArn, sourceArn, timeoutMs } = plan;
  if (functionArn === undefined) return Promise.reject(new Rejection("AUTHORIZER_CONFIGURATION_ERROR", { reason: "The authorizer's URI leads to no function" }));
  const payload = Buffer.from(JSON.stringify(authorizerEvent(routed)), "utf8");
  const caller = { principal: "apigateway.amazonaws.com", sourceArn, sourceAccount: routed.stage.account };
  const invocation = { functionArn, type: "RequestResponse", payload, isJson: true, traceId: traceIdOf(routed), ...(byResourcePolicy ? { caller } : {}) } as const;
  return within(timeoutMs, clock, (signal) => functions.invoke({ ...invocation, signal }), (reason) => new Rejection("AUTHORIZER_FAILURE", { reason }));
}

/** What the function says, or why that is nothing to go by. `Unauthorized`, and nothing else, is its way to a 401. */
function resultOf({ functionError, payload }: FunctionResult): AuthorizerResult | Rejection {
  if (functionError !== undefined) {
    const message = functionErrorMessage(payload);
    if (message === "Unauthorized") return new Rejection("UNAUTHORIZED");
    return new Rejection("AUTHORIZER_CONFIGURATION_ERROR", { reason: `The authorizer's function has failed: ${message}` });
  }
  const result = parseAuthorizerResult(payload);
  return typeof result === "string" ? new Rejection("AUTHORIZER_CONFIGURATION_ERROR", { reason: result }) : result;
}

function judged(routed: WebSocketRouted, { policy }: AuthorizerResult): WebSocketAuthorized {
  const verdict = evaluate(policy, invocationOf(judgedHandshake(routed), routeArn(routed)));
  if (verdict === "Deny") throw new Rejection("ACCESS_DENIED", { message: "User is not authorized to access this resource with an explicit deny" });
  if (verdict !== "Allow") throw new Rejection("ACCESS_DENIED");
  (routed as WebSocketExecution).principal = "authorized";
  return routed as WebSocketAuthorized;
}
