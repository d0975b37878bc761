// The developer guide's first tutorials, done through the AWS SDK against a started Gatehouse.
import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiHost, call, callApi, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";
import { zip } from "../harness/zip.ts";

let gatehouse: Gatehouse;
let petStore: PetStore;

beforeAll(async () => {
  petStore = await startPetStore();
  gatehouse = await startGatehouse({ asNpmStart: true });
});

afterAll(async () => {
  const exitCode = await gatehouse.stop();
  await petStore[Symbol.asyncDispose]();
  await removeDirectory(gatehouse.dataDir);
  expect(exitCode).toBe(0);
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EXTENDED_ID = /^[A-Za-z0-9_-]{15}=$/;
const TRACE = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-api-as-simple-proxy-for-http.html
describe("Tutorial: Build a REST API with HTTP proxy integration", () => {
  let apiId: string;

  beforeAll(async () => {
    const client = gatehouse.apiGateway();
    const api = await client.send(new CreateRestApiCommand({ name: "ProxyResourceForPetStore" }));
    apiId = api.id as string;
    const resource = await client.send(
      new CreateResourceCommand({ restApiId: apiId, parentId: api.rootResourceId, pathPart: "{proxy+}" }),
    );
    const method = { restApiId: apiId, resourceId: resource.id, httpMethod: "ANY" };
    await client.send(
      new PutMethodCommand({ ...method, authorizationType: "NONE", requestParameters: { "method.request.path.proxy": true } }),
    );
    await client.send(
      new PutIntegrationCommand({
        ...method,
        type: "HTTP_PROXY",
        integrationHttpMethod: "ANY",
        uri: `${petStore.url}/{proxy}`,
        requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
      }),
    );
    await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "test" }));
  });

  it("answers GET /petstore/pets?type=fish with what the backend answers", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/petstore/pets?type=fish", { headers: { Accept: "*/*", "X-Mine": "yes" } });
    expect(answer).toEqual({
      status: 200,
      headers: {
        "content-type": "application/json",
        "content-length": String(answer.body.length),
        "x-backend": "PetStore",
        date: expect.any(String),
        connection: "close",
        "x-amzn-requestid": expect.stringMatching(UUID),
        "x-amz-apigw-id": expect.stringMatching(EXTENDED_ID),
        "x-amzn-remapped-server": "petstore/1.0",
        "x-amzn-remapped-date": expect.any(String),
        "x-amzn-remapped-connection": "keep-alive",
        "x-amzn-remapped-content-length": String(answer.body.length),
      },
      body: '[{"id":1,"type":"fish","price":249.99},{"id":2,"type":"fish","price":124.99},{"id":3,"type":"fish","price":0.99}]',
    });
    const seen = petStore.seen.at(-1);
    expect(seen).toMatchObject({ method: "GET", url: "/petstore/pets?type=fish", body: "" });
    expect(seen?.headers).toEqual({
      host: new URL(petStore.url).host,
      accept: "*/*",
      "x-mine": "yes",
      "x-amzn-apigateway-api-id": apiId,
      "x-amzn-trace-id": expect.stringMatching(TRACE),
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-port": "80",
      "x-forwarded-proto": "http",
      "user-agent": `AmazonAPIGateway_${apiId}`,
      connection: "keep-alive",
    });
  });

  it("passes on path, method and body", async () => {
    const one = await callApi(gatehouse, apiId, "/test/petstore/pets/1");
    expect([one.status, one.body]).toEqual([200, '{"id":1,"type":"dog","price":249.99}']);
    const created = await callApi(gatehouse, apiId, "/test/petstore/pets", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"type":"cat","price":123.11}',
    });
    expect([created.status, created.body]).toEqual([201, '{"pet":{"type":"cat","price":123.11},"message":"success"}']);
  });

  it("answers GET /petstore with the backend's 404", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/petstore");
    expect([answer.status, answer.body]).toEqual([404, "Cannot GET /petstore"]);
  });

  it("is reached by path as well as by host", async () => {
    const body = '{"id":2,"type":"cat","price":124.99}';
    for (const base of [`/restapis/${apiId}/test/_user_request_`, `/_aws/execute-api/${apiId}/test`]) {
      const answer = await call(`${gatehouse.url}${base}/petstore/pets/2`);
      expect([answer.status, answer.body]).toEqual([200, body]);
    }
  });

  it("answers what matches no resource as AWS does", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/");
    expect(answer).toMatchObject({
      status: 403,
      headers: { "content-type": "application/json", "x-amzn-errortype": "MissingAuthenticationTokenException" },
      body: '{"message":"Missing Authentication Token"}',
    });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-api-as-simple-proxy-for-lambda.html
describe.each([
  { language: "Node.js", runtime: "nodejs22.x" as const, handler: "index.handler", file: "index.mjs", source: nodeSource() },
  { language: "Python", runtime: "python3.12" as const, handler: "greet.handler", file: "greet.py", source: pythonSource() },
])("Tutorial: Build a Hello World REST API with Lambda proxy integration, in $language", ({ runtime, handler, file, source }) => {
  let apiId: string;
  let resourceId: string;
  const name = `GetStartedLambdaProxyIntegration-${file.split(".").at(-1)}`;

  beforeAll(async () => {
    const lambda = gatehouse.lambda();
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: runtime,
        Handler: handler,
        Role: "arn:aws:iam::000000000000:role/GetStartedLambdaBasicExecutionRole",
        Code: { ZipFile: zip({ [file]: source }) },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: name });
    const client = gatehouse.apiGateway();
    const api = await client.send(
      new CreateRestApiCommand({ name: "LambdaSimpleProxy", endpointConfiguration: { types: ["REGIONAL"] } }),
    );
    apiId = api.id as string;
    const resource = await client.send(
      new CreateResourceCommand({ restApiId: apiId, parentId: api.rootResourceId, pathPart: "helloworld" }),
    );
    resourceId = resource.id as string;
    const method = { restApiId: apiId, resourceId, httpMethod: "ANY" };
    await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await client.send(
      new PutIntegrationCommand({
        ...method,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${created.FunctionArn}/invocations`,
      }),
    );
    await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "test" }));
  });

  it("is refused until the function's policy allows the API to invoke it", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/helloworld");
    expect([answer.status, answer.body]).toEqual([500, '{"message": "Internal server error"}']);
    await gatehouse.lambda().send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: "api",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/*/*/helloworld`,
      }),
    );
    expect((await callApi(gatehouse, apiId, "/test/helloworld")).status).toBe(200);
  });

  it("greets as the tutorial prints, and hands the function the whole event", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/helloworld?name=John&city=Seattle", {
      method: "POST",
      headers: { Accept: "*/*", "content-type": "application/json", day: "Thursday", "User-Agent": "curl/0.0.0" },
      body: '{ "time": "evening" }',
    });
    expect({ ...answer, body: "" }).toEqual({
      status: 200,
      headers: {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(answer.body)),
        "x-custom-header": "my custom header value",
        date: expect.any(String),
        connection: "close",
        "x-amzn-requestid": expect.stringMatching(UUID),
        "x-amz-apigw-id": expect.stringMatching(EXTENDED_ID),
        "x-amzn-trace-id": expect.stringMatching(TRACE),
      },
      body: "",
    });
    const host = apiHost(apiId);
    const headers = {
      Accept: "*/*",
      "content-type": "application/json",
      day: "Thursday",
      Host: host,
      "User-Agent": "curl/0.0.0",
      "X-Amzn-Trace-Id": expect.stringMatching(TRACE),
      "X-Forwarded-For": "127.0.0.1",
      // The Host that was called names no port.
      "X-Forwarded-Port": "80",
      "X-Forwarded-Proto": "http",
    };
    expect(JSON.parse(answer.body)).toEqual({
      message: "Good evening, John of Seattle. Happy Thursday!",
      input: {
        resource: "/helloworld",
        path: "/helloworld",
        httpMethod: "POST",
        headers,
        multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]])),
        queryStringParameters: { city: "Seattle", name: "John" },
        multiValueQueryStringParameters: { city: ["Seattle"], name: ["John"] },
        pathParameters: null,
        stageVariables: null,
        requestContext: {
          resourceId,
          resourcePath: "/helloworld",
          httpMethod: "POST",
          extendedRequestId: answer.headers["x-amz-apigw-id"],
          requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          path: "/test/helloworld",
          accountId: "000000000000",
          protocol: "HTTP/1.1",
          stage: "test",
          domainPrefix: apiId,
          requestTimeEpoch: expect.any(Number),
          requestId: answer.headers["x-amzn-requestid"],
          identity: {
            cognitoIdentityPoolId: null,
            accountId: null,
            cognitoIdentityId: null,
            caller: null,
            sourceIp: "127.0.0.1",
            principalOrgId: null,
            accessKey: null,
            cognitoAuthenticationType: null,
            cognitoAuthenticationProvider: null,
            userArn: null,
            userAgent: "curl/0.0.0",
            user: null,
          },
          domainName: host,
          deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
          apiId,
        },
        body: '{ "time": "evening" }',
        isBase64Encoded: false,
      },
    });
  });

  it("answers GET without a body, the event's body being null", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/helloworld?name=John&city=Seattle", { headers: { day: "Thursday" } });
    const { message, input } = JSON.parse(answer.body) as { message: string; input: { body: unknown } };
    expect([message, input.body]).toEqual(["Good day, John of Seattle. Happy Thursday!", null]);
  });
});

