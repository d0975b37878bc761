import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apiGateway } from "../../src/model/apigateway.gen.ts";
import { apiGatewayV2 } from "../../src/model/apigatewayv2.gen.ts";
import { apiGatewayManagementApi } from "../../src/model/apigatewaymanagementapi.gen.ts";
import { iam } from "../../src/model/iam.gen.ts";
import { lambda } from "../../src/model/lambda.gen.ts";
import { sts } from "../../src/model/sts.gen.ts";
import type { OperationTable, Shape } from "../../src/model/table.ts";
import { generate } from "./generate.ts";

const tables: Record<string, OperationTable> = { apiGateway, apiGatewayV2, apiGatewayManagementApi, lambda, iam, sts };

test("the checked-in tables and types are what the installed SDK clients give", { timeout: 60_000 }, async () => {
  const root = join(import.meta.dirname, "..", "..");
  for (const { path, text } of await generate()) {
    expect(readFileSync(join(root, path), "utf8") === text, `${path} is stale: run npm run generate`).toBe(true);
  }
});

test("the files are written, and --check says which one is stale and exits 1", { timeout: 60_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "generate-model-"));
  try {
    mkdirSync(join(root, "src", "model"), { recursive: true });
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), ...args, root], { encoding: "utf8" });
      return { status, lines: (stdout + stderr).trim().split("\n").filter((line) => line !== "") };
    };
    expect(run()).toMatchObject({ status: 0, lines: { length: 12 } });
    appendFileSync(join(root, "src", "model", "lambda.gen.ts"), " ");
    expect(run("--check")).toEqual({ status: 1, lines: ["src/model/lambda.gen.ts is stale: run npm run generate"] });
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("every operation of the models is there", () => {
  const counts = Object.entries(tables).map(([name, table]) => [name, Object.keys(table.operations).length]);
  expect(counts).toEqual([["apiGateway", 124], ["apiGatewayV2", 103], ["apiGatewayManagementApi", 3], ["lambda", 88], ["iam", 180], ["sts", 11]]);
});

test("every shape that is referred to exists, and every pattern compiles", () => {
  for (const [name, table] of Object.entries(tables)) {
    const missing = Object.values(table.shapes).flatMap(referred).filter((id) => table.shapes[id] === undefined);
    expect(missing, name).toEqual([]);
    for (const shape of Object.values(table.shapes)) {
      if (shape.type === "string" && shape.pattern !== undefined) expect(() => new RegExp(shape.pattern as string)).not.toThrow();
    }
  }
});

function referred(shape: Shape): string[] {
  if (shape.type === "structure" || shape.type === "union") return Object.values(shape.members).map((member) => member.shape);
  if (shape.type === "list") return [shape.element];
  return shape.type === "map" ? [shape.value, ...(shape.key === undefined ? [] : [shape.key])] : [];
}

const members = (table: OperationTable, id: string) => {
  const shape = table.shapes[id];
  if (shape?.type !== "structure") throw new Error(`${id} is not a structure`);
  return shape.members;
};

test("V1 lists travel as `item`, and their `position` in the body although the model binds it to the query", () => {
  expect(members(apiGateway, "RestApis")).toEqual({
    items: { shape: "List<RestApi>", wireName: "item", in: "body" },
    position: { shape: "string", wireName: "position", in: "body" },
  });
});

test("integrationHttpMethod travels as `httpMethod`, beside the label of the same name", () => {
  const request = members(apiGateway, "PutIntegrationRequest");
  expect(request["httpMethod"]).toEqual({ shape: "string", wireName: "httpMethod", in: "uri", required: true });
  expect(request["integrationHttpMethod"]).toEqual({ shape: "string", wireName: "httpMethod", in: "body" });
});

test("ImportRestApi is told from CreateRestApi by a literal query string", () => {
  expect(apiGateway.operations["ImportRestApi"]).toMatchObject({ method: "POST", uri: "/restapis?mode=import", status: 201 });
  expect(members(apiGateway, "ImportRestApiRequest")["parameters"]).toEqual({ shape: "Map<string>", wireName: "parameters", in: "queryMap" });
});

test("V1 timestamps are epoch seconds and V2's are ISO 8601", () => {
  expect(apiGateway.shapes[members(apiGateway, "RestApi")["createdDate"]?.shape ?? ""]).toEqual({ type: "timestamp", format: "epoch-seconds" });
  expect(apiGatewayV2.shapes[members(apiGatewayV2, "Api")["CreatedDate"]?.shape ?? ""]).toEqual({ type: "timestamp", format: "date-time" });
});

test("numbers with a fraction and constraints come from the overlay", () => {
  expect(members(apiGateway, "CanarySettings")["percentTraffic"]?.shape).toBe("double");
  expect(lambda.shapes[members(lambda, "CreateFunctionRequest")["MemorySize"]?.shape ?? ""]).toEqual({ type: "integer", min: 128, max: 32768 });
});

test("the event stream of InvokeWithResponseStream carries its chunk as a payload", () => {
  expect(lambda.shapes["InvokeWithResponseStreamResponseEvent"]).toMatchObject({ type: "union", eventStream: true });
  expect(members(lambda, "InvokeResponseStreamUpdate")).toEqual({ Payload: { shape: "blob", wireName: "Payload", in: "payload" } });
});

test("awsQuery operations share one path, and errors have the names that travel", () => {
  expect(iam.query).toEqual({ version: "2010-05-08", xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/" });
  expect(iam.operations["CreateUser"]).toEqual({
    name: "CreateUser", method: "POST", uri: "/", status: 200, input: "CreateUserRequest", output: "CreateUserResponse",
  });
  expect(iam.shapes["NoSuchEntityException"]).toMatchObject({ error: { status: 404, code: "NoSuchEntity" } });
  expect(iam.shapes[members(iam, "User")["CreateDate"]?.shape ?? ""]).toEqual({ type: "timestamp", format: "date-time" });
});
