// APIs under custom domain names: what selects them, what they see of it, and what is answered for the rest.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OWN_HEADERS, resultOf, startGateway } from "../harness/gateway.ts";
import type { TestGateway } from "../harness/gateway.ts";
import { API_ID, planOf } from "../harness/rest-api.ts";

const VARIABLES = ["domainName", "domainPrefix", "path", "resourcePath", "stage", "apiId"] as const;
const MOCK = {
  requestTemplates: { "application/json": '{"statusCode": 200}' },
  integrationResponses: {
    200: {
      statusCode: "200",
      responseTemplates: { "application/json": `{${VARIABLES.map((name) => `"${name}":"$context.${name}"`).join(",")}}` },
    },
  },
};
const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

let gate: TestGateway;
const invoked: { readonly event: Record<string, unknown>; readonly sourceArn: string | undefined }[] = [];
beforeAll(async () => {
  const methods = {
    "GET /pets/{id}": { integration: MOCK },
    "GET /function/{proxy+}": { integration: { type: "AWS_PROXY", httpMethod: "POST", uri: FUNCTION } },
  } as const;
  gate = await startGateway([planOf(methods), planOf(methods, { api: { id: "disabled00" }, snapshot: { disableExecuteApiEndpoint: true } })], {
    invoke: ({ caller, payload }) => {
      invoked.push({ event: JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>, sourceArn: caller?.sourceArn });
      return Promise.resolve(resultOf({ statusCode: 200, body: "done" }));
    },
  });
  const named = { domainNameId: undefined, refusal: undefined };
  gate.gateway.putDomain({
    ...named,
    domainName: "api.example.com",
    mappings: [
      { basePath: "shop", restApiId: API_ID, stage: "prod" },
      { basePath: "staged", restApiId: API_ID },
      { basePath: "hidden", restApiId: "disabled00", stage: "prod" },
      { basePath: "gone", restApiId: "zzzzzzzzzz", stage: "prod" },
    ],
  });
  gate.gateway.putDomain({ ...named, domainName: "*.example.org", mappings: [{ basePath: "(none)", restApiId: API_ID, stage: "prod" }] });
  gate.gateway.putDomain({ domainName: "private.example.com", domainNameId: "abcd1234", mappings: [], refusal: "private.example.com is not served" });
});
afterAll(() => gate[Symbol.asyncDispose]());

const ask = (host: string, target: string) => gate.ask({ target, headers: ["Host", host] });

describe("$context", () => {
  const facts = { resourcePath: "/pets/{id}", stage: "prod", apiId: API_ID };
  it.each([
    ["api.example.com:4566", "/shop/pets/7", { domainName: "api.example.com", domainPrefix: "api", path: "/shop/pets/7", ...facts }],
    ["api.example.com", "/staged/prod/pets/7", { domainName: "api.example.com", domainPrefix: "api", path: "/staged/prod/pets/7", ...facts }],
    ["shop.example.org", "/pets/7", { domainName: "shop.example.org", domainPrefix: "shop", path: "/pets/7", ...facts }],
    // rest-api-disable-default-endpoint: the API answers under its custom domain name alone.
    ["api.example.com", "/hidden/pets/7", { domainName: "api.example.com", domainPrefix: "api", path: "/hidden/pets/7", ...facts, apiId: "disabled00" }],
  ])("of Host %s, %s", async (host, target, expected) => {
    const { status, body } = await ask(host, target);
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 200, body: expected });
  });
});

describe("the event's path has the base path, and the stage where clients name it", () => {
  // github.com/CodeGenieApp/serverless-express/issues/86, github.com/akrylysov/algnhsa/issues/3.
  it.each([
    ["api.example.com", "/shop/function/a", "/shop/function/a"],
    ["api.example.com", "/staged/prod/function/a", "/staged/prod/function/a"],
    ["shop.example.org", "/function/a", "/function/a"],
  ])("Host %s, %s", async (host, target, path) => {
    invoked.length = 0;
    expect((await ask(host, target)).body).toBe("done");
    const [{ event, sourceArn } = { event: {}, sourceArn: "" }] = invoked;
    expect(event).toMatchObject({
      resource: "/function/{proxy+}",
      path,
      pathParameters: { proxy: "a" },
      requestContext: { path, stage: "prod", domainName: host, domainPrefix: host.split(".")[0] },
    });
    // What the function's policy is checked against knows nothing of base paths.
    expect(sourceArn).toBe(`arn:aws:execute-api:us-east-1:123456789012:${API_ID}/prod/GET/function/{proxy+}`);
  });
});

const refused = (status: number, errorType: string, message: string) => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": errorType, ...OWN_HEADERS },
  body: JSON.stringify({ message }),
});

it.each([
  ["no mapping has the path", "api.example.com", "/other/pets/7"],
  ["a base path is only begun", "api.example.com", "/shopping/pets/7"],
  ["the mapped API is not there", "api.example.com", "/gone/pets/7"],
  ["the stage that the path names is not there", "api.example.com", "/staged/test/pets/7"],
  ["the path names no stage", "api.example.com", "/staged"],
])("403 Forbidden where %s", async (_, host, target) => {
  expect(await ask(host, target)).toMatchObject(refused(403, "ForbiddenException", "Forbidden"));
});

it("403 Missing Authentication Token where the stage stands in the path although the mapping has one (repost.aws: api-gateway-403-custom-domain)", async () => {
  expect(await ask("api.example.com", "/shop/prod/pets/7")).toMatchObject(refused(403, "MissingAuthenticationTokenException", "Missing Authentication Token"));
});

it("501, and why, where a domain name asks for what is not built", async () => {
  expect(await ask("private.example.com", "/pets/7")).toMatchObject(refused(501, "NotImplementedException", "private.example.com is not served"));
});

it("an API with a disabled endpoint is not served under its own name", async () => {
  expect((await ask("disabled00.execute-api.us-east-1.amazonaws.com", "/prod/pets/7")).status).toBe(403);
});
