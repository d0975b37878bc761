// Whether the caller may call the route, by whoever the route leaves that to. Each kind of authorizer has its file beside this
// one; whatever goes wrong turns the request away.
import type { Step } from "../../pipeline.ts";
import type { HttpAuthorized, HttpExecution, HttpRouted } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";
import { authorizeByToken, type HttpTokenAuthorizing } from "./authorize-by-token.ts";

export type HttpAuthorizing = HttpTokenAuthorizing;

/** @throws {HttpRejection} UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE */
export function authorize(authorizing: HttpAuthorizing): Step<HttpRouted, HttpAuthorized> {
  return (routed) => {
    const { authorizer } = routed.route;
    if (authorizer === undefined) return admitted(routed);
    switch (authorizer.type) {
      case "JWT":
        return authorizeByToken(routed, authorizer, authorizing);
      case "CLOSED":
        throw new HttpRejection("ACCESS_DENIED", { reason: authorizer.reason });
    }
  };
}

function admitted(routed: HttpRouted): HttpAuthorized {
  (routed as HttpExecution).principal = "anonymous";
  return routed as HttpAuthorized;
}