/** What the tutorial's function does. */
function nodeSource(): string {
  return `
    export const handler = async (event) => {
      const query = event.queryStringParameters ?? {};
      const body = event.body ? JSON.parse(event.body) : {};
      const day = event.headers?.day;
      const greeting = "Good " + (body.time ?? "day") + ", " + (query.name ?? "you") + " of " + (query.city ?? "World") + "."
        + (day ? " Happy " + day + "!" : "");
      return {
        statusCode: 200,
        headers: { "x-custom-header": "my custom header value" },
        body: JSON.stringify({ message: greeting, input: event }),
      };
    };
  `;
}

function pythonSource(): string {
  return [
    "import json",
    "",
    "def handler(event, context):",
    "    query = event.get('queryStringParameters') or {}",
    "    body = json.loads(event['body']) if event.get('body') else {}",
    "    day = (event.get('headers') or {}).get('day')",
    "    greeting = f\"Good {body.get('time', 'day')}, {query.get('name', 'you')} of {query.get('city', 'World')}.\"",
    "    if day:",
    "        greeting += f' Happy {day}!'",
    "    return {",
    "        'statusCode': 200,",
    "        'headers': {'x-custom-header': 'my custom header value'},",
    "        'body': json.dumps({'message': greeting, 'input': event}),",
    "    }",
    "",
  ].join("\n");
}
