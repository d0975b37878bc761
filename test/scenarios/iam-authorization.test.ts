// APIs that IAM authorizes, on the started program with two workers: called by AWS's own signers and by curl, with users and roles
// made through the SDK; what is revoked is revoked in every worker when the call that revokes has returned.
import { execFile, spawnSync } from "node:child_process";
import {
  type APIGatewayClient, CreateDeploymentCommand, CreateResourceCommand, CreateRestApiCommand, PutIntegrationCommand, PutIntegrationResponseCommand,
  PutMethodCommand, PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, CreateApiCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand } from "@aws-sdk/client-apigatewayv2";
import {
  AddUserToGroupCommand, AttachRolePolicyCommand, AttachUserPolicyCommand, CreateAccessKeyCommand, CreateGroupCommand, CreatePolicyCommand,
  CreatePolicyVersionCommand, CreateRoleCommand, CreateUserCommand, DeleteAccessKeyCommand, DeleteRoleCommand, DeleteUserPolicyCommand,
  DetachRolePolicyCommand, DetachUserPolicyCommand, IAMClient, PutGroupPolicyCommand, PutUserPermissionsBoundaryCommand, PutUserPolicyCommand,
  RemoveUserFromGroupCommand, UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Backend, type Reached, startBackend } from "../harness/backend.ts";
import { apiHost, call, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { saying } from "../harness/identities.ts";
import { signatureOf } from "../harness/signature.ts";
import { signedHeaders, type SigningKey } from "../harness/signed.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "000000000000";

let gatehouse: Gatehouse;
let backend: Backend;
let iam: IAMClient;
let restApiId: string;
let httpApiId: string;

const settings = (credentials: SigningKey = { accessKeyId: "test", secretAccessKey: "test" }) =>
  ({ endpoint: gatehouse.url, region: "us-east-1", credentials, maxAttempts: 1 });

beforeAll(async () => {
  backend = await startBackend((response) => void response.end("from the backend"));
  gatehouse = await startGatehouse({ args: ["--workers", "2"], env: { AWS_ENDPOINT_URL_SQS: backend.url } });
  iam = new IAMClient(settings());
  restApiId = await newRestApi(gatehouse.apiGateway());
  httpApiId = await newHttpApi(new ApiGatewayV2Client(settings()));
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "invoke", PolicyDocument: saying("Allow") }));
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
  await backend[Symbol.asyncDispose]();
});

async function newRestApi(client: APIGatewayClient): Promise<string> {
  const { id, rootResourceId: parentId } = await client.send(new CreateRestApiCommand({ name: "by IAM" }));
  const { id: resourceId } = await client.send(new CreateResourceCommand({ restApiId: id, parentId, pathPart: "{proxy+}" }));
  const method = { restApiId: id, resourceId, httpMethod: "ANY" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "AWS_IAM" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' }, passthroughBehavior: "WHEN_NO_TEMPLATES" }));
  await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates: { "application/json": "$context.identity.userArn" } }));
  await client.send(new CreateDeploymentCommand({ restApiId: id, stageName: "prod" }));
  return id as string;
}

async function newHttpApi(client: ApiGatewayV2Client): Promise<string> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: "by IAM", ProtocolType: "HTTP" }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({ ApiId, IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", IntegrationUri: backend.url, PayloadFormatVersion: "1.0" }),
  );
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: "ANY /{proxy+}", AuthorizationType: "AWS_IAM", Target: `integrations/${IntegrationId}` }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
  return ApiId as string;
}

async function newKey(UserName: string): Promise<SigningKey> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}

interface Sdk { AccessKeyId: string | undefined; SecretAccessKey: string | undefined; SessionToken: string | undefined }
const keyOf = (credentials: Sdk | undefined): SigningKey =>
  ({ accessKeyId: credentials?.AccessKeyId ?? "", secretAccessKey: credentials?.SecretAccessKey ?? "", sessionToken: credentials?.SessionToken ?? "" });

/** One call, over a connection of its own: whichever worker takes it. */
async function callRest(key: SigningKey, path = "/prod/pets") {
  const host = apiHost(restApiId);
  const headers = await signedHeaders({ host, target: path }, { key });
  return call(`${gatehouse.url}${path}`, { headers: Object.fromEntries(pairs(headers)) });
}
async function callHttp(key: SigningKey) {
  const headers = await signedHeaders({ host: apiHost(httpApiId), target: "/pets" }, { key });
  return call(`${gatehouse.url}/pets`, { headers: Object.fromEntries(pairs(headers)) });
}
const pairs = (list: readonly string[]) => list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1] as string] as const] : []));

