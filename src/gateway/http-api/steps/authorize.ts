// Whether the caller may call the route, by whoever the route leaves that to. Each kind of authorizer has its file beside this
// one; whatever goes wrong turns the request away.
import type { HttpLambdaAuthorizerPlan } from "../../../plan/http-api/index.ts";
import type { Cache } from "../../../ports/cache.ts";
import { createAuthorizerCache } from "../../authorizer-cache.ts";
import type { Step } from "../../pipeline.ts";
import { type HttpAuthorizerResult, parseHttpAuthorizerResult } from "../authorizer-result.ts";
import type { HttpAuthorized, HttpExecution, HttpRouted } from "../execution.ts";
import type { FunctionCaller } from "../function-call.ts";
import { HttpRejection } from "../rejection.ts";
import { authorizeByFunction } from "./authorize-by-function.ts";
import { authorizeBySignature, type HttpSignatureAuthorizing } from "./authorize-by-signature.ts";
import { authorizeByToken, type HttpTokenAuthorizing } from "./authorize-by-token.ts";

export interface HttpAuthorizing extends HttpSignatureAuthorizing, HttpTokenAuthorizing, FunctionCaller {
  readonly cache: Cache;
}

/** @throws {HttpRejection} UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE */
export function authorize(parts: HttpAuthorizing): Step<HttpRouted, HttpAuthorized> {
  const results = createAuthorizerCache<HttpLambdaAuthorizerPlan, HttpAuthorizerResult>(parts.cache, parseHttpAuthorizerResult);
  const authorizing = { ...parts, results };
  return (routed) => {
    const { authorizer } = routed.route;
    if (authorizer === undefined) return admitted(routed);
    switch (authorizer.type) {
      case "JWT":
        return authorizeByToken(routed, authorizer, authorizing);
      case "REQUEST":
        return authorizeByFunction(routed, authorizer, authorizing);
      case "IAM":
        return authorizeBySignature(routed, authorizing);
      case "CLOSED":
        throw new HttpRejection("ACCESS_DENIED", { reason: authorizer.reason });
    }
  };
}

function admitted(routed: HttpRouted): HttpAuthorized {
  (routed as HttpExecution).principal = "anonymous";
  return routed as HttpAuthorized;
}
