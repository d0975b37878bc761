// The callers of a route with AWS_IAM: those who have signed their request, and whom IAM's policies allow the route. HTTP APIs have no
// resource policies, so that callers of other accounts assume a role of the API's
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html).
import { decideAccess } from "../../iam-decision.ts";
import type { InFlight } from "../../in-flight.ts";
import type { GatewayLimits } from "../../limits.ts";
import { callerIdentity, claimedCaller, type ClaimedCaller, provenCaller } from "../../signed-caller.ts";
import type { IdentityLookup } from "../../../ports/identity-lookup.ts";
import type { HttpAuthorized, HttpExecution, HttpRouted } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";
import { routeArns } from "../route-arn.ts";
import { readBody } from "./receive-body.ts";

export interface HttpSignatureAuthorizing {
  readonly identities: IdentityLookup;
  readonly limits: GatewayLimits;
  readonly inFlight: InFlight;
}

/**
 * A signature covers the payload, so that the body is read first, unless what is said of the caller cannot be true whatever it is.
 * @throws {HttpRejection} ACCESS_DENIED, whatever is wrong; as {@link readBody}
 */
export function authorizeBySignature(routed: HttpRouted, { identities, inFlight, limits }: HttpSignatureAuthorizing): HttpAuthorized | Promise<HttpAuthorized> {
  const { receivedAt, request, stage } = routed;
  const claimed = claimedCaller(request, stage.region, receivedAt, identities);
  if (claimed.kind === "refused") throw denied(claimed.message);
  // "Clients must use Signature Version 4"; version 4a is for REST APIs.
  if (claimed.signed.algorithm !== "AWS4-HMAC-SHA256") throw denied(`HTTP APIs know no signatures by ${claimed.signed.algorithm}`);
  if (!request.hasBody) return proven(routed, claimed);
  return readBody(routed, limits, inFlight).then(() => proven(routed, claimed));
}

function proven(routed: HttpRouted, claimed: ClaimedCaller): HttpAuthorized {
  const caller = provenCaller(claimed, routed.request, routed.body, routed.receivedAt);
  if (caller.kind === "refused") throw denied(caller.message);
  const execution = routed as HttpExecution;
  execution.identity = callerIdentity(caller.identity);
  const resources = routeArns(routed);
  const decision = decideAccess(caller.identity, {
    action: "execute-api:Invoke", resources, account: routed.stage.account, resourcePolicy: undefined, request: routed,
  });
  if (!decision.allowed) throw denied(`${caller.identity.principal.arn} is not authorized to perform: execute-api:Invoke on resource: ${resources[0] as string}`);
  execution.principal = "authorized";
  return execution as HttpAuthorized;
}

const denied = (reason: string): HttpRejection => new HttpRejection("ACCESS_DENIED", { reason });
