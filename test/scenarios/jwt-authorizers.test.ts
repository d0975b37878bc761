// A REST API whose callers have tokens of two issuers, as its developer makes it and its callers meet it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html). The clients of the test do not
// know of JWT configurations yet: what has one goes over the wire as it is.
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  DeleteAuthorizerCommand,
  GetAuthorizersCommand,
  GetExportCommand,
  ImportRestApiCommand,
  TestInvokeAuthorizerCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { newKey, startIssuer, type TestIssuer } from "../harness/issuer.ts";

let issuer: TestIssuer;
let pool: TestIssuer;
let gatehouse: Gatehouse;
let client: APIGatewayClient;

beforeAll(async () => {
  issuer = await startIssuer({ path: "tenant/" });
  pool = await startIssuer({ path: "us-east-1_pets", keys: [newKey("ec", "ES256")] });
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  client.destroy();
  await gatehouse.stop();
  await issuer.stop();
  await pool.stop();
});

const AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host;x-amz-date, Signature=0";

async function send(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly answer: unknown }> {
  const headers = { Authorization: AUTHORIZATION, "X-Amz-Date": "20260101T000000Z", "Content-Type": "application/json" };
  const { status, body: text } = await call(`${gatehouse.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status, answer: JSON.parse(text) };
}

const INTEGRATION = { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' }, responses: { default: { statusCode: "200", responseTemplates: { "application/json": "$context.authorizer.claims.sub" } } } };
const operation = (scopes: readonly string[]) => ({ security: [{ tokens: scopes }], responses: { 200: { description: "" } }, "x-amazon-apigateway-integration": INTEGRATION });
const documentOf = (jwtConfiguration: object) => ({
  openapi: "3.0.1",
  info: { title: "orders", version: "1" },
  paths: { "/orders": { get: operation(["orders/read"]), post: operation(["orders/write"]) } },
  components: {
    securitySchemes: {
      tokens: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "jwt", "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration } },
    },
  },
});

const outcome = async (apiId: string, method: string, token?: string): Promise<string> => {
  const { status, body } = await callApi(gatehouse, apiId, "/test/orders", { method, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
  return `${status} ${body}`;
};
const UNAUTHORIZED = '401 {"message":"Unauthorized"}';

it("accepts tokens of its issuers that say what they have to, for the methods that they have scopes for", async () => {
  const trusted = { issuer: issuer.issuer, audiences: ["orders"], additionalClaims: [{ claimName: "tenant", format: "SINGLE_STRING", required: true, expectedValues: ["acme"] }] };
  const configuration = { issuers: [trusted], defaultAlgorithms: ["RS256", "ES256"] };
  const { id: restApiId = "" } = await client.send(new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(documentOf(configuration))) }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  const { items = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  const authorizerId = items[0]?.id as string;
  const path = `/restapis/${restApiId}/authorizers/${authorizerId}`;
  expect((await send("GET", path)).answer).toEqual({
    id: authorizerId,
    name: "tokens",
    type: "JWT",
    authType: "jwt",
    identitySource: "method.request.header.Authorization",
    jwtConfiguration: { ...configuration, issuers: [{ ...trusted, jwksUri: `${issuer.issuer}keys?v=1` }] },
  });

  const good = { aud: ["x", "orders"], scope: "orders/read", tenant: "acme" };
  expect(await outcome(restApiId, "GET", issuer.sign(good))).toBe('200 "user"');
  expect(await outcome(restApiId, "POST", issuer.sign(good))).toBe('403 {"Message":"User is not authorized to access this resource"}');
  expect(await outcome(restApiId, "GET", issuer.sign({ ...good, tenant: "evil" }))).toBe(UNAUTHORIZED);
  expect(await outcome(restApiId, "GET", issuer.sign({ ...good, aud: "x" }))).toBe(UNAUTHORIZED);
  expect(await outcome(restApiId, "GET")).toBe(UNAUTHORIZED);
  const pooled = pool.sign({ aud: "client", scope: "orders/read orders/write" });
  expect(await outcome(restApiId, "GET", pooled)).toBe(UNAUTHORIZED);

  const tested = await client.send(new TestInvokeAuthorizerCommand({ restApiId, authorizerId, headers: { Authorization: issuer.sign(good) } }));
  expect(tested).toMatchObject({ clientStatus: 0, claims: { tenant: '"acme"' } });
  const failed = await client.send(new TestInvokeAuthorizerCommand({ restApiId, authorizerId, headers: { Authorization: issuer.sign({ ...good, tenant: "evil" }) } }));
  expect(failed).toMatchObject({ clientStatus: 401 });

  // rest-api-jwt-authorizer-update: an issuer is added beside the one that there is, and takes effect with a deployment.
  const wider = { ...configuration, issuers: [trusted, { issuer: pool.issuer, audiences: ["client"] }] };
  const replaced = await send("PATCH", path, { patchOperations: [{ op: "replace", path: "/jwtConfiguration", value: JSON.stringify(wider) }] });
  expect(replaced).toMatchObject({ status: 200, answer: { jwtConfiguration: { issuers: [{ issuer: issuer.issuer }, { issuer: pool.issuer, jwksUri: `${pool.issuer}/keys?v=1` }] } } });
  expect(await outcome(restApiId, "POST", pooled)).toBe(UNAUTHORIZED);
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  expect(await outcome(restApiId, "POST", pooled)).toBe('200 "user"');
  expect(await outcome(restApiId, "GET", issuer.sign(good))).toBe('200 "user"');
  // It was asked at the import and at the update, and not for tokens.
  expect(issuer.asked.discovery).toBe(2);

  const { body } = await client.send(new GetExportCommand({ restApiId, stageName: "test", exportType: "oas30", parameters: { extensions: "authorizers" } }));
  const { components } = JSON.parse(Buffer.from(body as Uint8Array).toString()) as { components: unknown };
  expect(components).toEqual(documentOf(wider).components);
});

it("is not made for issuers that cannot be asked, and for what no authorizer can be", async () => {
  const { id: restApiId = "" } = await client.send(new ImportRestApiCommand({ body: Buffer.from(JSON.stringify({ ...documentOf({}), paths: {}, components: {} })) }));
  const create = (parts: object, issuers: readonly object[] = [{ issuer: issuer.issuer, audiences: ["orders"] }]) =>
    send("POST", `/restapis/${restApiId}/authorizers`, {
      name: "tokens", type: "JWT", identitySource: "method.request.header.Authorization", jwtConfiguration: { issuers, defaultAlgorithms: ["RS256"], ...parts },
    });
  const gone = await startIssuer();
  await gone.stop();
  expect(await create({}, [{ issuer: gone.issuer, audiences: ["a"] }])).toEqual({
    status: 400,
    answer: { message: expect.stringContaining(`Invalid issuer: ${gone.issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': `) as unknown },
  });
  // Model: JwtSigningAlgorithm
  expect(await create({ defaultAlgorithms: ["HS256"] })).toEqual({
    status: 400,
    answer: { message: expect.stringContaining("Member must satisfy enum value set: [ES256, ES384, ES512, RS256, RS384, RS512]") as unknown },
  });
  expect((await create({}))).toMatchObject({ status: 201, answer: { type: "JWT" } });
  const { items = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  expect(items).toHaveLength(1);
  await client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId: items[0]?.id }));
});
