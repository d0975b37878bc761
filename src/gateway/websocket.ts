// The way of a client's connection through a WebSocket API, on one screen: how it begins, each of its messages, and its end. Steps
// turn an event away by throwing; here is the only catch.
import type { WebSocketClient } from "../plan/websocket/index.ts";
import { lastHeader } from "../plan/index.ts";
import type { HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log, LogFields } from "../ports/log.ts";
import type { AcceptedHandshake, HandshakeDecision, WebSocketClosing, WebSocketConnection } from "../ports/websocket.ts";
import { type Address, hostOf } from "./address.ts";
import type { InFlight } from "./in-flight.ts";
import type { Backends } from "./integrations/integration.ts";
import { pipeline } from "./pipeline.ts";
import { Refusal, Rejection } from "./rejection.ts";
import { extendedRequestId } from "./request-ids.ts";
import { refusalOf, refusedHandshake, type WebSocketRefusal } from "./websocket/answer.ts";
import { disconnectFacts, UNSUPPORTED_DATA } from "./websocket/closing.ts";
import { newConnectionId } from "./websocket/connection-id.ts";
import type { ConnectionRegistry } from "./websocket/connections.ts";
import { newWebSocketExecution, type WebSocketAnswered, type WebSocketEvent, type WebSocketExecution } from "./websocket/execution.ts";
import { createWebSocketObserver, type WebSocketObservation } from "./websocket/observe.ts";
import { authorize, type WebSocketAuthorizing } from "./websocket/steps/authorize.ts";
import { integrate } from "./websocket/steps/integrate.ts";
import { NoDisconnectRoute, routeConnect, routeDisconnect, routeMessage, type WebSocketPlans } from "./websocket/steps/route.ts";
import { createWebSocketThrottles, type WebSocketThrottling } from "./websocket/steps/throttle.ts";
import { requireParameters, validateMessage } from "./websocket/steps/validate.ts";

export interface WebSocketPipeline extends Backends, WebSocketAuthorizing, WebSocketThrottling, WebSocketObservation {
  readonly plans: WebSocketPlans;
  readonly connections: ConnectionRegistry;
  /** The number of this process among those that hold connections: ids of connections have it. */
  readonly holder: number;
  readonly inFlight: InFlight;
  readonly ids: Ids;
  readonly log: Log;
}

