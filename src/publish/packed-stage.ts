// A stage with all that its plan is compiled from, packed: a gateway keeps it so until a request needs the plan, and it can
// be in another process.
import { deserialize, serialize } from "node:v8";
import type { RestApi, RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import type { UserPoolIssuers } from "../domain/user-pool.ts";
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

/** What the operator says of the world outside, whatever an API's developers say. */
export interface Surroundings {
  /** Where private integrations lead. */
  readonly privateAddresses: PrivateAddresses;
  /** Who issues the tokens of user pools; Cognito unless given. */
  readonly userPools?: UserPoolIssuers | undefined;
}

export function compileStage({ contents }: PackedStage, { privateAddresses, userPools }: Surroundings): StagePlan {
  const { backends, ...source } = deserialize(contents) as StageContents;
  return compileRestStage({ ...source, backends: accessTo(backends, privateAddresses), ...(userPools && { userPools }) });
}
