import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const DOCUMENT = {
  openapi: "3.0.0",
  info: { title: "doc", version: "1", description: "description" },
  paths: {},
  "x-amazon-apigateway-documentation": {
    version: "1.0.3",
    documentationParts: [
      { location: { type: "API" }, properties: { description: "API description", info: { version: "API info version 3" } } },
      { location: { type: "METHOD", method: "GET" }, properties: { description: "Method description." } },
      { location: { type: "MODEL", name: "Empty" }, properties: { title: "Empty Schema" } },
      { location: { type: "RESPONSE", method: "GET", statusCode: 200 }, properties: { description: "200 response" } },
    ],
  },
};

async function start(limits = {}) {
  const { api } = startControlPlane({ limits });
  const { restApiId } = await petStore(api);
  const load = (document: unknown, options: { mode?: "merge" | "overwrite"; failOnWarnings?: boolean } = {}) =>
    api.ImportDocumentationParts({ restApiId, body: Buffer.from(typeof document === "string" ? document : JSON.stringify(document)), ...options }, call);
  const parts = async () => (await api.GetDocumentationParts({ restApiId, limit: 500 }, call)).items;
  return { api, restApiId, load, parts };
}

// api-gateway-documenting-api-quick-start-import-export
test("the guide's document is imported in place of the parts that there are", async () => {
  const { api, restApiId, load, parts } = await start();
  await api.CreateDocumentationPart({ restApiId, location: { type: "RESOURCE" }, properties: '{"description":"old"}' }, call);
  expect(await load(DOCUMENT, { mode: "overwrite", failOnWarnings: true })).toEqual({ ids: ["i00007", "i00008", "i00009", "i0000a"] });
  expect(await parts()).toEqual([
    { id: "i00007", location: { type: "API" }, properties: '{"description":"API description","info":{"version":"API info version 3"}}' },
    { id: "i00008", location: { type: "METHOD", path: "/", method: "GET" }, properties: '{"description":"Method description."}' },
    { id: "i00009", location: { type: "MODEL", name: "Empty" }, properties: '{"title":"Empty Schema"}' },
    { id: "i0000a", location: { type: "RESPONSE", path: "/", method: "GET", statusCode: "200" }, properties: '{"description":"200 response"}' },
  ]);
});

test("merging replaces attributes that differ, and leaves the others and other parts", async () => {
  const { api, restApiId, load, parts } = await start();
  await api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: '{"description":"old","x-a":1}' }, call);
  await api.CreateDocumentationPart({ restApiId, location: { type: "RESOURCE" }, properties: '{"description":"root"}' }, call);
  const documentationParts = [{ location: { type: "API" }, properties: { description: "new" } }];
  expect(await load({ ...DOCUMENT, "x-amazon-apigateway-documentation": { documentationParts } })).toEqual({ ids: ["i00006"] });
  expect(await parts()).toEqual([
    { id: "i00006", location: { type: "API" }, properties: '{"description":"new","x-a":1}' },
    { id: "i00007", location: { type: "RESOURCE", path: "/" }, properties: '{"description":"root"}' },
  ]);
});

test("a document without the extension says it in its own fields, in YAML as well", async () => {
  const { load, parts } = await start();
  await load(`
swagger: "2.0"
info: { title: t, version: "1", description: About }
paths:
  /pets:
    get:
      tags: [pets]
      summary: List
      parameters:
        - { name: page, in: query, type: string, description: The page }
        - { name: plain, in: query, type: string }
        - { name: Pet, in: body, description: A pet }
      responses:
        200: { description: 200 response, headers: { h: { type: string, description: A header } } }
        404: { description: None }
    x-amazon-apigateway-any-method: { description: Anything }
definitions:
  Pet: { description: A pet, type: object }
`);
  const where = { path: "/pets", method: "GET" };
  expect((await parts())?.map(({ location, properties }) => [location, JSON.parse(properties as string)])).toEqual([
    [{ type: "API" }, { info: { description: "About" } }],
    [{ type: "MODEL", name: "Pet" }, { description: "A pet" }],
    [{ type: "METHOD", ...where }, { tags: ["pets"], summary: "List" }],
    [{ type: "QUERY_PARAMETER", ...where, name: "page" }, { description: "The page" }],
    [{ type: "REQUEST_BODY", ...where }, { description: "A pet" }],
    [{ type: "RESPONSE_HEADER", ...where, statusCode: "200", name: "h" }, { description: "A header" }],
    [{ type: "RESPONSE", ...where, statusCode: "404" }, { description: "None" }],
    [{ type: "METHOD", path: "/pets", method: "ANY" }, { description: "Anything" }],
  ]);
});

const WRONG = [
  { location: { type: "API" }, properties: { description: "kept" } },
  { properties: {} },
  { location: { type: "PET" }, properties: {} },
  { location: { type: "API" }, properties: "text" },
  { location: { type: "API", path: "/" }, properties: {} },
];
const WARNINGS = [
  "x-amazon-apigateway-documentation.documentationParts[1] has no location. Ignoring.",
  "x-amazon-apigateway-documentation.documentationParts[2].location.type is not one of: [API, AUTHORIZER, MODEL, RESOURCE, METHOD, PATH_PARAMETER, QUERY_PARAMETER, REQUEST_HEADER, REQUEST_BODY, RESPONSE, RESPONSE_HEADER, RESPONSE_BODY]. Ignoring.",
  "x-amazon-apigateway-documentation.documentationParts[3].properties is not an object. Ignoring.",
  "Invalid documentation part location: path is not a valid field of the type API. Ignoring.",
];

test("parts that cannot be are left out with a warning", async () => {
  const { load, parts } = await start();
  const document = { "x-amazon-apigateway-documentation": { documentationParts: WRONG } };
  expect(await load(document)).toEqual({ ids: ["i00006"], warnings: WARNINGS });
  expect(await parts()).toHaveLength(1);
});

test("failOnWarnings imports nothing then", async () => {
  const { load, parts } = await start();
  const document = { "x-amazon-apigateway-documentation": { documentationParts: WRONG } };
  expect(await refusal(load(document, { failOnWarnings: true }))).toBe(
    `BadRequestException: Warnings found during import:\n${WARNINGS.map((each) => `\t${each}`).join("\n")}`,
  );
  expect(await parts()).toEqual([]);
});

test.each(["", "[]", '{"a":', "a: [", `${'{"a":'.repeat(300)}1${"}".repeat(300)}`])("the document %j is refused", async (document) => {
  const { load } = await start();
  expect(await refusal(load(document))).toBe("BadRequestException: Invalid OpenAPI input.");
});

test("an extension without parts is refused", async () => {
  const { load } = await start();
  expect(await refusal(load({ "x-amazon-apigateway-documentation": {} }))).toBe(
    "BadRequestException: Errors found during import:\n\tx-amazon-apigateway-documentation.documentationParts is not an array",
  );
});

test("an import keeps the quota", async () => {
  const { load, parts } = await start({ documentationPartsPerApi: 4 });
  await load(DOCUMENT);
  await load(DOCUMENT);
  const more = { "x-amazon-apigateway-documentation": { documentationParts: [{ location: { type: "RESOURCE" }, properties: {} }] } };
  expect(await refusal(load(more))).toMatch(/^LimitExceededException: Maximum number of Documentation Parts/);
  expect(await parts()).toHaveLength(4);
  expect((await load(more, { mode: "overwrite" })).ids).toHaveLength(1);
});
