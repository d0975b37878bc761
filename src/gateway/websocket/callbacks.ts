// The management API of WebSocket APIs: what backends ask of connected clients
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).
import type { AccountThrottle } from "../../domain/limits.ts";
import { type CallbackOutcome, type ConnectionCallback, HolderUnreachable } from "../../ports/connections.ts";
import type { Counters } from "../../ports/counters.ts";
import { BodyAborted, BodyTooLarge, header, type HttpRequest, type HttpResponse } from "../../ports/http-server.ts";
import type { IdentityLookup } from "../../ports/identity-lookup.ts";
import type { Log } from "../../ports/log.ts";
import type { Refusal as SignatureRefusal } from "../../sigv4/index.ts";
import { type AccountStage, createAccountBuckets } from "../account-buckets.ts";
import type { Address } from "../address.ts";
import { decideAccess } from "../iam-decision.ts";
import type { Holder, InFlight } from "../in-flight.ts";
import type { PlanIndex, ServedStage } from "../plan-index.ts";
import type { Judged } from "../policy-request.ts";
import { notServed, Refusal } from "../rejection.ts";
import { claimedCaller, type ClaimedCaller, provenCaller } from "../signed-caller.ts";
import * as answer from "./callback-answer.ts";
import { type CallbackDelivery, deliver } from "./callback-delivery.ts";
import { type CallbackTarget, callbackTarget } from "./callback-target.ts";

/** A stage that callbacks are asked of. */
export interface CallbackStage extends AccountStage, ServedStage {
  /** Whether the API answers under its `execute-api` name at all. */
  readonly executeApiEndpoint: boolean;
}

export interface CallbackEndpoint {
  readonly plans: PlanIndex<CallbackStage>;
  readonly identities: IdentityLookup;
  readonly counters: Counters;
  /** What all APIs of an account in a region have together, callbacks included. */
  readonly accountThrottle: AccountThrottle;
  readonly inFlight: InFlight;
  readonly delivery: CallbackDelivery;
  readonly log: Log;
}

/** Of a message in either direction (limits.html, "WebSocket message size"). In bytes. */
const MESSAGE_BYTES = 128 * 1024;

interface Received extends Holder, Judged {
  readonly uuid: string;
  readonly address: Address;
  readonly target: CallbackTarget;
}

type Serve = (request: HttpRequest, address: Address, uuid: string, receivedAt: number) => HttpResponse | Promise<HttpResponse> | undefined;

/** Answers callbacks, and gives undefined for other requests to a WebSocket API. Never throws. */
export function createCallbacks({ plans, identities, counters, accountThrottle, inFlight, delivery, log }: CallbackEndpoint): Serve {
  const accountBucket = createAccountBuckets(accountThrottle);

  async function serve(received: Received): Promise<HttpResponse> {
    const { address, receivedAt, request, target, uuid } = received;
    const stage = stageAt(plans, address);
    if (stage === undefined || target.operation === undefined) throw new CallbackFailure(answer.FORBIDDEN);
    const claimed = claimedCaller(request, stage.region, receivedAt, identities);
    if (claimed.kind === "refused") throw refused(claimed);
    const data = request.hasBody ? await readBody(received) : EMPTY;
    authorize(received, stage, claimed, data);
    if (!counters.allow(accountBucket(stage), receivedAt)) throw new CallbackFailure(answer.LIMIT_EXCEEDED);
    const { operation, connectionId } = target;
    const { apiId, stageName } = stage;
    return answerOf(operation, await deliver(delivery, { operation, apiId, stageName, connectionId, data }, request.signal), uuid);
  }

  /** A signature covers the payload, so that it is read first. */
  async function readBody(received: Received): Promise<Buffer> {
    const announced = Number(header(received.headers, "content-length") ?? 0);
    if (announced > MESSAGE_BYTES) throw new CallbackFailure(answer.PAYLOAD_TOO_LARGE);
    // Chunked bodies announce nothing.
    inFlight.hold(received, announced === 0 ? MESSAGE_BYTES : announced);
    return received.request.readBody(MESSAGE_BYTES);
  }

  function errorOf(error: unknown): answer.CallbackError {
    if (error instanceof CallbackFailure) return error.answer;
    if (error instanceof BodyTooLarge) return answer.PAYLOAD_TOO_LARGE;
    if (error instanceof Refusal) return { status: error.status, errorType: error.errorType ?? answer.UNAVAILABLE.errorType, body: error.body };
    // The client has gone, and nobody reads the answer.
    if (error instanceof BodyAborted) return answer.UNAVAILABLE;
    if (error instanceof HolderUnreachable) {
      log.warn("a callback did not reach whoever holds the connection", { reason: error.message });
      return answer.UNAVAILABLE;
    }
    log.error("a callback failed on a bug", error);
    return answer.INTERNAL_ERROR;
  }

  return (request, address, uuid, receivedAt) => {
    const target = callbackTarget(address.path, request.method);
    if (target === undefined) return undefined;
    const { headers, remoteAddress } = request;
    const received: Received = { request, headers, address, target, uuid, receivedAt, sourceIp: remoteAddress.replace(/^::ffff:/, ""), reservedBytes: 0 };
    return serve(received)
      .catch((error: unknown) => answer.errorAnswer(errorOf(error), uuid))
      .finally(() => inFlight.release(received));
  };
}

