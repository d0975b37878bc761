// Random requests at every operation of every table: whatever comes, the answer is never a 500 and nothing is thrown.
import fc from "fast-check";
import { expect, test } from "vitest";
import { apiGateway } from "../model/apigateway.gen.ts";
import { apiGatewayManagementApi } from "../model/apigatewaymanagementapi.gen.ts";
import { apiGatewayV2 } from "../model/apigatewayv2.gen.ts";
import { lambda } from "../model/lambda.gen.ts";
import type { OperationTable } from "../model/table.ts";
import { BodyTooLarge } from "../ports/http-server.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import { apiGatewayDialect, apiGatewayV2Dialect, createControlPlane, createGuard, createService, lambdaDialect } from "./index.ts";

const tables: OperationTable[] = [apiGateway, apiGatewayV2, apiGatewayManagementApi, lambda];
const logged: unknown[] = [];
const inputs: unknown[] = [];

const everything = (table: OperationTable): object =>
  Object.fromEntries(Object.keys(table.operations).map((name) => [name, (input: unknown) => {
    inputs.push(input);
    return Promise.resolve({});
  }]));

const plane = createControlPlane({
  services: [
    createService({ ...apiGatewayDialect, table: apiGateway, handlers: everything(apiGateway) }),
    createService({ ...apiGatewayV2Dialect, table: apiGatewayV2, handlers: everything(apiGatewayV2) }),
    createService({ table: apiGatewayManagementApi, handlers: everything(apiGatewayManagementApi) }),
    // An event stream has to come from its handler.
    createService({ ...lambdaDialect, table: lambda, handlers: { ...everything(lambda), InvokeWithResponseStream: undefined } as object }),
  ],
  guard: createGuard({ allowedHosts: [] }),
  defaults: { account: "000000000000", region: "us-east-1" },
  ids: { uuid: () => "id", alphanumeric: (length) => "a".repeat(length) },
  log: { debug() {}, info() {}, warn() {}, error: (message, error) => void logged.push([message, error]) },
});

const operations = tables.flatMap((table) => Object.values(table.operations).map((operation) => ({ table, operation })));
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", "%", "%zz", "%00", "..", "__proto__", "constructor", "true", "1", "-1", "1e999", "\ud800", "\0", "arn:aws:lambda:us-east-1:1:function:f"),
);
const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "__proto__");
const path = fc.array(fc.oneof(text, fc.constantFrom("restapis", "v2", "apis", "@connections", "2015-03-31", "functions")), { maxLength: 6 });
const query = fc.array(fc.tuple(fc.oneof(text, fc.constantFrom("limit", "mode", "tagKeys", "maxResults", "Qualifier", "X-Amz-Algorithm")), text), { maxLength: 4 });

/** JSON that comes near what the model asks for, and strays from it in places. */
function json(table: OperationTable, id: string, depth: number): fc.Arbitrary<unknown> {
  const shape = table.shapes[id];
  const stray = fc.oneof({ maxDepth: 1 }, fc.json().map((value) => JSON.parse(value) as unknown), fc.constant(null));
  const near = (): fc.Arbitrary<unknown> => {
    if (shape === undefined || depth > 3) return stray;
    switch (shape.type) {
      case "structure":
      case "union": {
        const members = Object.values(shape.members).filter((member) => member.in === "body");
        const record = Object.fromEntries(members.map((member) => [member.wireName, json(table, member.shape, depth + 1)]));
        return fc.record(record, { requiredKeys: [] });
      }
      case "list":
        return fc.array(json(table, shape.element, depth + 1), { maxLength: 2 });
      case "map":
        return fc.dictionary(text, json(table, shape.value, depth + 1), { maxKeys: 2 });
      case "string":
        return fc.oneof(text, fc.constantFrom(...(shape.enum ?? ["x"])));
      case "boolean":
        return fc.boolean();
      case "blob":
        return fc.base64String({ maxLength: 8 });
      default:
        return fc.oneof(fc.integer(), fc.double());
    }
  };
  return fc.oneof({ weight: 9, arbitrary: near() }, { weight: 1, arbitrary: stray });
}

async function send(service: string, parts: { method: string; target: string; headers: readonly string[]; body: Uint8Array | undefined }) {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const request: HttpRequest = {
    ...parts,
    headers: ["Host", "localhost", "Authorization", authorization, "X-Amz-Date", "x", ...parts.headers],
    protocol: "HTTP/1.1",
    encrypted: false,
    remoteAddress: "127.0.0.1",
    remotePort: 1,
    hasBody: parts.body !== undefined,
    signal: new AbortController().signal,
    readBody: (limit) =>
      parts.body !== undefined && parts.body.length > limit ? Promise.reject(new BodyTooLarge()) : Promise.resolve(Buffer.from(parts.body ?? [])),
  };
  const { status, headers } = await plane.handle(request);
  if (status < 200 || status === 500 || headers[1] !== "id") throw new Error(`answered ${String(status)}`);
}

test("any method, path, query, headers and body", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("apigateway", "lambda", "execute-api", "s3"), method, path, query,
      fc.array(fc.tuple(fc.constantFrom("Content-Type", "Accept", "X-Amz-Invocation-Type", "Sec-Fetch-Site", "Origin", "Host"), text), { maxLength: 2 }),
      fc.option(fc.uint8Array({ maxLength: 64 }), { nil: undefined }),
      fc.boolean(),
      async (service, verb, segments, pairs, headers, body, encode) => {
        const write = encode ? (part: string) => encodeURIComponent(part.toWellFormed()) : (part: string) => part;
        const search = pairs.map(([name, value]) => `${write(name)}=${write(value)}`).join("&");
        await send(service, { method: verb, target: `/${segments.map(write).join("/")}?${search}`, headers: headers.flat(), body });
      },
    ),
    { numRuns: 3_000 },
  );
  expect(logged).toEqual([]);
});

test("every operation, with a body that comes near its model", { timeout: 60_000 }, async () => {
  inputs.length = 0;
  for (const { table, operation } of operations) {
    await fc.assert(
      fc.asyncProperty(json(table, operation.input, 0), fc.array(text, { minLength: 6, maxLength: 6 }), query, async (value, labels, pairs) => {
        let next = 0;
        const [template, literal] = operation.uri.split("?") as [string, string?];
        const filled = template.replace(/\{\w+\+?\}/g, () => encodeURIComponent((labels[next++ % 6] as string).toWellFormed()) || "x");
        const search = pairs.map(([name, item]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(item.toWellFormed())}`);
        const target = `${filled}?${[literal, ...search].filter((part) => part !== undefined).join("&")}`;
        await send(table.signingName, { method: operation.method, target, headers: [], body: Buffer.from(JSON.stringify(value) ?? "") });
      }),
      { numRuns: 10 },
    );
  }
  expect(logged).toEqual([]);
  // Not all were turned away at the door.
  expect(inputs.length).toBeGreaterThan(500);
  expect(Object.keys({})).toEqual([]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
