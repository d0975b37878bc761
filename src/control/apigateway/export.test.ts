import { expect, test } from "vitest";
import { call, callOf, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

async function start() {
  const { api, advance } = startControlPlane();
  const found = await petStore(api);
  const { restApiId } = found;
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  const read = (parts: { exportType?: string; accepts?: string; parameters?: Record<string, string>; stageName?: string } = {}) =>
    api.GetExport({ restApiId, stageName: "prod", exportType: "swagger", ...parts }, call);
  const text = async (...args: Parameters<typeof read>) => Buffer.from((await read(...args)).body as Uint8Array).toString();
  return { api, advance, ...found, read, text };
}

test("GetExport gives the stage's deployment, with the headers of AWS's answers", async () => {
  const { read, text, restApiId } = await start();
  const { body: _body, ...headers } = await read();
  // dev.classmethod.jp/articles/tsnote-api-gateway-export-of-swagger quotes both headers.
  expect(headers).toEqual({ contentType: "application/octet-stream", contentDisposition: 'attachment; filename="swagger_2026-01-02T03:04:05Z.json"' });
  expect(await text()).toBe(
    [
      "{",
      '  "swagger" : "2.0",',
      '  "info" : {',
      '    "version" : "2026-01-02T03:04:05Z",',
      '    "title" : "PetStore"',
      "  },",
      `  "host" : "${restApiId}.execute-api.us-east-1.amazonaws.com",`,
      '  "basePath" : "/prod",',
      '  "schemes" : [ "https" ],',
      '  "paths" : {',
      '    "/pets" : {',
      '      "get" : {',
      '        "responses" : { }',
      "      }",
      "    }",
      "  }",
      "}",
    ].join("\n"),
  );
});

test.each([
  [{ exportType: "oas30" }, "oas30_2026-01-02T03:04:05Z.json", '{\n  "openapi" : "3.0.1",'],
  [{ accepts: "application/json" }, "swagger_2026-01-02T03:04:05Z.json", '{\n  "swagger" : "2.0",'],
  [{ accepts: "*/*" }, "swagger_2026-01-02T03:04:05Z.json", '{\n  "swagger" : "2.0",'],
  [{ accepts: "application/yaml;q=0.9, application/json" }, "swagger_2026-01-02T03:04:05Z.yaml", '---\nswagger: "2.0"\n'],
  [{ exportType: "oas30", accepts: "application/yaml" }, "oas30_2026-01-02T03:04:05Z.yaml", '---\nopenapi: "3.0.1"\n'],
])("GetExport with %j is %s", async (parts, filename, beginning) => {
  const { read, text } = await start();
  expect((await read(parts)).contentDisposition).toBe(`attachment; filename="${filename}"`);
  expect((await text(parts)).slice(0, beginning.length)).toBe(beginning);
});

test.each([
  [{ extensions: "integrations" }, true],
  [{ extensions: "authorizers, integrations" }, true],
  [{ extensions: "apigateway" }, true],
  [{ extensions: "authorizers" }, false],
  [{ extensions: "postman" }, false],
  [{ extensions: "" }, false],
  [{}, false],
])("GetExport with the parameters %j has integrations: %j", async (parameters, expected) => {
  const { text } = await start();
  expect((await text({ parameters })).includes('"x-amazon-apigateway-integration"')).toBe(expected);
});

test.each([
  [{ stageName: "none" }, "NotFoundException: Invalid stage identifier specified"],
  [{ exportType: "raml" }, "BadRequestException: Invalid export type specified: raml. Must be one of: [oas30, swagger]"],
  [{ accepts: "text/plain" }, "BadRequestException: Invalid Accept header specified: text/plain. Must be one of: [application/json, application/yaml]"],
  [{ parameters: { extensions: "integrations,other" } }, "BadRequestException: Invalid extension specified: other. Must be one of: [apigateway, authorizers, documentation, integrations, postman]"],
])("GetExport with %j is refused", async (parts, expected) => {
  const { read } = await start();
  expect(await refusal(read(parts))).toBe(expected);
});

test("models that are not of JSON are refused in AWS's words", async () => {
  const { api, restApiId, method, read } = await start();
  await api.CreateModel({ restApiId, name: "Xml", contentType: "application/xml", schema: "<x/>" }, call);
  await api.UpdateMethod({ ...method, patchOperations: [{ op: "add", path: "/requestModels/application~1xml", value: "Xml" }] }, call);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  expect(await refusal(read())).toBe("BadRequestException: Only found non-JSON body models for method GET of /pets");
});

test("what has been changed since the deployment is not exported, nor what another deployment has", async () => {
  const { api, advance, restApiId, rootId, text } = await start();
  const before = await text();
  await api.PutMethod({ restApiId, resourceId: rootId, httpMethod: "GET", authorizationType: "NONE" }, call);
  await api.PutIntegration({ restApiId, resourceId: rootId, httpMethod: "GET", type: "MOCK" }, call);
  advance(1000);
  await api.CreateDeployment({ restApiId, stageName: "test" }, call);
  expect(await text()).toBe(before);
  expect(Object.keys((JSON.parse(await text({ stageName: "test" })) as { paths: object }).paths)).toEqual(["/", "/pets"]);
});

// api-gateway-documenting-api-quick-start-publishing
test("documentation comes from the version that the stage points at", async () => {
  const { api, restApiId, text } = await start();
  const part = await api.CreateDocumentationPart({ restApiId, location: { type: "METHOD", path: "/pets", method: "GET" }, properties: '{"summary":"first"}' }, call);
  expect(await text()).not.toContain("first");
  await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1.0.0", stageName: "prod" }, call);
  const patchOperations = [{ op: "replace", path: "/properties", value: '{"summary":"second"}' }] as const;
  await api.UpdateDocumentationPart({ restApiId, documentationPartId: part.id as string, patchOperations }, call);
  const document = JSON.parse(await text()) as { paths: unknown };
  expect(document).toMatchObject({
    paths: { "/pets": { get: { summary: "first" } } },
    "x-amazon-apigateway-documentation": {
      version: "1.0.0",
      createdDate: "2026-01-02T03:04:05Z",
      documentationParts: [{ location: { type: "METHOD", path: "/pets", method: "GET" }, properties: { summary: "first" } }],
    },
  });
  expect(await text({ parameters: { extensions: "integrations" } })).not.toContain("first");
  expect(await text({ parameters: { extensions: "integrations,documentation" } })).toContain("first");
});

test("APIs in China have China's domain", async () => {
  const { api } = startControlPlane();
  const caller = callOf("000000000000", "cn-north-1");
  const { restApiId } = await petStore(api, caller);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, caller);
  const { body } = await api.GetExport({ restApiId, stageName: "prod", exportType: "swagger" }, caller);
  expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toMatchObject({ host: `${restApiId}.execute-api.cn-north-1.amazonaws.com.cn` });
});
