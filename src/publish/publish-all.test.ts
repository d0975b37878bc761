// What is published when the program starts.
import { expect, test } from "vitest";
import { api, snapshotOf, stageOf } from "../../test/harness/rest-api.ts";
import { createMemoryStore } from "../adapters/memory/index.ts";
import { deployments, restApis, snapshots, stages } from "../domain/rest-api.ts";
import { put } from "../ports/store.ts";
import { createPublisher } from "./index.ts";

test("every stage but those that cannot be served, of which the log tells", async () => {
  const store = createMemoryStore();
  const ids = Array.from({ length: 250 }, (_, i) => `api${String(i).padStart(3, "0")}`);
  await store.commit([
    put(snapshots, ["s"], snapshotOf({ "GET /": {} }), "absent"),
    ...ids.flatMap((id) => {
      const place = [api.account, api.region, id];
      // A certificate that is not there: the stage must not call backends without it.
      const stage = stageOf(id === "api123" ? { clientCertificateId: "gone" } : {});
      return [
        put(restApis, place, { ...api, id }, "absent"),
        put(deployments, [...place, stage.deploymentId], { id: stage.deploymentId, createdDate: 0, snapshot: "s" }, "absent"),
        put(stages, [...place, stage.stageName], stage, "absent"),
      ];
    }),
  ]);
  const served: string[] = [];
  const nobody = async () => undefined;
  const gateways = { put: ({ apiId }: { apiId: string }) => void served.push(apiId), changeKeys: nobody };
  const logged: unknown[] = [];
  const nothing = () => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: (...line: unknown[]) => void logged.push(line) };

  // Only what stages are published with.
  const publisher = createPublisher({ store, gateways, log, usage: { reload: nobody } } as unknown as Parameters<typeof createPublisher>[0]);
  expect(await publisher.publishAll()).toBe(250);
  expect(served.toSorted()).toEqual(ids.filter((id) => id !== "api123"));
  expect(logged).toEqual([["stage cannot be published", new Error("There is no client certificate gone"), { apiId: "api123", stageName: "prod" }]]);
});