/** What many calls at once, over connections of their own, are answered with: every worker is asked. */
async function everywhere(key: SigningKey): Promise<string> {
  const answers = await Promise.all(Array.from({ length: 12 }, () => Promise.all([callRest(key), callHttp(key)])));
  return [...new Set(answers.flat().map(({ status, headers }) => `${status} ${headers["x-amzn-errortype"] ?? ""}`.trim()))].toSorted().join(", ");
}

const INVOKED = "200";
/** A REST API says why; an HTTP API does not. */
const NO_KEY = "403, 403 UnrecognizedClientException";
const NO_LEAVE = "403, 403 AccessDeniedException";

describe("what is granted and revoked is so in every worker when the call returns", () => {
  test("access keys: UpdateAccessKey, DeleteAccessKey", async () => {
    const key = await newKey("ann");
    expect(await everywhere(key)).toBe(INVOKED);
    const of = { UserName: "ann", AccessKeyId: key.accessKeyId };
    for (const [Status, outcome] of [["Inactive", NO_KEY], ["Active", INVOKED], ["Inactive", NO_KEY], ["Active", INVOKED]] as const) {
      await iam.send(new UpdateAccessKeyCommand({ ...of, Status }));
      expect(await everywhere(key)).toBe(outcome);
    }
    await iam.send(new DeleteAccessKeyCommand(of));
    expect(await everywhere(key)).toBe(NO_KEY);
  });

  test("policies of users: inline, attached, of groups, new versions, boundaries", async () => {
    await iam.send(new CreateUserCommand({ UserName: "bob" }));
    const key = await newKey("bob");
    const UserName = "bob";
    const PolicyName = "p";
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: saying("Allow") }));
    const PolicyArn = Policy?.Arn ?? "";
    await iam.send(new CreateGroupCommand({ GroupName: "g" }));
    await iam.send(new PutGroupPolicyCommand({ GroupName: "g", PolicyName, PolicyDocument: saying("Allow") }));
    expect(await everywhere(key)).toBe(NO_LEAVE);
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: saying("Allow") }));
    expect(await everywhere(key)).toBe(INVOKED);
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    expect(await everywhere(key)).toBe(NO_LEAVE);
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    expect(await everywhere(key)).toBe(INVOKED);
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: saying("Deny"), SetAsDefault: true }));
    expect(await everywhere(key)).toBe(NO_LEAVE);
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName: "g" }));
    expect(await everywhere(key)).toBe(INVOKED);
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: PolicyArn }));
    expect(await everywhere(key)).toBe(NO_LEAVE);
    await iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: "g" }));
    expect(await everywhere(key)).toBe(NO_LEAVE);
  });

  test("sessions: AssumeRole, DetachRolePolicy, DeleteRole, and GetSessionToken", async () => {
    const PolicyArn = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess";
    const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" }] };
    const RoleName = "caller";
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const sts = new STSClient(settings());
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "me" }));
    const key = keyOf(Credentials);
    expect(await everywhere(key)).toBe(INVOKED);
    expect((await callRest(key)).body).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/caller/me`);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    expect(await everywhere(key)).toBe(NO_LEAVE);
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    expect(await everywhere(key)).toBe(INVOKED);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    expect(await everywhere(key)).toBe(NO_KEY);

    const own = await newKey("ann");
    const session = keyOf((await new STSClient(settings(own)).send(new GetSessionTokenCommand({}))).Credentials);
    expect(await everywhere(session)).toBe(INVOKED);
    expect((await callRest(session)).body).toBe(`arn:aws:iam::${ACCOUNT}:user/ann`);
    await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: own.accessKeyId }));
  });

  test("the built-in keys of development are their accounts', and nothing secret is printed", async () => {
    expect(await everywhere({ accessKeyId: "test", secretAccessKey: "test" })).toBe(INVOKED);
    expect(await everywhere({ accessKeyId: "111122223333", secretAccessKey: "test" })).toBe(NO_LEAVE);
    expect(await everywhere({ accessKeyId: "test", secretAccessKey: "guessed" })).toBe("403, 403 InvalidSignatureException");
    const key = await newKey("ann");
    expect(await everywhere(key)).toBe(INVOKED);
    expect(gatehouse.output()).not.toContain(key.secretAccessKey);
    await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: key.accessKeyId }));
  });
});

const TARGETS = [
  "/pets/1", "/a%20b/c%2Fd", "/%C3%A9/%E4%BD%A0", "/double///x", "/./dot/../up", "/a+b;c=d,e@f:g!$'()*", "/%7Bproxy+%7D", "/~tilde-_.",
  "/x?a=&b", "/x?b=2&a=1&a=0&A=3", "/x?a=%20x%2B&%C3%A9=%E4%BD%A0", "/x?list=1&list=&list=2", "/x?path=%2Fa%2Fb&url=http%3A%2F%2Fh%3Fx%3D1", "/a%2520b?c=%2525",
];

const botocore = spawnSync("python3", ["-c", "import botocore"]).status === 0;

test.skipIf(!botocore)("botocore's requests, in headers and in queries, and with any one thing changed", { timeout: 60_000 }, async () => {
  const key = await newKey("ann");
  /** Reads `[class, method, target, body]` lines; prints whatever is not answered as it should be. */
  const script = `
