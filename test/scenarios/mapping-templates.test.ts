// The developer guide's tutorials with mapping templates, done through the AWS SDK against a started Gatehouse.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { APIGatewayClient, PutIntegrationCommandInput, PutIntegrationResponseCommandInput, PutMethodCommandInput } from "@aws-sdk/client-api-gateway";
import {
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateIntegrationCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";
import { zip } from "../harness/zip.ts";

let gatehouse: Gatehouse;
let petStore: PetStore;
let client: APIGatewayClient;

beforeAll(async () => {
  petStore = await startPetStore();
  gatehouse = await startGatehouse();
  client = gatehouse.apiGateway();
});

afterAll(async () => {
  expect(await gatehouse.stop()).toBe(0);
  await petStore[Symbol.asyncDispose]();
  await removeDirectory(gatehouse.dataDir);
});

/** A template of the guide, and what the guide prints of its result. */
const golden = (name: string, file: string): string => readFileSync(join(import.meta.dirname, "../golden/templates", name, file), "utf8");
const json = (template: string) => ({ "application/json": template });

interface MethodToMake {
  readonly integration: Omit<PutIntegrationCommandInput, "restApiId" | "resourceId" | "httpMethod">;
  /** Declared by the method, and required. */
  readonly parameters?: readonly string[];
  /** The request validator's id, and models by content type. */
  readonly validation?: Pick<PutMethodCommandInput, "requestValidatorId" | "requestModels">;
  /** By status code; one for 200 where nothing is said. */
  readonly responses?: Readonly<Record<string, Omit<PutIntegrationResponseCommandInput, "restApiId" | "resourceId" | "httpMethod" | "statusCode">>>;
}

async function createApi(name: string): Promise<string> {
  return (await client.send(new CreateRestApiCommand({ name, endpointConfiguration: { types: ["REGIONAL"] } }))).id as string;
}

async function resourceAt(restApiId: string, path: string): Promise<string> {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId, limit: 500 }));
  const found = items.find((item) => item.path === path);
  if (found !== undefined) return found.id as string;
  const slash = path.lastIndexOf("/");
  const parentId = await resourceAt(restApiId, slash === 0 ? "/" : path.slice(0, slash));
  return (await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart: path.slice(slash + 1) }))).id as string;
}

async function putMethod(restApiId: string, key: string, { integration, parameters = [], validation = {}, responses = { 200: {} } }: MethodToMake) {
  const [httpMethod, path] = key.split(" ") as [string, string];
  const method = { restApiId, resourceId: await resourceAt(restApiId, path), httpMethod };
  const requestParameters = Object.fromEntries(parameters.map((parameter) => [parameter, true]));
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE", requestParameters, ...validation }));
  await client.send(new PutIntegrationCommand({ ...method, ...integration }));
  for (const [statusCode, response] of Object.entries(responses)) {
    const responseParameters = Object.fromEntries(Object.keys(response.responseParameters ?? {}).map((parameter) => [parameter, false]));
    await client.send(new PutMethodResponseCommand({ ...method, statusCode, responseParameters }));
    await client.send(new PutIntegrationResponseCommand({ ...method, statusCode, ...response }));
  }
  return method;
}

const deploy = (restApiId: string) => client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));

