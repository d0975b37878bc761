// Whether the caller may call the route, by whoever the route leaves that to.
import type { Step } from "../../pipeline.ts";
import type { HttpAuthorized, HttpExecution, HttpRouted } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";

/** @throws {HttpRejection} UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE */
export function authorize(): Step<HttpRouted, HttpAuthorized> {
  return (routed) => {
    const execution = routed as HttpExecution;
    const { authorizer } = routed.route;
    if (authorizer === undefined) {
      execution.principal = "anonymous";
      return execution as HttpAuthorized;
    }
    switch (authorizer.type) {
      case "CLOSED":
        throw new HttpRejection("ACCESS_DENIED", { reason: authorizer.reason });
    }
  };
}
