import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { type DocumentationPartLocation, documentationParts, documentationVersions } from "../../domain/documentation.ts";

const NOT_FOUND = "NotFoundException: Invalid Documentation part identifier specified";

async function start(limits = {}) {
  const { api } = startControlPlane({ limits });
  const found = await petStore(api);
  const { restApiId } = found;
  const create = (location: DocumentationPartLocation, properties: object = { description: "." }) =>
    api.CreateDocumentationPart({ restApiId, location, properties: JSON.stringify(properties) }, call);
  return { api, ...found, create };
}

test("CreateDocumentationPart, GetDocumentationPart, GetDocumentationParts by pages, DeleteDocumentationPart", async () => {
  const { api, restApiId, create } = await start();
  const first = await create({ type: "API" }, { info: { description: "Your first API with Amazon API Gateway." } });
  const properties = '{"info":{"description":"Your first API with Amazon API Gateway."}}';
  expect(first).toEqual({ id: "i00006", location: { type: "API" }, properties });
  const key = { restApiId, documentationPartId: "i00006" };
  expect(await api.GetDocumentationPart(key, call)).toEqual(first);
  const second = await create({ type: "MODEL", name: "Error" });
  const page = await api.GetDocumentationParts({ restApiId, limit: 1 }, call);
  expect(page).toEqual({ items: [first], position: expect.any(String) });
  expect(await api.GetDocumentationParts({ restApiId, position: page.position as string }, call)).toEqual({ items: [second] });
  expect(await api.DeleteDocumentationPart(key, call)).toEqual({});
  expect(await refusal(api.GetDocumentationPart(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateDocumentationPart(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteDocumentationPart(key, call))).toBe(NOT_FOUND);
});

// The table of api-gateway-documenting-api-content-representation.
test.each<[DocumentationPartLocation, DocumentationPartLocation]>([
  [{ type: "API" }, { type: "API" }],
  [{ type: "AUTHORIZER", name: "a" }, { type: "AUTHORIZER", name: "a" }],
  [{ type: "MODEL", name: "Error.message" }, { type: "MODEL", name: "Error.message" }],
  [{ type: "RESOURCE" }, { type: "RESOURCE", path: "/" }],
  [{ type: "METHOD" }, { type: "METHOD", path: "/", method: "*" }],
  [{ type: "METHOD", path: "/pets", method: "GET" }, { type: "METHOD", path: "/pets", method: "GET" }],
  [{ type: "PATH_PARAMETER", name: "id" }, { type: "PATH_PARAMETER", path: "/", method: "*", name: "id" }],
  [{ type: "QUERY_PARAMETER", name: "q" }, { type: "QUERY_PARAMETER", path: "/", method: "*", name: "q" }],
  [{ type: "REQUEST_HEADER", name: "h" }, { type: "REQUEST_HEADER", path: "/", method: "*", name: "h" }],
  [{ type: "REQUEST_BODY", method: "" }, { type: "REQUEST_BODY", path: "/", method: "*" }],
  [{ type: "RESPONSE", statusCode: "400" }, { type: "RESPONSE", path: "/", method: "*", statusCode: "400" }],
  [{ type: "RESPONSE_HEADER", name: "h" }, { type: "RESPONSE_HEADER", path: "/", method: "*", statusCode: "*", name: "h" }],
  [{ type: "RESPONSE_BODY" }, { type: "RESPONSE_BODY", path: "/", method: "*", statusCode: "*" }],
])("the location %j is %j", async (given, location) => {
  const { create } = await start();
  expect(await create(given)).toEqual({ id: "i00006", location, properties: '{"description":"."}' });
});

test.each<[DocumentationPartLocation, string]>([
  [{ type: "API", path: "/" }, "path is not a valid field of the type API"],
  [{ type: "RESOURCE", method: "GET" }, "method is not a valid field of the type RESOURCE"],
  [{ type: "METHOD", statusCode: "200" }, "statusCode is not a valid field of the type METHOD"],
  [{ type: "RESPONSE", name: "x" }, "name is not a valid field of the type RESPONSE"],
  [{ type: "MODEL" }, "name is required for the type MODEL"],
  [{ type: "RESPONSE_HEADER", statusCode: "200" }, "name is required for the type RESPONSE_HEADER"],
  [{ type: "RESOURCE", path: "pets" }, "the path 'pets' does not begin with '/'"],
  [{ type: "METHOD", method: "get" }, "the method 'get' is not one of: [*, ANY, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT]"],
  [{ type: "RESPONSE", statusCode: "600" }, "the status code '600' is neither one of HTTP nor '*'"],
])("the location %j is refused", async (location, reason) => {
  const { create } = await start();
  expect(await refusal(create(location))).toBe(`BadRequestException: Invalid Documentation part location specified: ${reason}`);
});

test.each(["", "text", "[]", "null", '{"a":'])("the properties %j are refused", async (properties) => {
  const { api, restApiId } = await start();
  expect(await refusal(api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties }, call))).toBe(
    "BadRequestException: Invalid Documentation part properties specified: they are not a JSON object",
  );
});

// api-gateway-documenting-api-quick-start-with-restapi
test("a location has one part", async () => {
  const { create } = await start();
  await create({ type: "API" });
  expect(await refusal(create({ type: "API" }))).toBe("ConflictException: Documentation part already exists for the specified location: type 'API'.");
  await create({ type: "RESOURCE" });
  expect(await refusal(create({ type: "RESOURCE", path: "/" }))).toBe(
    "ConflictException: Documentation part already exists for the specified location: type 'RESOURCE', path '/'.",
  );
});