/** Creates a function and lets APIs invoke it; its ARN in the URI of an integration. */
async function createFunction(name: string, source: string): Promise<string> {
  const lambda = gatehouse.lambda();
  const created = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/lambda",
      Code: { ZipFile: zip({ "index.mjs": source }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: name });
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${created.FunctionArn}/invocations`;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-api-step-by-step.html
describe("Tutorial: Build a REST API with HTTP non-proxy integration", () => {
  let apiId: string;
  const http = (method: string, uri: string, requestParameters = {}) => ({
    type: "HTTP" as const,
    integrationHttpMethod: method,
    uri: `${petStore.url}${uri}`,
    requestParameters,
  });

  beforeAll(async () => {
    apiId = await createApi("MyDemoAPI");
    await putMethod(apiId, "GET /petstorewalkthrough/pets", {
      parameters: ["method.request.querystring.petType", "method.request.querystring.petsPage"],
      integration: http("GET", "/petstore/pets", {
        "integration.request.querystring.type": "method.request.querystring.petType",
        "integration.request.querystring.page": "method.request.querystring.petsPage",
      }),
    });
    await putMethod(apiId, "POST /petstorewalkthrough/pets", { integration: http("POST", "/petstore/pets") });
    await putMethod(apiId, "GET /petstorewalkthrough/pets/{petId}", {
      parameters: ["method.request.path.petId"],
      integration: http("GET", "/petstore/pets/{id}", { "integration.request.path.id": "method.request.path.petId" }),
    });
    const response = (template: string) => ({ responses: { 200: { responseTemplates: json(template) } } });
    await putMethod(apiId, "GET /petstorewalkthrough/flattenall", { integration: http("GET", "/petstore/pets"), ...response(golden("step-by-step-listings", "template.vtl")) });
    await putMethod(apiId, "GET /petstorewalkthrough/flattensome", { integration: http("GET", "/petstore/pets"), ...response(golden("step-by-step-descriptions-get", "template.vtl")) });
    await putMethod(apiId, "GET /petstorewalkthrough/noflatten", { integration: http("GET", "/petstore/pets"), ...response(golden("step-by-step-sales", "template.vtl")) });
    const pets = golden("step-by-step-sales", "in.txt");
    const uri = await createFunction("GetPetsInfo", `export const handler = async () => (${pets});`);
    await putMethod(apiId, "GET /petstorewalkthrough/lambdaflattensome", {
      integration: { type: "AWS", integrationHttpMethod: "POST", uri, credentials: "arn:aws:iam::000000000000:role/invoke" },
      ...response(golden("step-by-step-descriptions", "template.vtl")),
    });
    await deploy(apiId);
  });

  const get = (path: string) => callApi(gatehouse, apiId, `/test/petstorewalkthrough${path}`);

  it("maps query parameters, path parameters and bodies", async () => {
    expect(JSON.parse((await get("/pets?petType=cat&petsPage=2")).body)).toEqual([
      { id: 4, type: "cat", price: 999.99 },
      { id: 5, type: "cat", price: 249.99 },
      { id: 6, type: "cat", price: 49.97 },
    ]);
    expect(petStore.seen.at(-1)?.url).toBe("/petstore/pets?type=cat&page=2");
    expect(JSON.parse((await get("/pets/1")).body)).toEqual({ id: 1, type: "dog", price: 249.99 });
    const posted = await callApi(gatehouse, apiId, "/test/petstorewalkthrough/pets", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"type": "dog", "price": 249.99}',
    });
    expect(JSON.parse(posted.body)).toEqual({ pet: { type: "dog", price: 249.99 }, message: "success" });
  });

  it.each([
    ["/flattenall", "step-by-step-listings"],
    ["/lambdaflattensome", "step-by-step-descriptions"],
    ["/flattensome", "step-by-step-descriptions-get"],
    ["/noflatten", "step-by-step-sales"],
  ])("answers GET %s as printed", async (path, name) => {
    const answer = await get(path);
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(JSON.parse(answer.body)).toEqual(JSON.parse(golden(name, "printed.txt")));
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-lambda-non-proxy-integration.html
describe("Tutorial: Build an API Gateway REST API with Lambda non-proxy integration", () => {
  it("greets as the tutorial prints", async () => {
    const uri = await createFunction("GetStartedLambdaIntegration", greeter());
    await gatehouse.lambda().send(
      new AddPermissionCommand({ FunctionName: "GetStartedLambdaIntegration", StatementId: "api", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" }),
    );
    const apiId = await createApi("LambdaNonProxy");
    await putMethod(apiId, "ANY /{city}", {
      parameters: ["method.request.path.city", "method.request.querystring.time", "method.request.header.day"],
      integration: {
        type: "AWS",
        integrationHttpMethod: "POST",
        uri,
        passthroughBehavior: "WHEN_NO_TEMPLATES",
        requestTemplates: json(golden("lambda-non-proxy", "template.vtl")),
      },
    });
    await deploy(apiId);
    const ask = (path: string, day: string) =>
      callApi(gatehouse, apiId, `/test/${path}`, { method: "POST", headers: { "content-type": "application/json", day }, body: '{ "callerName": "John" }' });
    expect((await ask("Seattle?time=morning", "Wednesday")).body).toBe('{"greeting":"Good morning, John of Seattle. Happy Wednesday!"}');
    expect((await ask("Seattle?time=evening", "Thursday")).body).toBe('{"greeting":"Good evening, John of Seattle. Happy Thursday!"}');
    const refused = await callApi(gatehouse, apiId, "/test/Seattle", { method: "POST", headers: { "content-type": "text/plain" }, body: "John" });
    expect([refused.status, refused.body]).toEqual([415, '{"message": "Unsupported Media Type"}']);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-lambda.html
describe("Tutorial: Create a Calc REST API with two AWS service integrations and one Lambda non-proxy integration", () => {
  let apiId: string;

  beforeAll(async () => {
    const uri = await createFunction("Calc", calculator());
    apiId = await createApi("LambdaCalc");
    const integration = { type: "AWS" as const, integrationHttpMethod: "POST", uri, credentials: "arn:aws:iam::000000000000:role/lambda_invoke_function_assume_apigw_role" };
    const validator = async (checks: object) => ({ requestValidatorId: (await client.send(new CreateRequestValidatorCommand({ restApiId: apiId, ...checks }))).id as string });
    const parametersValidator = await validator({ name: "Validate query string parameters and headers", validateRequestParameters: true });
    const bodyValidator = await validator({ name: "Validate body", validateRequestBody: true });
    await createModels(apiId);
    await putMethod(apiId, "GET /calc", {
      parameters: ["operand1", "operand2", "operator"].map((name) => `method.request.querystring.${name}`),
      validation: parametersValidator,
      integration: { ...integration, requestTemplates: json(golden("calc-query", "template.vtl")) },
    });
    await putMethod(apiId, "POST /calc", { integration, validation: { ...bodyValidator, requestModels: json("Input") } });
    await putMethod(apiId, "GET /calc/{operand1}/{operand2}/{operator}", {
      parameters: ["operand1", "operand2", "operator"].map((name) => `method.request.path.${name}`),
      integration: { ...integration, requestTemplates: json(golden("calc-path", "template.vtl")) },
      responses: { 200: { responseTemplates: json(golden("calc-result", "template.vtl")) } },
    });
    await deploy(apiId);
  });

  it("takes the input from query parameters", async () => {
    expect((await callApi(gatehouse, apiId, "/test/calc?operand1=2&operand2=3&operator=%2B")).body).toBe('{"a":2,"b":3,"op":"+","c":5}');
    expect((await callApi(gatehouse, apiId, "/test/calc?operand1=1&operand2=x&operator=%2B")).body).toBe('"400 Invalid Operand"');
  });

  it("takes the input from the body", async () => {
    const answer = await callApi(gatehouse, apiId, "/test/calc", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"a": 1, "b": 2, "op": "+"}' });
    expect(answer.body).toBe('{"a":1,"b":2,"op":"+","c":3}');
  });

  it("refuses a request that lacks a parameter, and a body that is not as the model says", async () => {
    const lacking = await callApi(gatehouse, apiId, "/test/calc?operand1=2&operand2=3");
    expect([lacking.status, lacking.body]).toEqual([400, '{"message": "Missing required request parameters: [operator]"}']);
    const wrong = await callApi(gatehouse, apiId, "/test/calc", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"a": "one", "b": 2, "op": "+"}' });
    expect([wrong.status, wrong.body]).toEqual([400, '{"message": "Invalid request body"}']);
  });

  it.each([
    ["5/5/mul", { a: 5, b: 5, op: "mul" }, 25],
    ["9/3/%2F", { a: 9, b: 3, op: "/" }, 3],
  ])("takes the input from the path %s, and maps the output", async (path, input, c) => {
    expect(JSON.parse((await callApi(gatehouse, apiId, `/test/calc/${path}`)).body)).toEqual({ input, output: { c } });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
describe("CORS for a REST API resource", () => {
  it("is enabled by a MOCK for OPTIONS and a mapped header", async () => {
    const apiId = await createApi("Cors");
    const allow = (name: string) => `method.response.header.Access-Control-Allow-${name}`;
    await putMethod(apiId, "OPTIONS /pets", {
      integration: { type: "MOCK", requestTemplates: json('{"statusCode": 200}') },
      responses: {
        200: {
          responseParameters: {
            [allow("Headers")]: "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
            [allow("Methods")]: "'GET,OPTIONS'",
            [allow("Origin")]: "'*'",
          },
          responseTemplates: json(
            '#set($origin = $input.params("Origin"))#if($origin.matches("https://.*\\.example\\.com"))#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end',
          ),
        },
      },
    });
    await putMethod(apiId, "GET /pets", {
      integration: { type: "HTTP", integrationHttpMethod: "GET", uri: `${petStore.url}/petstore/pets` },
      responses: { 200: { responseParameters: { [allow("Origin")]: "'*'" } } },
    });
    await deploy(apiId);
    const preflight = (origin: string) =>
      callApi(gatehouse, apiId, "/test/pets", { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "X-Api-Key" } });
    expect(await preflight("https://www.elsewhere.org")).toMatchObject({
      status: 200,
      headers: {
        "access-control-allow-headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token",
        "access-control-allow-methods": "GET,OPTIONS",
        "access-control-allow-origin": "*",
      },
      body: "",
    });
    expect((await preflight("https://www.example.com")).headers["access-control-allow-origin"]).toBe("https://www.example.com");
    expect((await callApi(gatehouse, apiId, "/test/pets", { headers: { Origin: "https://a.b" } })).headers["access-control-allow-origin"]).toBe("*");
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
describe("Tutorials: override an API's parameters and status code", () => {
  let apiId: string;

  beforeAll(async () => {
    apiId = await createApi("PetStore");
    const uri = `${petStore.url}/petstore/pets`;
    await putMethod(apiId, "GET /pets/{petId}", {
      parameters: ["method.request.path.petId"],
      integration: { type: "HTTP", integrationHttpMethod: "GET", uri: `${uri}/{petId}`, requestParameters: { "integration.request.path.petId": "method.request.path.petId" } },
      responses: { 200: { responseTemplates: json(golden("override-status", "template.vtl")) } },
    });
    await putMethod(apiId, "GET /pets", {
      parameters: ["method.request.header.header1", "method.request.header.header2"],
      integration: {
        type: "HTTP",
        integrationHttpMethod: "GET",
        uri,
        requestParameters: { "integration.request.header.header1": "method.request.header.header1", "integration.request.header.header2": "method.request.header.header2" },
        requestTemplates: json(golden("override-headers", "template.vtl")),
      },
    });
    await deploy(apiId);
  });

  it("the status where the body says so", async () => {
    expect((await callApi(gatehouse, apiId, "/test/pets/1")).status).toBe(200);
    const wrong = await callApi(gatehouse, apiId, "/test/pets/-1");
    expect([wrong.status, JSON.parse(wrong.body)]).toEqual([400, JSON.parse(golden("override-status", "printed.txt"))]);
  });

  it("headers of the request", async () => {
    await callApi(gatehouse, apiId, "/test/pets", { headers: { header1: "header1Val", header2: "header2Val" } });
    expect(petStore.seen.at(-1)?.headers).toMatchObject({
      header3: "header1Valheader2Val",
      header2: "header2Val",
      header1: "foo",
      "x-amzn-apigateway-api-id": apiId,
      accept: "application/json",
      multivalueheader: "foo, header1Valheader2Val",
    });
  });
});

describe("a template that cannot be compiled", () => {
  it("is refused with line and column, and changes nothing", async () => {
    const apiId = await createApi("Invalid");
    const method = await putMethod(apiId, "GET /", { integration: { type: "MOCK", requestTemplates: json('{"statusCode": 200}') } });
    const patchOperations = [{ op: "replace", path: "/requestTemplates/application~1json", value: '{\n  #if($a) "statusCode": 200\n}' }] as const;
    await expect(client.send(new UpdateIntegrationCommand({ ...method, patchOperations: [...patchOperations] }))).rejects.toMatchObject({
      name: "BadRequestException",
      message: expect.stringMatching(/^Invalid mapping template for application\/json: .* at line 3, column \d+$/) as string,
    });
    await deploy(apiId);
    expect((await callApi(gatehouse, apiId, "/test/")).status).toBe(200);
  });
});

/** The tutorial's models: two, and one that refers to both. */
async function createModels(restApiId: string): Promise<void> {
  const number = { type: "number" };
  const model = (name: string) => ({ $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}` });
  const schemas = {
    Input: { type: "object", properties: { a: number, b: number, op: { type: "string" } }, title: "Input" },
    Output: { type: "object", properties: { c: number }, title: "Output" },
    Result: { type: "object", properties: { input: model("Input"), output: model("Output") }, title: "Output" },
  };
  for (const [name, schema] of Object.entries(schemas)) {
    await client.send(new CreateModelCommand({ restApiId, name, contentType: "application/json", schema: JSON.stringify(schema) }));
  }
}

/** What the tutorial's function does. */
function greeter(): string {
  return `
    const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    const times = ["morning", "afternoon", "evening", "night", "day"];
    export const handler = async ({ name = "you", city = "World", time, day }) => ({
      greeting: "Good " + (times.includes(time) ? time : "day") + ", " + name + " of " + city + ". "
        + (days.includes(day) ? "Happy " + day + "!" : ""),
    });
  `;
}

/** What the tutorial's function does, for the operators that are asked for. */
function calculator(): string {
  return `
    const operators = { "+": (a, b) => a + b, add: (a, b) => a + b, "*": (a, b) => a * b, mul: (a, b) => a * b, "/": (a, b) => a / b, div: (a, b) => a / b };
    export const handler = async ({ a, b, op }) => {
      if (a === undefined || b === undefined || op === undefined) return "400 Invalid Input";
      if (isNaN(a) || isNaN(b)) return "400 Invalid Operand";
      if (!operators[op]) return "400 Invalid Operator";
      return { a: Number(a), b: Number(b), op, c: operators[op](Number(a), Number(b)) };
    };
  `;
}
