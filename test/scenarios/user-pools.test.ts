// A REST API with a user pool, as its developer makes it and its callers meet it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html). An issuer of the
// test's own stands in the place of the user pool.
import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  ImportRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TestInvokeAuthorizerCommand,
  UpdateAuthorizerCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, type LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { startIssuer, type TestIssuer } from "../harness/issuer.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "123456789012";
const POOL = `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_pets`;
const BACKEND = `export const handler = async ({ requestContext }) => ({ statusCode: 200, body: JSON.stringify(requestContext.authorizer ?? null) });`;
const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${ACCOUNT}:function:backend/invocations`;
const READ = "https://my-petstore-api.example.com/cats.read";

let issuer: TestIssuer;
let gatehouse: Gatehouse;
let client: APIGatewayClient;
let lambda: LambdaClient;

beforeAll(async () => {
  issuer = await startIssuer({ path: "us-east-1_pets" });
  gatehouse = await startGatehouse({ args: ["--in-memory", "--user-pools", `${POOL}=${issuer.issuer}`] });
  client = gatehouse.apiGateway({ account: ACCOUNT });
  lambda = gatehouse.lambda({ account: ACCOUNT });
  const FunctionName = "backend";
  const Role = `arn:aws:iam::${ACCOUNT}:role/lambda`;
  const Code = { ZipFile: zip({ "index.mjs": BACKEND }) };
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10 }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
  const SourceArn = `arn:aws:execute-api:us-east-1:${ACCOUNT}:*`;
  await lambda.send(
    new AddPermissionCommand({ FunctionName, StatementId: "apis", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com", SourceArn }),
  );
});
afterAll(async () => {
  lambda.destroy();
  client.destroy();
  await gatehouse.stop();
  await issuer.stop();
});

const ID = { token_use: "id", aud: "client", email: "jane@example.com", "custom:role": "chef" };

/** Says which status and body a token leads to. */
async function outcome(apiId: string, path: string, token?: string): Promise<string> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: token };
  const { status, body } = await callApi(gatehouse, apiId, `/test${path}`, { headers });
  return `${status} ${body}`;
}

describe("an API whose callers are a user pool's users", () => {
  let restApiId: string;
  let authorizerId: string;

  beforeAll(async () => {
    const { id = "", rootResourceId = "" } = await client.send(new CreateRestApiCommand({ name: "pets" }));
    restApiId = id;
    const pools = { name: "pets", type: "COGNITO_USER_POOLS" as const, providerARNs: [POOL] };
    const authorizer = await client.send(new CreateAuthorizerCommand({ restApiId, ...pools, identitySource: "method.request.header.Authorization" }));
    authorizerId = authorizer.id ?? "";
    const { id: catsId = "" } = await client.send(new CreateResourceCommand({ restApiId, parentId: rootResourceId, pathPart: "cats" }));
    for (const [resourceId, authorizationScopes] of [[rootResourceId, []], [catsId, [READ]]] as const) {
      const method = { restApiId, resourceId, httpMethod: "GET" };
      await client.send(new PutMethodCommand({ ...method, authorizationType: "COGNITO_USER_POOLS", authorizerId, authorizationScopes: [...authorizationScopes] }));
      await client.send(new PutIntegrationCommand({ ...method, type: "AWS_PROXY", integrationHttpMethod: "POST", uri }));
    }
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  });

  it("lets identity tokens in, whose claims its functions see", async () => {
    const token = issuer.sign(ID);
    const { body } = await callApi(gatehouse, restApiId, "/test/", { headers: { Authorization: `Bearer ${token}` } });
    const date = expect.stringMatching(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}$/) as unknown;
    expect(JSON.parse(body)).toEqual({ claims: { iss: issuer.issuer, sub: "user", ...ID, iat: date, exp: date } });
  });

  it("lets access tokens in where the method has scopes, one of which they have", async () => {
    const access = { token_use: "access", client_id: "client", scope: `openid ${READ}` };
    expect(await outcome(restApiId, "/cats", issuer.sign(access))).toMatch(/^200 /);
    expect(await outcome(restApiId, "/cats", issuer.sign({ ...access, scope: "openid" }))).toBe('401 {"message":"Unauthorized"}');
    expect(await outcome(restApiId, "/cats", issuer.sign(ID))).toBe('401 {"message":"Unauthorized"}');
    expect(await outcome(restApiId, "/", issuer.sign(access))).toBe('401 {"message":"Unauthorized"}');
  });

  it("lets nobody in without a good token", async () => {
    expect(await outcome(restApiId, "/")).toBe('401 {"message":"Unauthorized"}');
    expect(await outcome(restApiId, "/", "secret")).toBe('401 {"message":"Unauthorized"}');
    expect(await outcome(restApiId, "/", issuer.sign({ ...ID, exp: 1_600_000_000 }))).toBe('401 {"message":"The incoming token has expired"}');
  });

  it("can be tested with an identity token before anybody calls it", async () => {
    const test = (token: string) => client.send(new TestInvokeAuthorizerCommand({ restApiId, authorizerId, headers: { Authorization: token } }));
    expect(await test(issuer.sign(ID))).toMatchObject({ clientStatus: 0, claims: { sub: "user", email: "jane@example.com", "custom:role": "chef" } });
    const refused = await test(issuer.sign({ token_use: "access" }));
    expect([refused.clientStatus, refused.claims]).toEqual([401, undefined]);
    expect(refused.log).toMatch(/ : Unauthorized request: \S+\n.* : Unauthorized\n$/);
  });

  it("is as it was deployed, until it is deployed again", async () => {
    const patchOperations = [{ op: "replace" as const, path: "/identityValidationExpression", value: "another" }];
    await client.send(new UpdateAuthorizerCommand({ restApiId, authorizerId, patchOperations }));
    const token = issuer.sign(ID);
    expect(await outcome(restApiId, "/", token)).toMatch(/^200 /);
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
    expect(await outcome(restApiId, "/", token)).toBe('401 {"message":"Unauthorized"}');
    expect(await outcome(restApiId, "/", issuer.sign({ ...ID, aud: "another" }))).toMatch(/^200 /);
  });
});

it("apigateway-enable-cognito-user-pool: an OpenAPI definition brings its user pools along", async () => {
  const security = (...scopes: string[]) => ({ security: [{ MyUserPool: scopes }] });
  const integration = {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    responses: { default: { statusCode: "200", responseTemplates: { "application/json": "$context.authorizer.claims.sub" } } },
  };
  const get = (...scopes: string[]) => ({ get: { responses: { 200: { description: "200 response" } }, ...security(...scopes), "x-amazon-apigateway-integration": integration } });
  const definition = {
    openapi: "3.0.1",
    info: { title: "pets", version: "1" },
    paths: { "/": get(), "/cats": get(READ, "http://my.resource.com/file.read") },
    components: {
      securitySchemes: {
        MyUserPool: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authtype": "cognito_user_pools",
          "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [POOL] },
        },
      },
    },
  };
  const { id = "" } = await client.send(new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(definition)) }));
  await client.send(new CreateDeploymentCommand({ restApiId: id, stageName: "test" }));
  expect(await outcome(id, "/", issuer.sign(ID))).toBe("200 user");
  expect(await outcome(id, "/cats", issuer.sign({ token_use: "access", scope: READ }))).toBe("200 user");
  expect(await outcome(id, "/cats", issuer.sign(ID))).toBe('401 {"message":"Unauthorized"}');
});
