// What each integration type of HTTP APIs does with its backend.
import type { HttpIntegrationPlan } from "../../../plan/http-api/index.ts";
import type { HeaderList, HttpResponse } from "../../../ports/http-server.ts";
import type { Loan } from "../../../ports/loan.ts";
import type { Backends } from "../../integrations/integration.ts";
import type { HttpAuthorized } from "../execution.ts";

/** What integrations reach their backends with. */
export type HttpBackends = Backends;

/** What a backend has answered. */
export interface HttpIntegrationAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** What the body is held by, where it is lent. */
  readonly loan?: Loan | undefined;
  /** Set when a function failed: then the body is its error object. */
  readonly functionError?: "Handled" | "Unhandled" | undefined;
}

/** A response for the client, but for the headers that every answer has. */
export interface HttpRouteResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: HttpResponse["body"];
}

export interface HttpIntegration<Plan extends HttpIntegrationPlan> {
  /** Maps the request and asks the backend. @throws {HttpRejection | UpstreamError} */
  call(execution: HttpAuthorized, plan: Plan, backends: HttpBackends): Promise<HttpIntegrationAnswer>;
  /** The response to the client. @throws {HttpRejection} */
  mapResponse(execution: HttpAuthorized, answer: HttpIntegrationAnswer, plan: Plan): HttpRouteResponse;
}