const EMPTY = Buffer.alloc(0);

/** The stage that a request names; undefined where it names none that answers under this name. @throws {Refusal} 501 */
function stageAt(plans: PlanIndex<CallbackStage>, { apiId, customDomain, region, stageName }: Address): CallbackStage | undefined {
  if (customDomain?.refusal !== undefined) throw notServed(customDomain.refusal);
  const stage = plans.find(apiId, stageName);
  if (stage === undefined || !(stage.executeApiEndpoint || customDomain)) return undefined;
  return region === undefined || region === stage.region ? stage : undefined;
}

/** Why a callback is turned away. */
class CallbackFailure extends Error {
  override readonly name = "CallbackFailure";
  readonly answer: answer.CallbackError;

  constructor(given: answer.CallbackError) {
    super(given.errorType);
    this.answer = given;
  }
}

const refused = ({ code, message, explanation = "" }: SignatureRefusal): CallbackFailure => new CallbackFailure(answer.refusedSignature(code, message + explanation));

/**
 * Callers are the API's own account's, whom an identity's policy allows `execute-api:ManageConnections`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html).
 * @throws {CallbackFailure}
 */
function authorize(received: Received, stage: CallbackStage, claimed: ClaimedCaller, data: Buffer): void {
  const { receivedAt, request, target } = received;
  const caller = provenCaller(claimed, request, data, receivedAt);
  if (caller.kind === "refused") throw refused(caller);
  const { account, apiId, region, stageName } = stage;
  const method = `arn:aws:execute-api:${region}:${account}:${apiId}/${stageName}/${request.method}/@connections`;
  const decision = decideAccess(caller.identity, {
    action: "execute-api:ManageConnections",
    resources: [`${method}/${target.connectionId}`, `${method}/{connectionId}`],
    account,
    resourcePolicy: undefined,
    request: received,
  });
  if (decision.allowed) return;
  throw new CallbackFailure(answer.accessDenied(caller.identity.principal.arn, stage, request.method, decision.reason === "explicit"));
}

/** @throws {CallbackFailure} 410 */
function answerOf(operation: ConnectionCallback["operation"], outcome: CallbackOutcome, uuid: string): HttpResponse {
  if (outcome.kind === "gone") throw new CallbackFailure(answer.GONE);
  if (outcome.info !== undefined) return answer.infoAnswer(outcome.info, uuid);
  return answer.doneAnswer(operation === "DeleteConnection" ? 204 : 200, uuid);
}
