// OpenAPI documents through the AWS SDK: imported, deployed and called, put again; and checked by `gatehouse lint`.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateDeploymentCommand, GetResourcesCommand, GetStageCommand, ImportRestApiCommand, PutRestApiCommand } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, type Gatehouse, removeDirectory, runGatehouse, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";

const SAMPLES = join(import.meta.dirname, "../golden/openapi/import");

let gatehouse: Gatehouse;
let petStore: PetStore;

beforeAll(async () => {
  [petStore, gatehouse] = await Promise.all([startPetStore(), startGatehouse({ args: ["--in-memory"] })]);
});

afterAll(async () => {
  const exitCode = await gatehouse.stop();
  await petStore[Symbol.asyncDispose]();
  await removeDirectory(gatehouse.dataDir);
  expect(exitCode).toBe(0);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/create-api-using-swagger.html
describe("the guide's PetStore", () => {
  const sample = () => Buffer.from(readFileSync(join(SAMPLES, "petstore.swagger2.in.json"), "utf8").replaceAll(/http:\/\/petstore-demo-endpoint\.[^/"]+/g, petStore.url));

  it("is imported and deployed, and answers; what is merged and overwritten answers after the next deployment", async () => {
    const client = gatehouse.apiGateway();
    const parameters = { endpointConfigurationTypes: "REGIONAL" };
    const { id: restApiId = "", name, endpointConfiguration, warnings } = await client.send(new ImportRestApiCommand({ body: sample(), failOnWarnings: true, parameters }));
    expect({ name, types: endpointConfiguration?.types, warnings }).toEqual({ name: "Simple PetStore (OpenAPI)", types: ["REGIONAL"], warnings: undefined });
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test", variables: { kept: "yes" } }));
    const first = await callApi(gatehouse, restApiId, "/test/pets/1");
    expect(first.status).toBe(200);
    expect(JSON.parse(first.body)).toMatchObject({ id: 1 });
    expect((await callApi(gatehouse, restApiId, "/test/pets")).status).toBe(200);

    const mock = { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' }, responses: { default: { statusCode: "200", responseTemplates: { "application/json": '{"kept": "$stageVariables.kept"}' } } } };
    const ping = `openapi: 3.0.1\ninfo: {title: Ping}\npaths: {/ping: {get: {responses: {200: {description: OK}}, x-amazon-apigateway-integration: ${JSON.stringify(mock)}}}}\n`;
    await client.send(new PutRestApiCommand({ restApiId, body: Buffer.from(ping), mode: "merge" }));
    expect((await callApi(gatehouse, restApiId, "/test/ping")).status).toBe(403);
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
    expect(await callApi(gatehouse, restApiId, "/test/ping")).toMatchObject({ status: 200, body: '{"kept": "yes"}' });
    expect((await callApi(gatehouse, restApiId, "/test/pets")).status).toBe(200);

    await client.send(new PutRestApiCommand({ restApiId, body: Buffer.from(ping), mode: "overwrite" }));
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
    expect((await callApi(gatehouse, restApiId, "/test/pets")).status).toBe(403);
    expect((await callApi(gatehouse, restApiId, "/test/ping")).status).toBe(200);
    expect((await client.send(new GetStageCommand({ restApiId, stageName: "test" }))).variables).toEqual({ kept: "yes" });
    const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
    expect(new Set(items.map(({ path }) => path))).toEqual(new Set(["/", "/ping"]));
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-validation-set-up.html
it("the guide's sample of request validators validates, once it is imported", async () => {
  const client = gatehouse.apiGateway();
  const body = readFileSync(join(SAMPLES, "request-validation.swagger2.in.json"));
  const { id: restApiId = "" } = await client.send(new ImportRestApiCommand({ body }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "testStage" }));
  expect(await callApi(gatehouse, restApiId, "/testStage/validation")).toMatchObject({ status: 400, body: '{"message": "Missing required request parameters: [q1]"}' });
  expect(await callApi(gatehouse, restApiId, "/testStage/validation", { method: "POST", headers: { h1: "v", "Content-Type": "application/json" }, body: '{"id": 1}' })).toMatchObject({
    status: 400,
    body: '{"message": "Invalid request body"}',
  });
});

it("a document that is wrong is refused with AWS's layout of errors", async () => {
  const body = JSON.stringify({ swagger: "2.0", info: { title: "t" }, paths: { "/": { get: { "x-amazon-apigateway-integration": { type: "http", httpMethod: "GET", uri: "x" } } } } });
  await expect(gatehouse.apiGateway().send(new ImportRestApiCommand({ body: Buffer.from(body) }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Errors found during import:\n\tUnable to put integration on 'GET' for resource at path '/': Invalid HTTP endpoint specified for URI",
  });
});

describe("gatehouse lint", () => {
  const lint = async (...args: string[]) => {
    const run = runGatehouse(["lint", ...args]);
    const exit = await run.exit;
    return { exit, output: run.output() };
  };

  it("tells of every problem with its line and column, and ends with 1 when there are errors", async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, "api.yaml");
    await writeFile(file, 'swagger: "2.0"\ninfo: {title: t}\npaths:\n  /a b:\n    get: {}\n  /c:\n    get:\n      responses: {200: {schema: {$ref: "#/definitions/D"}}}\n      x-amazon-apigateway-integration:\n        type: http\n');
    const said = [
      [4, 3, "error", "Unable to create resource at path '/a b': Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."],
      [5, 5, "note", "No integration defined for method 'GET /a b': it cannot be deployed"],
      [8, 25, "warning", "Reference to model 'D' not found. Ignoring."],
      [9, 7, "error", "Unable to put integration on 'GET' for resource at path '/c': Enumeration value for HttpMethod must be non-empty"],
    ] as const;
    expect(await lint(file)).toEqual({
      exit: 1,
      output: `${said.map(([line, column, severity, message]) => `${file}:${line}:${column}: ${severity}: ${message}\n`).join("")}2 errors, 1 warning, 1 note\n`,
    });
    const json = await lint("--json", file);
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.output)).toMatchObject({ file, errors: 2, warnings: 1, notes: 1, problems: said.map(([line, column, severity, message]) => ({ line, column, severity, message })) });
    await removeDirectory(directory);
  });

  it("takes the quotas that the settings raise", async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, "api.json");
    const operation = { "x-amazon-apigateway-integration": { type: "mock" } };
    const paths = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`/p${i}`, { get: operation }]));
    await writeFile(file, JSON.stringify({ swagger: "2.0", info: { title: "t" }, paths }));
    const { exit, output } = await lint(file);
    expect(exit).toBe(1);
    expect(output).toContain("error: Unable to create resource at path '/p299': Maximum number of Resources for this API has been reached.");
    expect(await lint(file, "--limits", "resources-per-api=301")).toEqual({ exit: 0, output: "0 errors, 0 warnings, 0 notes\n" });
    await removeDirectory(directory);
  });

  it("ends with 0 when there are none, and with 2 when it cannot check", async () => {
    expect(await lint(join(SAMPLES, "petstore.swagger2.in.json"))).toEqual({ exit: 0, output: "0 errors, 0 warnings, 0 notes\n" });
    expect(await lint()).toEqual({ exit: 2, output: "gatehouse: lint takes one file; usage: gatehouse lint FILE [--json] [--limits NAME=NUMBER]\n" });
    expect(await lint("--strict", "x")).toEqual({ exit: 2, output: "gatehouse: unknown option --strict; usage: gatehouse lint FILE [--json] [--limits NAME=NUMBER]\n" });
    const { exit, output } = await lint("/nowhere.yaml");
    expect({ exit, output }).toEqual({ exit: 2, output: "gatehouse: cannot read /nowhere.yaml: ENOENT: no such file or directory, open '/nowhere.yaml'\n" });
  });
});
