// Authorizers and TestInvokeAuthorizer through the AWS SDK over a started Gatehouse, with a function as the guide has it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html).
import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateRestApiCommand,
  DeleteAuthorizerCommand,
  GetAuthorizersCommand,
  TestInvokeAuthorizerCommand,
  type TestInvokeAuthorizerCommandInput,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, type LambdaClient, RemovePermissionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:authorizer";
const URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const CODE = `export const handler = async (event) => {
  const token = event.authorizationToken ?? event.headers.Auth;
  if (token === "unauthorized") throw "Unauthorized";
  if (token === "broken") throw new Error("broken");
  if (token === "malformed") return { statusCode: 200, body: "{}" };
  const Effect = token === "allow" ? "Allow" : "Deny";
  const Statement = [{ Action: "execute-api:Invoke", Effect, Resource: event.methodArn }];
  return { principalId: "user-" + event.type, policyDocument: { Version: "2012-10-17", Statement }, context: { numberKey: 1 } };
};`;

let gatehouse: Gatehouse;
let client: APIGatewayClient;
let lambda: LambdaClient;
let restApiId: string;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway({ account: "123456789012" });
  lambda = gatehouse.lambda({ account: "123456789012" });
  restApiId = (await client.send(new CreateRestApiCommand({ name: "authorized" }))).id as string;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "authorizer",
      Role: "arn:aws:iam::123456789012:role/lambda",
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zip({ "index.mjs": CODE }) },
      Timeout: 10,
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName: "authorizer" });
});
afterAll(async () => {
  lambda.destroy();
  await gatehouse.stop();
});

/** An authorizer that its function lets API Gateway call for, and for no other. */
async function authorizer(members: Pick<CreateAuthorizerCommandInput, "name" | "type" | "identitySource">): Promise<string> {
  const { id } = await client.send(new CreateAuthorizerCommand({ restApiId, authorizerUri: URI, ...members }));
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: "authorizer",
      StatementId: id,
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:123456789012:${restApiId}/authorizers/${id}`,
    }),
  );
  return id as string;
}

async function test(authorizerId: string, asked: Partial<TestInvokeAuthorizerCommandInput>) {
  const { $metadata: _metadata, log = "", latency, ...answer } = await client.send(new TestInvokeAuthorizerCommand({ restApiId, authorizerId, ...asked }));
  expect(latency).toBeGreaterThanOrEqual(0);
  const [first = "", ...lines] = log.trimEnd().split("\n");
  const id = /^Execution log for request ([0-9a-f-]{36})$/.exec(first)?.[1] as string;
  return { answer, log: lines.map((line) => line.replace(/^\w{3} \w{3} \d\d [\d:]{8} UTC \d{4} : /, "").replaceAll(id, "<id>")) };
}

const methodArn = () => `arn:aws:execute-api:us-east-1:123456789012:${restApiId}/ESTestInvoke-stage/GET/`;
const policyOf = (Effect: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource: methodArn() }] });

describe("a TOKEN authorizer", () => {
  let id: string;
  beforeAll(async () => {
    id = await authorizer({ name: "tokens", type: "TOKEN", identitySource: "method.request.header.Auth" });
  });
  const ask = (token: string) => test(id, { headers: { Auth: token } });
  const sent = (token: string) => {
    const uri = `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${FUNCTION}/invocations`;
    return [
      `Starting authorizer: ${id} for request: <id>`,
      expect.stringMatching(/^Incoming identity: \**/),
      `Endpoint request URI: ${uri}`,
      expect.stringContaining(`X-Amz-Source-Arn=arn:aws:execute-api:us-east-1:123456789012:${restApiId}/authorizers/${id}`),
      `Endpoint request body after transformations: {"type":"TOKEN","methodArn":"${methodArn()}","authorizationToken":"${token}"}`,
      `Sending request to ${uri}`,
    ];
  };

  it.each([
    ["allow", "Allow"],
    ["deny", "Deny"],
  ])("shows the policy of its function: %s", async (token, effect) => {
    const { answer, log } = await ask(token);
    expect(answer).toEqual({ clientStatus: 0, principalId: "user-TOKEN", policy: policyOf(effect) });
    expect(log).toEqual([
      ...sent(token),
      `Authorizer result body before parsing: {"principalId":"user-TOKEN","policyDocument":${policyOf(effect)},"context":{"numberKey":1}}`,
      "Using valid authorizer policy for principal: ****-TOKEN",
      "Successfully completed authorizer execution",
    ]);
  });

  it("answers 401 without a token", async () => {
    const { answer, log } = await test(id, {});
    expect(answer).toEqual({ clientStatus: 401 });
    expect(log).toEqual([`Starting authorizer: ${id} for request: <id>`, "Incoming identity: ", "Unauthorized request: <id>", "Unauthorized"]);
  });

  it("answers 401 when its function throws Unauthorized", async () => {
    const { answer, log } = await ask("unauthorized");
    expect(answer).toEqual({ clientStatus: 401 });
    expect(log).toEqual([...sent("unauthorized"), "Unauthorized request: <id>", "Unauthorized"]);
  });

  it.each([
    ["broken", "errorType"],
    ["malformed", "statusCode"],
  ])("answers 500 for what is no result: %s", async (token, field) => {
    const { answer, log } = await ask(token);
    expect(answer).toEqual({ clientStatus: 500 });
    expect(log).toEqual([
      ...sent(token),
      expect.stringContaining(`Authorizer result body before parsing: {"${field}":`),
      `Execution failed due to configuration error: Invalid JSON in response: Unrecognized field "${field}" , not marked as ignorable`,
      "AuthorizerConfigurationException",
    ]);
  });

  it("answers 500 when the function's policy does not let it call", async () => {
    const other = await authorizer({ name: "others", type: "TOKEN", identitySource: "method.request.header.Auth" });
    await lambda.send(new RemovePermissionCommand({ FunctionName: "authorizer", StatementId: other }));
    const { answer, log } = await test(other, { headers: { Auth: "allow" } });
    expect(answer).toEqual({ clientStatus: 500 });
    expect(log.slice(-3)).toEqual([
      "Execution failed due to configuration error: Invalid permissions on Lambda function",
      "Execution failed due to configuration error: Authorizer error",
      "AuthorizerConfigurationException",
    ]);
    await client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId: other }));
  });
});

describe("a REQUEST authorizer", () => {
  it("sees the request, all of whose identities have to be there", async () => {
    const id = await authorizer({ name: "requests", type: "REQUEST", identitySource: "method.request.header.Auth,method.request.querystring.key" });
    const asked = { multiValueHeaders: { Auth: ["deny", "allow"] }, pathWithQueryString: "/?key=value" };
    expect((await test(id, asked)).answer).toEqual({ clientStatus: 0, principalId: "user-REQUEST", policy: policyOf("Allow") });
    expect((await test(id, { ...asked, pathWithQueryString: "/" })).answer).toEqual({ clientStatus: 401 });
    const { items = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
    expect(new Set(items.map(({ name }) => name))).toEqual(new Set(["requests", "tokens"]));
  });
});

it("an authorizer that is not there is not tested", async () => {
  await expect(client.send(new TestInvokeAuthorizerCommand({ restApiId, authorizerId: "none" }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid Authorizer identifier specified",
  });
});
