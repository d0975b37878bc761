// What each integration type does in the three steps around its backend.
import type { IntegrationPlan } from "../../plan/index.ts";
import type { ServiceCredentials, ServiceEndpoints } from "../../ports/aws-services.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Functions } from "../../ports/functions.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import type { HeaderList, HttpResponse } from "../../ports/http-server.ts";
import type { Loan } from "../../ports/loan.ts";
import type { Authorized, Integrated, IntegrationRequest, Mapped, ResponseStream } from "../execution.ts";
import type { GatewayLimits } from "../limits.ts";

/** What integrations reach their backends with. */
export interface Backends {
  readonly functions: Functions;
  readonly httpClient: HttpClient;
  readonly clock: Clock;
  readonly limits: GatewayLimits;
  readonly credentials: ServiceCredentials;
  readonly endpoints: ServiceEndpoints;
}

export interface IntegrationAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  /** Whole; empty where it is streamed. */
  readonly body: Buffer;
  /** What the body is held by, where it is lent. */
  readonly loan?: Loan | undefined;
  /** The payload as it arrives, where it is streamed. */
  readonly stream?: ResponseStream;
  readonly functionError?: "Handled" | "Unhandled" | undefined;
}

/** A response for the client, but for the headers that every answer has. */
export interface MethodResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: HttpResponse["body"];
}

export interface Integration<Plan extends IntegrationPlan> {
  /** The request to the backend. @throws {Rejection} */
  mapRequest(execution: Authorized, plan: Plan, backends: Backends): IntegrationRequest;
  /** Asks the backend. @throws {Rejection | UpstreamError} */
  call(execution: Mapped, plan: Plan, backends: Backends): IntegrationAnswer | Promise<IntegrationAnswer>;
  /** The response to the client. @throws {Rejection} */
  mapResponse(execution: Integrated, plan: Plan): MethodResponse;
}
