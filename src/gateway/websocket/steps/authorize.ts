// Whether a client may connect: what the authorizer of `$connect` says
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html).
import type { Step } from "../../pipeline.ts";
import { Rejection } from "../../rejection.ts";
import type { WebSocketAuthorized, WebSocketExecution, WebSocketRouted } from "../execution.ts";
import { authorizeByFunction, type WebSocketFunctionAuthorizing } from "./authorize-by-function.ts";
import { authorizeBySignature, type WebSocketSignatureAuthorizing } from "./authorize-by-signature.ts";

export interface WebSocketAuthorizing extends WebSocketFunctionAuthorizing, WebSocketSignatureAuthorizing {}

/** @throws {Rejection} UNAUTHORIZED, ACCESS_DENIED, or why nobody can say */
export function authorize(authorizing: WebSocketAuthorizing): Step<WebSocketRouted, WebSocketAuthorized> {
  return (routed) => {
    const { authorizer } = routed.route;
    if (authorizer === undefined) {
      (routed as WebSocketExecution).principal = "anonymous";
      return routed as WebSocketAuthorized;
    }
    switch (authorizer.type) {
      case "REQUEST":
        return authorizeByFunction(routed, authorizer, authorizing);
      case "IAM":
        return authorizeBySignature(routed, authorizing);
      case "CLOSED":
        throw new Rejection("AUTHORIZER_CONFIGURATION_ERROR", { reason: authorizer.reason });
    }
  };
}
