// A crash in the middle of PutRestApi leaves the old API whole, or the new one: never a part of each. The documents are large
// enough to be read by a process of their own, so that it falls into the reading, into what goes on between the two processes,
// or into the commit.
import { randomInt } from "node:crypto";
import { CreateDeploymentCommand, GetModelsCommand, GetResourcesCommand, GetRestApiCommand, ImportRestApiCommand, PutRestApiCommand } from "@aws-sdk/client-api-gateway";
import { expect, it } from "vitest";
import { callApi, type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const PATHS = 100;
const ROUNDS = 4;
/** Documents of so many bytes are read without another process (src/imports.ts). */
const READ_AT_ONCE = 50_000;

/** An API whose every part says which version it is of: with each, other models, methods and half of the paths. */
function definition(version: number): Buffer {
  const numbers = Array.from({ length: PATHS }, (_, i) => i);
  const mock = { "x-amazon-apigateway-integration": { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' }, responses: { default: { statusCode: "200", responseTemplates: { "application/json": `{"version": ${version}}` } } } } };
  const operation = (i: number) => ({ operationId: `v${version}`, responses: { 200: { schema: { $ref: `#/definitions/Model${version}x${i}` } } }, ...mock });
  return Buffer.from(
    JSON.stringify({
      swagger: "2.0",
      info: { title: `v${version}` },
      paths: Object.fromEntries(numbers.map((i) => [i % 2 === 0 ? `/kept${i}` : `/v${version}-${i}`, { get: operation(i), [version % 2 === 0 ? "put" : "post"]: operation(i) }])),
      definitions: Object.fromEntries(numbers.map((i) => [`Model${version}x${i}`, { type: "object" }])),
    }),
  );
}

/** All versions that parts of the API are of, and how many parts there are. */
async function parts(gatehouse: Gatehouse, restApiId: string) {
  const client = gatehouse.apiGateway();
  const { name } = await client.send(new GetRestApiCommand({ restApiId }));
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId, limit: 500, embed: ["methods"] }));
  const { items: models = [] } = await client.send(new GetModelsCommand({ restApiId, limit: 500 }));
  const methods = items.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
  const versions = [
    name,
    ...models.map((model) => model.name?.replace(/^Model(\d+)x.*$/, "v$1")),
    ...methods.flatMap((method) => [method.operationName, method.methodResponses?.["200"]?.responseModels?.["application/json"]?.replace(/^Model(\d+)x.*$/, "v$1")]),
    ...items.flatMap(({ pathPart }) => /^(v\d+)-/.exec(pathPart ?? "")?.[1] ?? []),
  ];
  return { versions: [...new Set(versions)], counts: [items.length, methods.length, models.length] };
}

it("kill -9 while PutRestApi is under way leaves an API of one version, that can be put again and deployed", async () => {
  const dataDir = await temporaryDirectory();
  let gatehouse = await startGatehouse({ dataDir });
  const { id: restApiId = "" } = await gatehouse.apiGateway().send(new ImportRestApiCommand({ body: definition(0) }));
  expect(definition(0).length).toBeGreaterThan(READ_AT_ONCE);
  let version = 0;
  const outcomes: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const client = gatehouse.apiGateway();
    client.config.maxAttempts = async () => 1;
    const putting = (which: number) => client.send(new PutRestApiCommand({ restApiId, mode: "overwrite", body: definition(which) }));
    // The process that reads is there from now on, and it is known how long a change takes.
    await putting(version + 1);
    const began = performance.now();
    await putting(version);
    const taken = performance.now() - began;
    const put = putting(version + 1).then(
      () => "answered",
      (error: { $response?: unknown }) => {
        // Only a connection that the kill has cut; an answer that says no would be a fault.
        expect(error.$response).toBeUndefined();
        return "cut";
      },
    );
    // Somewhere between the request and its answer, wherever that is on this machine.
    await new Promise((resolve) => setTimeout(resolve, randomInt(0, Math.ceil(taken) + 1)));
    await gatehouse.stop("SIGKILL");
    const outcome = await put;
    gatehouse = await startGatehouse({ dataDir });
    const found = await parts(gatehouse, restApiId);
    const next = `v${version + 1}`;
    expect(found).toEqual({ versions: [outcome === "answered" || found.versions[0] === next ? next : `v${version}`], counts: [PATHS + 1, 2 * PATHS, PATHS] });
    if (found.versions[0] === next) version++;
    outcomes.push(`${outcome} ${found.versions[0] === next ? "new" : "old"}`);
  }
  expect(outcomes).not.toContain("answered old");

  const client = gatehouse.apiGateway();
  await client.send(new PutRestApiCommand({ restApiId, mode: "overwrite", body: definition(99) }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  expect(await callApi(gatehouse, restApiId, "/prod/v99-1")).toMatchObject({ status: 200, body: '{"version": 99}' });
  await gatehouse.stop();
  await removeDirectory(dataDir);
}, 120_000);
