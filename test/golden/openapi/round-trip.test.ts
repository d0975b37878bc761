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

const LAMBDA = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";
const authorizer = (its: object) => ({ type: "apiKey", in: "header", "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": its });
const operation = (security: readonly object[], more: object = {}) => ({
  ...more,
  ...(security.length === 0 ? {} : { security }),
  "x-amazon-apigateway-integration": { passthroughBehavior: "when_no_match", responseTransferMode: "BUFFERED", type: "mock" },
});

/** One of everything that API Gateway adds to OpenAPI. */
const EVERYTHING = {
  openapi: "3.0.1",
  info: { title: "Everything", description: "Documented", version: DEPLOYED },
  servers: [
    {
      url: "https://API.execute-api.us-east-1.amazonaws.com/{basePath}",
      variables: { basePath: { default: "/prod" } },
      "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true },
    },
  ],
  paths: {
    "/": {
      get: operation([{ sigv4: [] }, { api_key: [] }], {
        summary: "The root",
        operationId: "root",
        parameters: [{ name: "q", in: "query", required: true, description: "A query", schema: { type: "string" } }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } }, required: true },
        responses: {
          200: { description: "Fine", headers: { h: { schema: { type: "string" } } }, content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } } },
          404: { description: "404 response", content: {} },
        },
        "x-amazon-apigateway-request-validator": "all",
      }),
      "x-amazon-apigateway-any-method": operation([{ pool: ["a/b"] }]),
    },
    "/{proxy+}": { put: operation([{ token: [] }], { parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }] }), post: operation([{ request: [] }]) },
  },
  components: {
    schemas: {
      Leaf: { title: "Leaf", type: "object", properties: { big: { maximum: 9_007_199_254_740_991, type: "integer" } } },
      // Refers to itself.
      Node: { title: "Node", required: ["leaf"], type: "object", properties: { leaf: { $ref: "#/components/schemas/Leaf" }, next: { $ref: "#/components/schemas/Node" } } },
    },
    securitySchemes: {
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
      token: { ...authorizer({ authorizerUri: LAMBDA, authorizerResultTtlInSeconds: 0, identityValidationExpression: "^x", type: "token" }), name: "Auth" },
      request: { ...authorizer({ authorizerUri: LAMBDA, authorizerResultTtlInSeconds: 60, identitySource: "method.request.header.A, context.accountId", type: "request" }), name: "Unused" },
      pool: {
        ...authorizer({ providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a"], type: "cognito_user_pools" }),
        name: "Authorization",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
      },
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    },
  },
  "x-amazon-apigateway-documentation": {
    version: "1",
    createdDate: DEPLOYED,
    documentationParts: [
      { location: { type: "API" }, properties: { info: { description: "Documented" }, "x-own": { a: [1] } } },
      { location: { type: "METHOD", method: "GET" }, properties: { summary: "The root" } },
      { location: { type: "QUERY_PARAMETER", name: "q" }, properties: { description: "A query" } },
      { location: { type: "RESPONSE", statusCode: "200" }, properties: { description: "Fine" } },
    ],
  },
  "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:us-east-1:000000000000:*" }] },
  "x-amazon-apigateway-gateway-responses": {
    ACCESS_DENIED: { statusCode: 404, responseParameters: { "gatewayresponse.header.a": "'b'" }, responseTemplates: { "application/json": "{}" } },
    DEFAULT_5XX: { responseTemplates: { "application/json": "{}" } },
  },
  "x-amazon-apigateway-request-validators": { all: { validateRequestParameters: true, validateRequestBody: true } },
  "x-amazon-apigateway-api-key-source": "AUTHORIZER",
  "x-amazon-apigateway-minimum-compression-size": 1024,
  "x-amazon-apigateway-binary-media-types": ["image/png", "*/*"],
  "x-own": { a: [1] },
};

/** Imports a document, deploys the API with its documentation, and exports it again. */
async function through(document: string, exportType: string, accepts: string): Promise<string> {
  const { api } = startControlPlane();
  const { id, warnings } = await api.ImportRestApi({ body: Buffer.from(document), failOnWarnings: true }, call);
  expect(warnings).toBeUndefined();
  const restApiId = id as string;
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1", stageName: "prod" }, call);
  const { body } = await api.GetExport({ restApiId, stageName: "prod", exportType, accepts, parameters: { extensions: "apigateway" } }, call);
  return Buffer.from(body as Uint8Array).toString().replaceAll(restApiId, "API");
}

it("everything that API Gateway adds comes out as it went in", async () => {
  const written = await through(JSON.stringify(EVERYTHING), "oas30", "application/json");
  expect(JSON.parse(written)).toEqual(EVERYTHING);
});

it.each(["application/json", "application/yaml"])("a definition survives its way through both versions, as %s", async (accepts) => {
  const first = await through(JSON.stringify(EVERYTHING), "swagger", accepts);
  expect(await through(first, "swagger", accepts)).toBe(first);
  const other = await through(first, "oas30", accepts);
  expect(JSON.parse(await through(other, "oas30", "application/json"))).toEqual(EVERYTHING);
});