import http.client, json, sys
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
port, *key = sys.argv[1:]
host = '127.0.0.1:' + port
connection = http.client.HTTPConnection(host)
def status(method, target, body, headers):
    connection.request(method, target, body=body, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status
for line in sys.stdin:
    kind, method, target, body = json.loads(line)
    data = body.encode() if body else None
    request = AWSRequest(method=method, url='http://' + host + target, data=data, headers={'X-Custom': ' a  b '})
    (SigV4QueryAuth if kind == 'query' else SigV4Auth)(Credentials(*key), 'execute-api', 'us-east-1').add_auth(request)
    sent = request.url[len('http://' + host):]
    headers = dict(request.headers.items())
    outcomes = {'as it is': status(method, sent, data, headers)}
    outcomes['method'] = status('PUT', sent, data, headers)
    outcomes['path'] = status(method, sent.replace('/_user_request_/', '/_user_request_/y', 1), data, headers)
    outcomes['query'] = status(method, sent + ('&' if '?' in sent else '?') + 'z', data, headers)
    outcomes['body'] = status(method, sent, (data or b'') + b' ', headers)
    for name in headers: outcomes[name] = status(method, sent, data, {**headers, name: headers[name] + '0'})
    wrong = {what: got for what, got in outcomes.items() if got != (200 if what == 'as it is' else 403)}
    if wrong: print(kind, method, target, wrong)
    else: print('good')
`;
  // Presigning parses the query: it keeps no parameter without a value apart, and no order among repeated ones.
  const presigned = TARGETS.filter((target) => !/[?&](?:b$|a=&|list=)/.test(target)).map((target) => ["query", "GET", target, ""]);
  const requests = [...TARGETS.flatMap((target) => [["header", "GET", target, ""], ["header", "POST", target, '{"a":"é"}']]), ...presigned];
  const lines = requests.map(([kind, method, target, body]) => JSON.stringify([kind, method, `/restapis/${restApiId}/prod/_user_request_${target}`, body]));
  const stdout = await new Promise<string>((resolve, reject) => {
    const child = execFile("python3", ["-c", script, String(gatehouse.port), key.accessKeyId, key.secretAccessKey], (error, out, errors) =>
      error === null ? resolve(out) : reject(new Error(errors)),
    );
    child.stdin?.end(lines.join("\n"));
  });
  expect(stdout.trim().split("\n").filter((line) => line !== "good")).toEqual([]);
  expect(stdout.match(/good/g)).toHaveLength(requests.length);
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: key.accessKeyId }));
});

describe("integrations with the credentials of their caller, arn:aws:iam::*:user/* (API_Integration, credentials)", () => {
  const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:who`;
  const INTEGRATIONS = {
    queue: { type: "AWS", uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/orders" },
    who: { type: "AWS_PROXY", uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations` },
  } as const;
  let apiId: string;

  beforeAll(async () => {
    const handler = "export const handler = async ({ requestContext: { identity } }) => ({ statusCode: 200, body: identity.userArn });";
    const lambda = gatehouse.lambda();
    // Nothing of its own lets anybody call it.
    await lambda.send(new CreateFunctionCommand({ FunctionName: "who", Role: `arn:aws:iam::${ACCOUNT}:role/f`, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: zip({ "index.mjs": handler }) } }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName: "who" });
    lambda.destroy();
    const client = gatehouse.apiGateway();
    const { id: restApiId, rootResourceId: parentId } = await client.send(new CreateRestApiCommand({ name: "by callers" }));
    for (const [pathPart, integration] of Object.entries(INTEGRATIONS)) {
      const { id: resourceId } = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
      const method = { restApiId, resourceId, httpMethod: "POST" };
      await client.send(new PutMethodCommand({ ...method, authorizationType: "AWS_IAM" }));
      await client.send(new PutIntegrationCommand({ ...method, ...integration, integrationHttpMethod: "POST", credentials: "arn:aws:iam::*:user/*" }));
      await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
      if (integration.type === "AWS") await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200" }));
    }
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
    client.destroy();
    apiId = restApiId as string;
  });

  async function send(key: SigningKey, path: keyof typeof INTEGRATIONS) {
    const request = { method: "POST", host: apiHost(apiId), target: `/prod/${path}`, body: "{}" };
    const headers = Object.fromEntries(pairs(await signedHeaders(request, { key })));
    const { status, body } = await call(`${gatehouse.url}${request.target}`, { method: "POST", headers, body: request.body });
    return { status, body };
  }

  async function newUser(UserName: string, ...actions: readonly string[]): Promise<SigningKey> {
    await iam.send(new CreateUserCommand({ UserName }));
    for (const [i, action] of actions.entries()) await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: `p${i}`, PolicyDocument: saying("Allow", action) }));
    return newKey(UserName);
  }

  test("a service sees who has called, by users' keys and by sessions' tokens", async () => {
    const sts = new STSClient(settings(await newUser("quinn", "execute-api:Invoke")));
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    const callers = [await newUser("pat", "execute-api:Invoke"), keyOf(Credentials)];
    for (const key of callers) {
      backend.reached.length = 0;
      expect(await send(key, "queue")).toEqual({ status: 200, body: "from the backend" });
      const [reached] = backend.reached as [Reached];
      expect(await signatureOf(reached, key)).toMatchObject({ accessKeyId: key.accessKeyId, region: "eu-west-1", service: "sqs", valid: true });
      expect(new Map(pairs(reached.rawHeaders)).get("X-Amz-Security-Token")).toBe(key.sessionToken);
    }
    sts.destroy();
  });

  test("a function is called by whose policies allow lambda:InvokeFunction, in every worker", async () => {
    const may = await newUser("max", "execute-api:Invoke", "lambda:InvokeFunction");
    const mayNot = await newUser("moe", "execute-api:Invoke");
    const root = { accessKeyId: "test", secretAccessKey: "test" };
    const many = async (key: SigningKey) => new Set((await Promise.all(Array.from({ length: 6 }, () => send(key, "who")))).map(({ status, body }) => `${status} ${body}`));
    expect(await many(may)).toEqual(new Set([`200 arn:aws:iam::${ACCOUNT}:user/max`]));
    expect(await many(mayNot)).toEqual(new Set(['500 {"message": "Internal server error"}']));
    expect(await many(root)).toEqual(new Set([`200 arn:aws:iam::${ACCOUNT}:root`]));
    expect(gatehouse.output()).toContain("Invalid permissions on Lambda function");
    for (const { secretAccessKey } of [may, mayNot]) expect(gatehouse.output()).not.toContain(secretAccessKey);
  });
});

const curl = spawnSync("curl", ["--aws-sigv4", "aws:amz:us-east-1:execute-api", "--version"]).status === 0;

test.skipIf(!curl)("curl's requests", async () => {
  const key = await newKey("ann");
  const send = (secret: string, path: string, ...more: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      const user = ["--user", `${key.accessKeyId}:${secret}`, "--aws-sigv4", "aws:amz:us-east-1:execute-api"];
      const url = `${gatehouse.url}/restapis/${restApiId}/prod/_user_request_${path}`;
      execFile("curl", ["-sS", ...user, ...more, "-w", " %{http_code}", url], (error, out) => (error === null ? resolve(out) : reject(new Error(out))));
    });
  const good = `arn:aws:iam::${ACCOUNT}:user/ann 200`;
  expect(await send(key.secretAccessKey, "/pets/1")).toBe(good);
  expect(await send(key.secretAccessKey, "/pets?a=1&b=2")).toBe(good);
  expect(await send(key.secretAccessKey, "/~tilde-_.", "-X", "POST", "--data-binary", '{"a":"é"}', "-H", "Content-Type: application/json")).toBe(good);
  expect(await send("wrong", "/pets/1")).toMatch(/The request signature we calculated does not match.* 403$/s);
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: key.accessKeyId }));
});
