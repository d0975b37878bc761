// Stages as they are read: with all that their plans need, and none without it.
import { deserialize } from "node:v8";
import { expect, test } from "vitest";
import { api, snapshotOf, stageOf } from "../../test/harness/rest-api.ts";
import { createMemoryStore } from "../adapters/memory/index.ts";
import type { Stage } from "../domain/rest-api.ts";
import { deployments, restApis, snapshots, stages } from "../domain/rest-api.ts";
import { put, remove } from "../ports/store.ts";
import { loadStages } from "./load-stages.ts";
import type { StageContents } from "./packed-stage.ts";

const CANARY = { percentTraffic: 10, deploymentId: "canary", useStageCache: false };

/** Some APIs of one region, each with a deployment, one for a canary and the stages given. */
async function start(ids: readonly string[], ...made: readonly Partial<Stage>[]) {
  const store = createMemoryStore();
  const place = (id: string) => [api.account, api.region, id];
  for (const id of ids) {
    const snapshot = snapshotOf({ [`GET /${id}`]: {} });
    const canary = snapshotOf({ [`GET /${id}/canary`]: {} });
    await store.commit([
      put(restApis, place(id), { ...api, id }, "absent"),
      put(snapshots, [id], snapshot, "absent"),
      put(snapshots, [`${id} canary`], canary, "absent"),
      put(deployments, [...place(id), "d3pl0y"], { id: "d3pl0y", createdDate: 0, snapshot: id }, "absent"),
      put(deployments, [...place(id), "canary"], { id: "canary", createdDate: 0, snapshot: `${id} canary` }, "absent"),
      ...made.map((parts) => put(stages, [...place(id), parts.stageName ?? "prod"], stageOf(parts), "absent")),
    ]);
  }
  const load = async () => {
    const packed = await loadStages(store, (await store.list(stages, {})).items);
    return packed.map((stage) => stage && (deserialize(stage.contents) as StageContents));
  };
  return { store, place, load };
}

const paths = (contents: StageContents | undefined) => [contents?.snapshot, contents?.canarySnapshot].map((each) => each?.resources.at(-1)?.pathPart);

test("each with its API, its deployment's snapshot and its canary's", async () => {
  const { load } = await start(["a", "b"], { stageName: "prod" }, { stageName: "test", canarySettings: CANARY });
  const read = await load();
  expect(read.map((contents) => [contents?.api.id, contents?.stage.stageName, ...paths(contents)])).toEqual([
    ["a", "prod", "a", undefined],
    ["a", "test", "a", "canary"],
    ["b", "prod", "b", undefined],
    ["b", "test", "b", "canary"],
  ]);
});

test("not without its API, its deployment, the snapshot of either", async () => {
  const { store, place, load } = await start(["a", "b", "c", "d", "e"], { canarySettings: CANARY });
  await store.commit([
    remove(restApis, place("a"), "any"),
    remove(deployments, [...place("b"), "d3pl0y"], "any"),
    remove(deployments, [...place("c"), "canary"], "any"),
    remove(snapshots, ["d canary"], "any"),
  ]);
  expect((await load()).map((contents) => contents?.api.id)).toEqual([undefined, undefined, undefined, undefined, "e"]);
});

test("a stage that shows what its canary shows", async () => {
  const { load } = await start(["a"], { canarySettings: { ...CANARY, deploymentId: "d3pl0y" } });
  expect((await load()).map(paths)).toEqual([["a", "a"]]);
});