test("an API has as many parts as its quota says", async () => {
  const { create } = await start({ documentationPartsPerApi: 1 });
  await create({ type: "API" });
  expect(await refusal(create({ type: "RESOURCE" }))).toBe(
    "LimitExceededException: Maximum number of Documentation Parts for this API has been reached.  Please contact AWS if you need additional Documentation Parts.",
  );
});

test.each([
  [{ type: "MODEL" }, ["Error", "Pet", "Pets"]],
  [{ nameQuery: "Pet" }, ["Pet", "Pets"]],
  [{ nameQuery: "Pet", type: "QUERY_PARAMETER" }, []],
  [{ path: "/pets" }, ["page"]],
  [{ locationStatus: "DOCUMENTED" }, ["Error", "Pet", "Pets", "page"]],
] as const)("GetDocumentationParts with %j", async (query, names) => {
  const { api, restApiId, create } = await start();
  for (const name of ["Error", "Pet", "Pets"]) await create({ type: "MODEL", name });
  await create({ type: "QUERY_PARAMETER", path: "/pets", method: "GET", name: "page" });
  const { items } = await api.GetDocumentationParts({ restApiId, ...query }, call);
  expect(items?.map(({ location }) => location?.name)).toEqual(names);
});

test("GetDocumentationParts with locationStatus UNDOCUMENTED gives what has no part, by pages", async () => {
  const { api, restApiId, method, create } = await start();
  await api.UpdateMethod({ ...method, patchOperations: [{ op: "add", path: "/requestParameters/method.request.querystring.a.b", value: "true" }] }, call);
  await api.PutMethodResponse({ ...method, statusCode: "200", responseParameters: { "method.response.header.h": true }, responseModels: { "application/json": "Empty" } }, call);
  await create({ type: "METHOD", path: "/pets", method: "GET" });
  const where = { path: "/pets", method: "GET" };
  const expected = [
    { type: "API" },
    { type: "MODEL", name: "Empty" },
    { type: "MODEL", name: "Error" },
    { type: "QUERY_PARAMETER", ...where, name: "a.b" },
    { type: "RESOURCE", path: "/" },
    { type: "RESOURCE", path: "/pets" },
    { type: "RESPONSE", ...where, statusCode: "200" },
    { type: "RESPONSE_BODY", ...where, statusCode: "200" },
    { type: "RESPONSE_HEADER", ...where, statusCode: "200", name: "h" },
  ];
  const query = { restApiId, locationStatus: "UNDOCUMENTED" } as const;
  expect((await api.GetDocumentationParts(query, call)).items).toEqual(expected.map((location) => ({ location })));
  const page = await api.GetDocumentationParts({ ...query, limit: 8 }, call);
  expect(page.items).toHaveLength(8);
  expect(await api.GetDocumentationParts({ ...query, position: page.position as string }, call)).toEqual({ items: [{ location: expected[8] }] });
});

test("UpdateDocumentationPart replaces the properties, and nothing else", async () => {
  const { api, restApiId, create } = await start();
  const part = await create({ type: "API" });
  const key = { restApiId, documentationPartId: part.id as string };
  const update = (op: "replace" | "add", path: string, value: string) => api.UpdateDocumentationPart({ ...key, patchOperations: [{ op, path, value }] }, call);
  expect(await update("replace", "/properties", '{ "x-a": 1 }')).toEqual({ ...part, properties: '{ "x-a": 1 }' });
  expect((await api.GetDocumentationPart(key, call)).properties).toBe('{ "x-a": 1 }');
  expect(await refusal(update("replace", "/properties", "x"))).toBe("BadRequestException: Invalid Documentation part properties specified: they are not a JSON object");
  const only = (op: string, path: string, paths: string) => `BadRequestException: Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${paths}]`;
  expect(await refusal(update("replace", "/location/path", "/x"))).toBe(only("replace", "/location/path", "/properties"));
  expect(await refusal(update("add", "/properties", "{}"))).toBe(only("add", "/properties", ""));
});

test("parts belong to one API, and go with it", async () => {
  const { api, store } = startControlPlane();
  const { restApiId } = await petStore(api);
  const other = await petStore(api);
  const part = { location: { type: "API" }, properties: "{}" } as const;
  const { id } = await api.CreateDocumentationPart({ restApiId, ...part }, call);
  const kept = await api.CreateDocumentationPart({ restApiId: other.restApiId, ...part }, call);
  await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
  expect(await refusal(api.GetDocumentationPart({ restApiId: other.restApiId, documentationPartId: id as string }, call))).toBe(NOT_FOUND);
  await api.DeleteRestApi({ restApiId }, call);
  const gone = `NotFoundException: Invalid API identifier specified 000000000000:${restApiId}`;
  expect(await refusal(api.GetDocumentationPart({ restApiId, documentationPartId: id as string }, call))).toBe(gone);
  expect(await refusal(api.CreateDocumentationPart({ restApiId, ...part }, call))).toBe(gone);
  expect((await store.list(documentationParts, {})).items.map(({ value }) => value.id)).toEqual([kept.id]);
  expect((await store.list(documentationVersions, {})).items).toEqual([]);
});
