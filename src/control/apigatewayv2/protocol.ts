// What the APIs of one protocol are kept as: stages and deployments work alike for all, in terms of this
// (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html).
import type { Call } from "../../domain/call.ts";
import { notFound } from "../../domain/errors.ts";
import type { HttpApi, HttpDeployment, HttpStage } from "../../domain/http-api.ts";
import type { Key, RecordKind } from "../../domain/record.ts";
import { type WebSocketApi, webSocketApiKey, webSocketApis, type WebSocketStage } from "../../domain/websocket-api.ts";
import type { HttpApiName } from "../../ports/publication.ts";
import { type Change, put, type Stored } from "../../ports/store.ts";
import type { ApiGatewayV2Context, ApiInput, StageInput } from "./context.ts";

export type V2Api = HttpApi | WebSocketApi;

/** A stage of an API of either protocol. */
export type V2Stage = WebSocketStage & Pick<HttpStage, "apiGatewayManaged">;

/** A definition as a deployment would freeze it. */
export interface Frozen {
  readonly snapshot: object;
  /** Why it cannot be deployed; undefined when it can. */
  failure(): Promise<string | undefined>;
}

/** An API with what stages and deployments need of its definition. */
export interface FoundApi {
  readonly api: Stored<V2Api>;
  readonly routes: readonly Stored<{ readonly routeKey: string }>[];
  readonly frozen: Frozen;
}

/** Where what the stages of an API show is kept. */
export interface DeploymentKinds {
  readonly stages: RecordKind<V2Stage>;
  readonly deployments: RecordKind<HttpDeployment>;
  readonly snapshots: RecordKind<object>;
}

export interface Protocol extends DeploymentKinds {
  readonly apis: RecordKind<V2Api>;
  /** @throws {ServiceError} NotFoundException */
  findApi(context: ApiGatewayV2Context, input: ApiInput, call: Call): Promise<Stored<V2Api>>;
  /** @throws {ServiceError} NotFoundException */
  findFrozen(context: ApiGatewayV2Context, input: ApiInput, call: Call): Promise<FoundApi>;
  /** Tells the gateways of an API, and resolves when all serve it as it now is. */
  publish(context: ApiGatewayV2Context, name: HttpApiName): Promise<void>;
}

/**
 * Writes the API's record as it is. All that is written of an API also writes its record, so that changes come one after
 * the other, and whoever reads the record first sees all the rest as it was then.
 */
export const held = ({ apis }: Pick<Protocol, "apis">, { key, value, version }: Stored<V2Api>): Change => put(apis, key, value, version);

/** The name by which gateways are told of an API. */
export function nameOf({ key }: { readonly key: Key }): HttpApiName {
  const [account, region, apiId] = key as [string, string, string];
  return { account, region, apiId };
}

export interface FoundStage {
  readonly api: Stored<V2Api>;
  readonly stage: Stored<V2Stage>;
}

/** @throws {ServiceError} NotFoundException */
export async function findStage(context: ApiGatewayV2Context, protocol: Protocol, input: StageInput, call: Call): Promise<FoundStage> {
  const api = await protocol.findApi(context, input, call);
  return { api, stage: await stageOf(context, protocol, api, input) };
}

/** A stage of an API that has been found. @throws {ServiceError} NotFoundException */
export async function stageOf({ store }: ApiGatewayV2Context, { stages }: DeploymentKinds, { key }: { readonly key: Key }, { StageName }: StageInput): Promise<Stored<V2Stage>> {
  const stage = await store.get(stages, [...key, StageName]);
  if (stage === undefined) throw notFound("Invalid stage identifier specified");
  return stage;
}

/** Whether an id is a WebSocket API's; any other is an HTTP API's, or nobody's. */
export async function isWebSocketApi({ store }: Pick<ApiGatewayV2Context, "store">, { ApiId }: ApiInput, call: Call): Promise<boolean> {
  return (await store.get(webSocketApis, webSocketApiKey(call, ApiId))) !== undefined;
}

type Operations = Readonly<Record<string, (input: never, call: Call) => Promise<unknown>>>;

/** What the operations of both are, each in terms of the API that it is asked of. */
type EitherOf<Http extends { readonly [Name in keyof WebSocket]: Operations[string] }, WebSocket extends Operations> = {
  readonly [Name in keyof WebSocket]: (
    input: Parameters<Http[Name]>[0] & Parameters<WebSocket[Name]>[0],
    call: Call,
  ) => ReturnType<Http[Name]> | ReturnType<WebSocket[Name]>;
};

/** Operations on what belongs to an API: its protocol says which are meant. */
export function byProtocol<Http extends { readonly [Name in keyof WebSocket]: Operations[string] }, WebSocket extends Operations>(
  context: ApiGatewayV2Context,
  http: Http,
  webSocket: WebSocket,
): EitherOf<Http, WebSocket> {
  const either = (name: string) => async (input: ApiInput, call: Call) => {
    const operations = (await isWebSocketApi(context, input, call)) ? webSocket : http;
    return operations[name as keyof typeof operations]?.(input as never, call);
  };
  return Object.fromEntries(Object.keys(webSocket).map((name) => [name, either(name)])) as unknown as EitherOf<Http, WebSocket>;
}
