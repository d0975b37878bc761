// An HTTP API with all that its stages' plans are compiled from, packed: a gateway keeps it so until a request needs a plan, and
// it can be in another process.
import { deserialize, serialize } from "node:v8";
import type { HttpApi, HttpApiSnapshot, HttpStage } from "../domain/http-api.ts";
import { compileHttpStage, type HttpStagePlan } from "../plan/index.ts";
import { accessTo } from "./backends.ts";
import type { Surroundings } from "./packed-stage.ts";

/** All stages of an HTTP API that show a deployment. */
export interface PackedHttpApi {
  readonly apiId: string;
  readonly stages: readonly PackedHttpStage[];
}

export interface PackedHttpStage {
  readonly stageName: string;
  /** {@link HttpStageContents}, as V8 writes it. */
  readonly contents: Uint8Array;
}

export interface HttpStageContents {
  readonly api: HttpApi;
  readonly stage: HttpStage & { readonly deploymentId: string };
  readonly snapshot: HttpApiSnapshot;
}

export const packHttpStage = (contents: HttpStageContents): PackedHttpStage => ({
  stageName: contents.stage.stageName,
  contents: serialize(contents),
});

/** Private integrations connect to what the operator says; stages of HTTP APIs have no client certificate. */
export function unpackHttpStage({ contents }: PackedHttpStage, { privateAddresses }: Surroundings): HttpStagePlan {
  return compileHttpStage({
    ...(deserialize(contents) as HttpStageContents),
    backends: accessTo({ identity: undefined, vpcLinks: [] }, privateAddresses),
  });
}
