// A WebSocket API, deployed and compiled, for tests of the gateway, and clients of it.
import type { IncomingMessage } from "node:http";
import { type ClientOptions, WebSocket } from "ws";
import type { DataModel } from "../../src/domain/data-model.ts";
import type {
  WebSocketApiSnapshot,
  WebSocketAuthorizer,
  WebSocketIntegration,
  WebSocketIntegrationResponse,
  WebSocketRoute,
  WebSocketStage,
} from "../../src/domain/websocket-api.ts";
import { type BackendAccess, compileWebSocketStage, type WebSocketStagePlan } from "../../src/plan/index.ts";
import { startGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";

export const WEBSOCKET_API_ID = "w1b2c3d4e5";
export const WEBSOCKET_HOST = `${WEBSOCKET_API_ID}.execute-api.us-east-1.amazonaws.com`;

export interface WebSocketApiParts extends Partial<Pick<WebSocketApiSnapshot, "routeSelectionExpression" | "apiKeySelectionExpression" | "disableExecuteApiEndpoint">> {
  /** By route key. */
  readonly routes: Readonly<Record<string, WebSocketRouteParts>>;
  readonly authorizers?: readonly WebSocketAuthorizer[];
  /** Schemas by the names of their models. */
  readonly models?: Readonly<Record<string, object>>;
  readonly stage?: Partial<WebSocketStage>;
  readonly backends?: BackendAccess;
}

export interface WebSocketRouteParts extends Partial<Omit<WebSocketRoute, "routeId" | "routeKey" | "target" | "routeResponses">> {
  /** Whether clients get what the backend answers. */
  readonly twoWay?: boolean;
  readonly integration?: Partial<Omit<WebSocketIntegration, "integrationResponses">>;
  /** By their keys. */
  readonly responses?: Readonly<Record<string, Partial<WebSocketIntegrationResponse>>>;
}

export function webSocketStage({ routes, authorizers = [], models = {}, stage, backends, ...api }: WebSocketApiParts): WebSocketStagePlan {
  const entries = Object.entries(routes).map(([routeKey, { integration, responses = {}, twoWay = false, ...route }], i) => {
    const integrationId = `i${i}`;
    return {
      route: {
        routeId: `r${i}`,
        routeKey,
        apiKeyRequired: false,
        authorizationType: "NONE" as const,
        ...route,
        ...(integration && { target: `integrations/${integrationId}` }),
        ...(twoWay && { routeResponseSelectionExpression: "$default" as const }),
        routeResponses: twoWay ? [{ routeResponseId: `rr${i}`, routeResponseKey: "$default" as const }] : [],
      },
      integration: integration && integrationOf(integrationId, integration, responses),
    };
  });
  const { apiKeySelectionExpression = "$request.header.x-api-key", disableExecuteApiEndpoint = false, routeSelectionExpression = "$request.body.action" } = api;
  const selection = { apiKeySelectionExpression, disableExecuteApiEndpoint, routeSelectionExpression };
  return compileWebSocketStage({
    api: {
      apiId: WEBSOCKET_API_ID,
      account: "123456789012",
      region: "us-east-1",
      protocolType: "WEBSOCKET",
      createdDate: 0,
      name: "chat",
      ...selection,
      disableSchemaValidation: false,
      ipAddressType: "ipv4",
      tags: {},
    },
    stage: {
      stageName: "prod",
      deploymentId: "d1",
      autoDeploy: true,
      defaultRouteSettings: {},
      routeSettings: {},
      stageVariables: {},
      createdDate: 0,
      lastUpdatedDate: 0,
      tags: {},
      ...stage,
    },
    snapshot: {
      apiId: WEBSOCKET_API_ID,
      ...selection,
      routes: entries.map(({ route }) => route),
      integrations: entries.flatMap(({ integration }) => integration ?? []),
      authorizers,
      models: Object.entries(models).map(([name, schema], i): DataModel => ({ id: `m${i}`, name, contentType: "application/json", schema: JSON.stringify(schema) })),
    },
    backends,
  });
}

const integrationOf = (integrationId: string, parts: Partial<WebSocketIntegration>, responses: NonNullable<WebSocketRouteParts["responses"]>): WebSocketIntegration => ({
  integrationId,
  integrationType: "MOCK",
  connectionType: "INTERNET",
  passthroughBehavior: "WHEN_NO_MATCH",
  payloadFormatVersion: "1.0",
  timeoutInMillis: 29_000,
  ...parts,
  integrationResponses: Object.entries(responses).map(([integrationResponseKey, response], i) => ({ integrationResponseId: `ir${i}`, integrationResponseKey, ...response })),
});

/** A gateway that serves one WebSocket API by these stages. */
export async function startWebSocketApi(stages: readonly WebSocketStagePlan[], options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gate = await startGateway([], options);
  serveWebSocketApi(gate, stages);
  return gate;
}

export function serveWebSocketApi({ gateway }: TestGateway, stages: readonly WebSocketStagePlan[]): void {
  gateway.putWebSocketApi(
    WEBSOCKET_API_ID,
    stages.map((plan) => ({ apiId: WEBSOCKET_API_ID, stageName: plan.stageName, load: () => plan })),
  );
}

export interface Connecting {
  /** With the stage. */
  readonly path?: string;
  /** By their names; Host is the API's own unless given. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
  /** Where the listener is, in place of a port of this machine. */
  readonly url?: string;
}

/** A client that is connected. */
export interface Client {
  readonly socket: WebSocket;
  readonly subprotocol: string;
  send(message: string | Uint8Array): void;
  /** The next message that has not been taken yet: texts as they are, others as bytes. */
  next(): Promise<string | Buffer>;
  /** How the connection has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Leaves, and waits until the connection has ended. */
  leave(code?: number, reason?: string): Promise<void>;
}

/** The answer to a handshake that is refused. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;

  constructor({ headers, statusCode = 0 }: IncomingMessage, body: string) {
    super(`refused with ${statusCode}: ${body}`);
    this.status = statusCode;
    this.headers = headers;
    this.body = body;
  }
}

/** Connects. @throws {Refused} */
export function connect(port: number, { path = "/prod", headers = {}, subprotocols = [], url = `ws://127.0.0.1:${port}` }: Connecting = {}): Promise<Client> {
  const options: ClientOptions = { headers: { Host: WEBSOCKET_HOST, ...headers }, perMessageDeflate: false };
  const socket = new WebSocket(`${url}${path}`, [...subprotocols], options);
  const arrived: (string | Buffer)[] = [];
  const waiting: ((message: string | Buffer) => void)[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    const message = isBinary ? data : data.toString();
    const taker = waiting.shift();
    if (taker === undefined) arrived.push(message);
    else taker(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("unexpected-response", (_request, response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => reject(new Refused(response, Buffer.concat(chunks).toString())));
    });
    socket.on("open", () => {
      resolve({
        socket,
        subprotocol: socket.protocol,
        send: (message) => socket.send(message),
        next: () => {
          const message = arrived.shift();
          return message === undefined ? new Promise((taken) => waiting.push(taken)) : Promise.resolve(message);
        },
        closed,
        async leave(code, reason) {
          socket.close(code, reason);
          await closed;
        },
      });
    });
  });
}

/** How a handshake is refused. @throws when it is not */
export async function refusal(port: number, connecting: Connecting = {}): Promise<Refused> {
  try {
    const client = await connect(port, connecting);
    client.socket.terminate();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error("The handshake was not refused");
}
