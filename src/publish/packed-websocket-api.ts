// A WebSocket API with all that its stages' plans are compiled from, packed: a gateway keeps it so until a client needs a plan, and it
// can be in another process.
import { deserialize, serialize } from "node:v8";
import type { WebSocketApi, WebSocketApiSnapshot, WebSocketStage } from "../domain/websocket-api.ts";
import { compileWebSocketStage, type WebSocketStagePlan } from "../plan/index.ts";
import { accessTo, type Backends } from "./backends.ts";
import type { Surroundings } from "./packed-stage.ts";

/** All stages of a WebSocket API that show a deployment. */
export interface PackedWebSocketApi {
  readonly apiId: string;
  readonly stages: readonly PackedWebSocketStage[];
}

export interface PackedWebSocketStage {
  readonly stageName: string;
  /** {@link WebSocketStageContents}, as V8 writes it. */
  readonly contents: Uint8Array;
}

export interface WebSocketStageContents {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage & { readonly deploymentId: string };
  readonly snapshot: WebSocketApiSnapshot;
  readonly backends: Backends;
}

export const packWebSocketStage = (contents: WebSocketStageContents): PackedWebSocketStage => ({
  stageName: contents.stage.stageName,
  contents: serialize(contents),
});

export function unpackWebSocketStage({ contents }: PackedWebSocketStage, { privateAddresses }: Surroundings): WebSocketStagePlan {
  const { backends, ...source } = deserialize(contents) as WebSocketStageContents;
  return compileWebSocketStage({ ...source, backends: accessTo(backends, privateAddresses) });
}
