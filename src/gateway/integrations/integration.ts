// What each integration type does in the three steps around its backend.
import type { IntegrationPlan } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Functions } from "../../ports/functions.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import type { Authorized, Integrated, IntegrationRequest, Mapped } from "../execution.ts";
import type { GatewayLimits } from "../limits.ts";

/** What integrations reach their backends with. */
export interface Backends {
  readonly functions: Functions;
  readonly httpClient: HttpClient;
  readonly clock: Clock;
  readonly limits: GatewayLimits;
}

export interface IntegrationAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly functionError?: "Handled" | "Unhandled" | undefined;
}

/** A response for the client, but for the headers that every answer has. */
export interface MethodResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array | string;
}

export interface Integration<Plan extends IntegrationPlan> {
  /** The request to the backend. @throws {Rejection} */
  mapRequest(execution: Authorized, plan: Plan, backends: Backends): IntegrationRequest;
  /** Asks the backend. @throws {Rejection} */
  call(execution: Mapped, plan: Plan, backends: Backends): IntegrationAnswer | Promise<IntegrationAnswer>;
  /** The response to the client. @throws {Rejection} */
  mapResponse(execution: Integrated, plan: Plan): MethodResponse;
}