/** Decides of a handshake with a WebSocket API, and serves the connection. Never throws. */
export function createWebSocketPipeline(gateway: WebSocketPipeline): (request: HttpRequest, address: Address) => Promise<HandshakeDecision> {
  const { clock, connections, elapsed, holder, ids, inFlight, log, plans } = gateway;
  const observer = createWebSocketObserver(gateway);
  const throttles = createWebSocketThrottles(gateway);
  const toBackend = integrate(gateway, inFlight, elapsed);

  const connect = pipeline(routeConnect(plans), authorize(gateway), requireParameters, throttles.connect, toBackend);
  const message = pipeline(routeMessage(plans), throttles.message, validateMessage, toBackend);
  const disconnect = pipeline(routeDisconnect(plans), toBackend);

  const begin = (event: WebSocketEvent): WebSocketExecution => newWebSocketExecution(event, ids.uuid(), clock.now(), elapsed());

  function finish(answered: WebSocketAnswered): WebSocketAnswered {
    inFlight.release(answered);
    observer.conclude(answered, answered.status);
    return answered;
  }

  /** Why the event goes no further. */
  function fail(execution: WebSocketExecution, error: unknown): WebSocketRefusal {
    inFlight.release(execution);
    const refusal = refusalOf(execution, rejectionOf(execution, error));
    observer.conclude(execution, refusal.status, error);
    return refusal;
  }

  function rejectionOf(execution: WebSocketExecution, error: unknown): Rejection {
    if (error instanceof Refusal) return new Rejection("RESOURCE_NOT_FOUND", { status: error.status, message: error.status === 403 ? "Forbidden" : "Service Unavailable" });
    if (!(error instanceof Rejection)) {
      log.error("an event failed on a bug", error, factsOf(execution));
      return new Rejection("API_CONFIGURATION_ERROR");
    }
    const { details, type } = error;
    if (isOurFault(error)) log.warn("execution failed", { ...factsOf(execution), type, reason: details.reason });
    return error;
  }

  async function decide(request: HttpRequest, address: Address): Promise<HandshakeDecision> {
    const client = newClient(request, clock.now(), holder);
    const { apiId, rawQuery, stageName } = address;
    const execution = begin({ eventType: "CONNECT", client, apiId, stageName, request, address, headers: request.headers, rawQuery });
    try {
      const answered = finish(await connect(execution));
      return answered.status >= 200 && answered.status < 300 ? accepted(answered) : refusedByBackend(answered);
    } catch (error) {
      // There is no such stage, whose log could tell of it.
      if (error instanceof Refusal && execution.stage === undefined) return { status: error.status, headers: ["Content-Type", error.contentType], body: error.body };
      return refusedHandshake(execution, fail(execution, error));
    }
  }

  function accepted({ apiId, client, responseHeaders, stageName }: WebSocketAnswered): AcceptedHandshake {
    const of = { client, apiId, stageName };
    return {
      subprotocol: lastHeader(responseHeaders, "sec-websocket-protocol"),
      headers: [],
      opened(socket) {
        connections.add({ ...of, socket });
        return {
          message: (data) => (typeof data === "string" ? serveMessage(of, socket, data) : socket.close(UNSUPPORTED_DATA, "Unsupported data")),
          closed: (closing) => serveEnd(of, closing),
        };
      },
    };
  }

  async function serveMessage(of: Pick<WebSocketEvent, "client" | "apiId" | "stageName">, socket: WebSocketConnection, data: string): Promise<void> {
    const execution = begin({ eventType: "MESSAGE", ...of, messageId: extendedRequestId(ids.uuid()), body: Buffer.from(data, "utf8") });
    try {
      const { responseBody } = finish(await message(execution));
      if (responseBody !== undefined) socket.send(responseBody);
    } catch (error) {
      socket.send(fail(execution, error).body);
    }
  }

  async function serveEnd(of: Pick<WebSocketEvent, "client" | "apiId" | "stageName">, closing: WebSocketClosing): Promise<void> {
    connections.remove(of.client.connectionId);
    const execution = begin({ eventType: "DISCONNECT", ...of, disconnect: disconnectFacts(closing) });
    try {
      finish(await disconnect(execution));
    } catch (error) {
      // "A best-effort event" (guide: apigateway-websocket-api-route-keys-connect-disconnect): nobody is there to be told.
      if (!(error instanceof NoDisconnectRoute)) fail(execution, error);
    }
  }

  return decide;
}

function newClient({ headers, remoteAddress }: HttpRequest, connectedAt: number, holder: number): WebSocketClient {
  return {
    connectionId: newConnectionId(holder),
    connectedAt,
    domainName: hostOf(lastHeader(headers, "host")),
    sourceIp: remoteAddress.replace(/^::ffff:/, ""),
    userAgent: lastHeader(headers, "user-agent"),
    identity: undefined,
    authorizer: undefined,
  };
}

/** "The connection will not be made": the client gets the backend's status, and what it says. */
function refusedByBackend({ requestId, responseBody = "", status }: WebSocketAnswered): HttpResponse {
  return { status, headers: ["Content-Type", "application/json", "x-amzn-RequestId", requestId], body: responseBody };
}

const isOurFault = ({ details, type }: Rejection): boolean => (details.status ?? 0) >= 500 || OUR_FAULTS.has(type);

/** What an API's developers have to see to. */
const OUR_FAULTS: ReadonlySet<Rejection["type"]> = new Set(["API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"]);

/** What tells one execution from another in the log. */
function factsOf({ apiId, client, requestId, route: found, stageName }: WebSocketExecution): LogFields {
  return { requestId, apiId, stage: stageName, route: found?.routeKey, connectionId: client.connectionId };
}
