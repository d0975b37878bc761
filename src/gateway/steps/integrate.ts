// The three steps around a method's backend. What they do is the business of its integration type.
import type { IntegrationPlan } from "../../plan/index.ts";
import type { Answered, Authorized, Execution, Integrated, Mapped } from "../execution.ts";
import type { InFlight } from "../in-flight.ts";
import { awsService } from "../integrations/aws-service.ts";
import { http } from "../integrations/http.ts";
import { httpProxy } from "../integrations/http-proxy.ts";
import { httpProxyStream } from "../integrations/http-proxy-stream.ts";
import { throwAsRejection } from "../integrations/http-request.ts";
import type { Backends, Integration, IntegrationAnswer } from "../integrations/integration.ts";
import { lambda } from "../integrations/lambda.ts";
import { lambdaProxy } from "../integrations/lambda-proxy.ts";
import { lambdaProxyStream } from "../integrations/lambda-proxy-stream.ts";
import { mock } from "../integrations/mock.ts";
import type { Step } from "../pipeline.ts";
import { configurationError } from "../rejection.ts";

const INTEGRATIONS: {
  readonly [Type in Exclude<IntegrationPlan["type"], "BROKEN">]: Integration<Extract<IntegrationPlan, { type: Type }>>;
} = {
  MOCK: mock,
  HTTP: http,
  HTTP_PROXY: httpProxy,
  HTTP_PROXY_STREAM: httpProxyStream,
  AWS: lambda,
  AWS_SERVICE: awsService,
  AWS_PROXY: lambdaProxy,
  AWS_PROXY_STREAM: lambdaProxyStream,
};

/** @throws {Rejection} API_CONFIGURATION_ERROR for a plan that cannot work. */
function integrationOf(plan: IntegrationPlan): Integration<IntegrationPlan> {
  if (plan.type === "BROKEN") throw configurationError(plan.reason);
  return INTEGRATIONS[plan.type];
}

/** Makes the request to the backend. */
export function mapRequest(backends: Backends): Step<Authorized, Mapped> {
  return (authorized) => {
    const plan = authorized.method.integration;
    (authorized as Execution).integrationRequest = integrationOf(plan).mapRequest(authorized, plan, backends);
    authorized.log?.note({ type: "mapped" });
    return authorized as Mapped;
  };
}

/** Asks the backend and notes what it answered, and how long that took. @param elapsed a clock that only measures, in milliseconds */
export function callBackend(backends: Backends, inFlight: InFlight, elapsed: () => number): Step<Mapped, Integrated> {
  return (mapped) => {
    const plan = mapped.method.integration;
    const startedAt = elapsed();
    const answer = integrationOf(plan).call(mapped, plan, backends);
    if (!(answer instanceof Promise)) return noteAnswer(mapped, answer);
    const execution = mapped as Execution;
    execution.integrationStartedAt = startedAt;
    const arrived = (later: IntegrationAnswer): Integrated => {
      execution.integrationLatencyMs = elapsed() - startedAt;
      inFlight.hold(mapped, later.body.length);
      return noteAnswer(mapped, later);
    };
    return answer.then(arrived, throwAsRejection);
  };
}

function noteAnswer(mapped: Mapped, answer: IntegrationAnswer): Integrated {
  const execution = mapped as Execution;
  execution.integrationStatus = answer.status;
  execution.integrationHeaders = answer.headers;
  execution.integrationBody = answer.body;
  execution.integrationLoan = answer.loan;
  execution.integrationStream = answer.stream;
  execution.functionError = answer.functionError;
  execution.log?.note({ type: "integrated" });
  return execution as Integrated;
}

/** Makes the response to the client. */
export function mapResponse(integrated: Integrated): Answered {
  const plan = integrated.method.integration;
  const response = integrationOf(plan).mapResponse(integrated, plan);
  const execution = integrated as Execution;
  execution.status = response.status;
  execution.responseHeaders = response.headers;
  execution.responseBody = response.body;
  return execution as Answered;
}
