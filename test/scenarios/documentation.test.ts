// Documentation parts and versions through the AWS SDK, as the developer guide's pages have it:
// api-gateway-documenting-api-quick-start-with-restapi, -import-export and -publishing.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateDocumentationPartCommand,
  CreateDocumentationVersionCommand,
  CreateRestApiCommand,
  DeleteDocumentationPartCommand,
  DeleteDocumentationVersionCommand,
  GetDocumentationPartCommand,
  GetDocumentationPartsCommand,
  type GetDocumentationPartsCommandInput,
  GetDocumentationVersionCommand,
  GetDocumentationVersionsCommand,
  GetStageCommand,
  ImportDocumentationPartsCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateDocumentationPartCommand,
  UpdateDocumentationVersionCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws as awsOn, awsInstalled } from "../harness/aws-command.ts";
import { type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

let gatehouse: Gatehouse;
let client: APIGatewayClient;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway();
});
afterAll(async () => void (await gatehouse.stop()));

async function start() {
  const { id: restApiId, rootResourceId } = await client.send(new CreateRestApiCommand({ name: "doc" }));
  const method = { restApiId, resourceId: rootResourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK" }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  return { restApiId };
}

const refusal = (operation: Promise<unknown>) =>
  operation.then(
    () => "accepted",
    (error: Error & { $metadata: { httpStatusCode: number } }) => `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
  );

/** All pages of a list, of two items each: the SDK has no paginators for these. */
async function pagesOf<T>(list: (page: { limit: number; position?: string }) => Promise<{ items?: T[] | undefined; position?: string | undefined }>): Promise<T[][]> {
  const pages: T[][] = [];
  let next: string | undefined;
  do {
    const { items = [], position } = await list({ limit: 2, ...(next === undefined ? {} : { position: next }) });
    pages.push(items);
    next = position;
  } while (next !== undefined);
  return pages;
}

async function parts(restApiId: string | undefined, query: Partial<GetDocumentationPartsCommandInput> = {}) {
  const pages = await pagesOf((page) => client.send(new GetDocumentationPartsCommand({ restApiId, ...query, ...page })));
  return { pages: pages.length, items: pages.flat() };
}

describe("documentation parts", () => {
  it("are made, read, changed and deleted", async () => {
    const { restApiId } = await start();
    const properties = '{\n\t"info": {\n\t\t"description" : "Your first API with Amazon API Gateway."\n\t}\n}';
    const { $metadata, ...part } = await client.send(new CreateDocumentationPartCommand({ restApiId, location: { type: "API" }, properties }));
    expect($metadata.httpStatusCode).toBe(201);
    expect(part).toEqual({ id: expect.stringMatching(/^[a-z0-9]{6}$/), location: { type: "API" }, properties });
    expect(await refusal(client.send(new CreateDocumentationPartCommand({ restApiId, location: { type: "API" }, properties })))).toBe(
      "409 ConflictException: Documentation part already exists for the specified location: type 'API'.",
    );
    const key = { restApiId, documentationPartId: part.id };
    const patchOperations = [{ op: "replace", path: "/properties", value: '{"tags":["pets"]}' }] as const;
    expect((await client.send(new UpdateDocumentationPartCommand({ ...key, patchOperations: [...patchOperations] }))).properties).toBe('{"tags":["pets"]}');
    expect((await client.send(new GetDocumentationPartCommand(key))).properties).toBe('{"tags":["pets"]}');
    expect((await client.send(new DeleteDocumentationPartCommand(key))).$metadata.httpStatusCode).toBe(202);
    expect(await refusal(client.send(new GetDocumentationPartCommand(key)))).toBe("404 NotFoundException: Invalid Documentation part identifier specified");
  });

  it("are listed by pages, and so is what has none", async () => {
    const { restApiId } = await start();
    for (const name of ["a", "b", "c"]) {
      await client.send(new CreateDocumentationPartCommand({ restApiId, location: { type: "MODEL", name }, properties: "{}" }));
    }
    await client.send(new CreateDocumentationPartCommand({ restApiId, location: { type: "METHOD", path: "/", method: "GET" }, properties: "{}" }));
    expect(await parts(restApiId)).toMatchObject({ pages: 2, items: [{}, {}, {}, {}] });
    expect(new Set((await parts(restApiId, { type: "MODEL" })).items.map(({ location }) => location?.name))).toEqual(new Set(["a", "b", "c"]));
    expect((await parts(restApiId, { nameQuery: "b" })).items.map(({ location }) => location)).toEqual([{ type: "MODEL", name: "b" }]);
    expect((await parts(restApiId, { path: "/" })).items.map(({ location }) => location)).toEqual([{ type: "METHOD", path: "/", method: "GET" }]);
    const { items } = await parts(restApiId, { locationStatus: "UNDOCUMENTED" });
    expect(items).toEqual([{ type: "API" }, { type: "MODEL", name: "Empty" }, { type: "MODEL", name: "Error" }, { type: "RESOURCE", path: "/" }].map((location) => ({ location })));
  });

  it("are imported from a document", async () => {
    const { restApiId } = await start();
    const documentationParts = [
      { location: { type: "API" }, properties: { info: { version: "3" } } },
      { location: { type: "RESPONSE", method: "GET", statusCode: "200" }, properties: { description: "200 response" } },
    ];
    const body = Buffer.from(JSON.stringify({ openapi: "3.0.0", "x-amazon-apigateway-documentation": { version: "1.0.3", documentationParts } }));
    const { ids, warnings } = await client.send(new ImportDocumentationPartsCommand({ restApiId, mode: "overwrite", failOnWarnings: true, body }));
    expect(warnings).toBeUndefined();
    const { items } = await parts(restApiId);
    expect(new Set(items.map(({ id }) => id))).toEqual(new Set(ids));
    const wrong = Buffer.from(JSON.stringify({ "x-amazon-apigateway-documentation": { documentationParts: [{}] } }));
    expect(await refusal(client.send(new ImportDocumentationPartsCommand({ restApiId, failOnWarnings: true, body: wrong })))).toMatch(/^400 BadRequestException: Warnings found/);
    expect((await client.send(new ImportDocumentationPartsCommand({ restApiId, body: wrong }))).warnings).toHaveLength(1);
  });
});

describe("documentation versions", () => {
  it("are made, published by stages, listed by pages, changed and deleted", async () => {
    const { restApiId } = await start();
    const key = { restApiId, documentationVersion: "1.0.0" };
    const { $metadata, ...version } = await client.send(new CreateDocumentationVersionCommand({ ...key, stageName: "prod", description: "My API Documentation v1.0.0" }));
    expect($metadata.httpStatusCode).toBe(201);
    expect(version).toEqual({ version: "1.0.0", createdDate: expect.any(Date), description: "My API Documentation v1.0.0" });
    expect((await client.send(new GetStageCommand({ restApiId, stageName: "prod" }))).documentationVersion).toBe("1.0.0");
    for (const each of ["1.0.1", "1.0.2"]) await client.send(new CreateDocumentationVersionCommand({ restApiId, documentationVersion: each }));
    const listed = await pagesOf((page) => client.send(new GetDocumentationVersionsCommand({ restApiId, ...page })));
    const pages = listed.map((page) => page.map((each) => each.version));
    expect(pages).toEqual([["1.0.0", "1.0.1"], ["1.0.2"]]);
    const value = "My API for testing purposes.";
    const patched = await client.send(new UpdateDocumentationVersionCommand({ ...key, patchOperations: [{ op: "replace", path: "/description", value }] }));
    expect(patched.description).toBe(value);
    expect((await client.send(new GetDocumentationVersionCommand(key))).description).toBe(value);
    expect(await refusal(client.send(new DeleteDocumentationVersionCommand(key)))).toMatch(/^409 ConflictException/);
    const associate = (documentationVersion: string) =>
      client.send(new UpdateStageCommand({ restApiId, stageName: "prod", patchOperations: [{ op: "replace", path: "/documentationVersion", value: documentationVersion }] }));
    expect((await associate("1.0.1")).documentationVersion).toBe("1.0.1");
    expect((await client.send(new DeleteDocumentationVersionCommand(key))).$metadata.httpStatusCode).toBe(202);
    expect(await refusal(client.send(new GetDocumentationVersionCommand(key)))).toBe("404 NotFoundException: Invalid Documentation version specified");
    expect(await refusal(associate("1.0.0"))).toBe("400 BadRequestException: Invalid Documentation version specified");
  });
});

describe.skipIf(!awsInstalled)("with the aws command (pip install awscli)", { timeout: 120_000 }, () => {
  it("parts are imported and listed, and a version of them made", async () => {
    const { restApiId = "" } = await start();
    const directory = await temporaryDirectory();
    try {
      const aws = (...args: string[]) => awsOn(gatehouse, "apigateway", ...args, "--rest-api-id", restApiId);
      const file = join(directory, "doc.json");
      await writeFile(file, JSON.stringify({ swagger: "2.0", "x-amazon-apigateway-documentation": { documentationParts: [{ location: { type: "API" }, properties: { "x-a": 1 } }] } }));
      const { ids } = (await aws("import-documentation-parts", "--mode", "overwrite", "--fail-on-warnings", "--body", `fileb://${file}`)) as { ids: string[] };
      const item = { id: ids[0], location: { type: "API" }, properties: '{"x-a":1}' };
      expect(await aws("get-documentation-parts", "--type", "API")).toEqual({ items: [item] });
      const version = await aws("create-documentation-version", "--documentation-version", "1.0.0", "--stage-name", "prod");
      expect(version).toEqual({ version: "1.0.0", createdDate: expect.anything() });
      expect(await aws("get-stage", "--stage-name", "prod")).toMatchObject({ documentationVersion: "1.0.0" });
    } finally {
      await removeDirectory(directory);
    }
  });
});
