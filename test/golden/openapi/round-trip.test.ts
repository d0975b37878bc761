// The exports of the guide's sample APIs are imported, deployed and exported again through the control plane: the same
// document comes out, in whichever version and layout it went in.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call, NOW, startControlPlane } from "../../harness/control-plane.ts";

const FOLDER = join(import.meta.dirname, "export");
const FILES = ["swagger.json", "swagger.yaml", "oas30.json", "oas30.yaml"] as const;
const CASES = readdirSync(FOLDER).flatMap((name) => FILES.map((file) => [name, file] as const));

/** `2026-01-02T03:04:05Z` */
const DEPLOYED = `${new Date(NOW).toISOString().slice(0, 19)}Z`;

it.each(CASES)("%s/%s comes out as it went in", async (name, file) => {
  const [exportType, ending] = file.split(".") as [string, "json" | "yaml"];
  const before = readFileSync(join(FOLDER, name, file), "utf8");
  const { stageName, deployedAt } = JSON.parse(readFileSync(join(FOLDER, name, "definition.json"), "utf8")) as { stageName: string; deployedAt: number };
  const { api } = startControlPlane();
  const { id, warnings } = await api.ImportRestApi({ body: Buffer.from(before), failOnWarnings: true }, call);
  expect(warnings).toBeUndefined();
  const restApiId = id as string;
  await api.CreateDeployment({ restApiId, stageName }, call);
  const parameters = { extensions: "apigateway" };
  const { body } = await api.GetExport({ restApiId, stageName, exportType, accepts: `application/${ending}`, parameters }, call);
  const wasDeployed = `${new Date(deployedAt).toISOString().slice(0, 19)}Z`;
  expect(Buffer.from(body as Uint8Array).toString()).toBe(before.replace("a1b2c3d4e5", restApiId).replace(wasDeployed, DEPLOYED));
});
