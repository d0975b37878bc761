// A stage with all that its plan is compiled from, packed: a gateway keeps it so until a request needs the plan, and it can
// be in another process.
import { deserialize, serialize } from "node:v8";
import type { RestApi, RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import type { PrivateAddresses } from "../domain/vpc-link.ts";
import { cacheBytesOf, compileRestStage, type StagePlan } from "../plan/index.ts";
import { accessTo, type Backends } from "./backends.ts";

export interface StageContents {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly snapshot: RestApiSnapshot;
  /** What the stage's canary shows, when it has one. */
  readonly canarySnapshot: RestApiSnapshot | undefined;
  readonly backends: Backends;
}

export interface PackedStage {
  readonly apiId: string;
  readonly stageName: string;
  /** The size of the stage's cache; 0 when it has none. */
  readonly cacheBytes: number;
  /** {@link StageContents}, as V8 writes it. */
  readonly contents: Uint8Array;
}

export function packStage(contents: StageContents): PackedStage {
  const { api, stage } = contents;
  return { apiId: api.id, stageName: stage.stageName, cacheBytes: cacheBytesOf(stage), contents: serialize(contents) };
}

/** @param addresses the operator's, for private integrations */
export function compileStage({ contents }: PackedStage, addresses: PrivateAddresses): StagePlan {
  const { backends, ...source } = deserialize(contents) as StageContents;
  return compileRestStage({ ...source, backends: accessTo(backends, addresses) });
}
