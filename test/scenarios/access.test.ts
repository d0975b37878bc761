// Who may call the control plane where authentication is strict: from `gatehouse init` to what signatures cover and policies allow, through
// AWS's clients and through workers (docs/access.md).
import {
  APIGatewayClient, CreateRestApiCommand, DeleteRestApiCommand, GetResourcesCommand, GetRestApiCommand, GetRestApisCommand, GetTagsCommand,
  ImportRestApiCommand, PutIntegrationCommand, PutMethodCommand, UpdateRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import {
  CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, DeleteUserPermissionsBoundaryCommand, GetUserCommand, IAMClient, ListUsersCommand,
  PutRolePolicyCommand, PutUserPermissionsBoundaryCommand, PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateFunctionCommand, GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StoreOpenError } from "../../src/adapters/sqlite/index.ts";
import { init } from "../../src/cli/init.ts";
import { readCommand } from "../../src/config/index.ts";
import { startServer } from "../../src/server.ts";
import { call, type Gatehouse, removeDirectory, temporaryDirectory } from "../harness/gatehouse.ts";
import { type Administrator, type Keys, runInitProcess, signedCall, startStrict } from "../harness/strict.ts";

const ACCOUNT = "000000000000";
const REGION = "us-east-1";
const AUTHOR = `arn:aws:iam::${ACCOUNT}:user/author`;

let gatehouse: Gatehouse;
let admin: Administrator;
let url: string;
let author: Keys;
beforeAll(async () => {
  // An address that the settings do not know for a loopback one.
  ({ gatehouse, admin } = await startStrict(["--host", "::ffff:127.0.0.1", "--workers", "2", "--lambda-functions", "on"]));
  url = `http://127.0.0.1:${gatehouse.port}`;
  author = await makeUser("author");
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

const settings = (credentials: Keys) => ({ endpoint: url, region: REGION, credentials, maxAttempts: 1 });
const clients = (keys: Keys) => ({
  apis: new APIGatewayClient(settings(keys)), httpApis: new ApiGatewayV2Client(settings(keys)), iam: new IAMClient(settings(keys)),
  lambda: new LambdaClient(settings(keys)), sts: new STSClient(settings(keys)),
});

async function makeUser(UserName: string): Promise<Keys> {
  const { iam } = clients(admin);
  await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: "team", Value: "blue" }] }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}
const document = (...Statement: readonly Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const ALL: Statement = { Effect: "Allow", Action: "*", Resource: "*" };

/** What the user `author` may do from now on: this alone. */
const permit = (...statements: readonly Statement[]) =>
  clients(admin).iam.send(new PutUserPolicyCommand({ UserName: "author", PolicyName: "given", PolicyDocument: document(...statements) }));

const arn = (path: string) => `arn:aws:apigateway:${REGION}::${path}`;
const denied = (action: string, resource: string, why = `because no identity-based policy allows the ${action} action`) => ({
  name: "AccessDeniedException",
  message: `User: ${AUTHOR} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  $metadata: expect.objectContaining({ httpStatusCode: 403 }) as unknown,
});
const EXPLICITLY = "with an explicit deny in an identity-based policy";

describe("gatehouse init", () => {
  test("tells the key once, refuses to make another, and replaces it when told to", async () => {
    const dataDir = await temporaryDirectory();
    const first = await init(["--data-dir", dataDir, "--account", "111122223333"], {});
    expect(first).toMatch(
      /^The user admin is the administrator of account 111122223333 in \S+\.\nIts access key, which is not shown again:\n\nexport AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\nexport AWS_SECRET_ACCESS_KEY=\S{40}\n$/,
    );
    await expect(runInitProcess(["--data-dir", dataDir, "--account", "111122223333"])).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr:
        "gatehouse: account 111122223333 has an administrator already, the user admin; " +
        "pass --replace-keys to revoke its access keys and make a new one\n",
    });
    const second = JSON.parse(await init(["--data-dir", dataDir, "--replace-keys", "--json"], { GATEHOUSE_ACCOUNT: "111122223333" })) as Administrator;
    expect(second).toEqual({
      account: "111122223333", userName: "admin", accessKeyId: expect.stringMatching(/^AKIA/) as unknown,
      secretAccessKey: expect.stringMatching(/^\S{40}$/) as unknown, dataDir,
    });
    expect(first).not.toContain(second.accessKeyId);
    await removeDirectory(dataDir);
  });

  test("refuses a directory that a running Gatehouse uses", async () => {
    await expect(init(["--data-dir", gatehouse.dataDir], {})).rejects.toEqual(
      new StoreOpenError(`data directory ${gatehouse.dataDir} is in use by another Gatehouse process`),
    );
  });
});

test("a start without any access key says so", async () => {
  const dataDir = await temporaryDirectory();
  const command = readCommand(["--port", "0", "--auth", "strict", "--data-dir", dataDir, "--lambda-functions", "off"], {});
  if (command.kind !== "start") throw new Error(command.kind);
  const warnings: string[] = [];
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message), error: (message: string) => expect.fail(message) };
  const server = await startServer({ config: command.config, log, env: {}, onFailure: (error) => expect.fail(error.message) });
  await server.close();
  await removeDirectory(dataDir);
  expect(warnings).toEqual(["there is no access key to call the control plane with: end this, and run `gatehouse init`"]);
});

test("beyond loopback, only those who exist are let in, by whatever name they call it", async () => {
  expect(await clients(admin).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/admin` });
  const stranger = clients({ accessKeyId: "test", secretAccessKey: "test" });
  await expect(stranger.apis.send(new GetRestApisCommand({}))).rejects.toMatchObject({
    name: "UnrecognizedClientException", message: "The security token included in the request is invalid.",
  });
  await expect(stranger.iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  const named = { method: "GET", target: "/restapis", headers: { Host: "gatehouse.example.com" }, service: "apigateway" };
  expect(await signedCall(url, admin, named)).toMatchObject({ status: 200 });
});

describe("what is signed", () => {
  const create = { method: "POST", target: "/apikeys?mode=import&format=csv", service: "apigateway", body: "Name,key\na,b\n", headers: { "X-Amz-Meta": "1" } };
  const MISMATCH = /^\{"message":"The request signature we calculated does not match the signature you provided\./;

  test.each([
    ["the body", { body: "Name,key\na,c\n" }],
    ["the query", { target: "/apikeys?mode=import&format=xml" }],
    ["the path", { target: "/restapis?mode=import&format=csv" }],
    ["the method", { method: "PUT", target: "/restapis/x" }],
    ["a header", { headers: { "X-Amz-Meta": "2" } }],
  ])("%s cannot be another", async (_what, tamper) => {
    const answer = await signedCall(url, admin, create, tamper);
    expect(answer).toMatchObject({ status: 403, body: expect.stringMatching(MISMATCH) as unknown });
    expect(answer.headers["x-amzn-errortype"]).toBe("InvalidSignatureException");
  });

  test("a signature for another service reaches that one alone", async () => {
    const elsewhere = { method: "GET", target: "/restapis", service: "lambda" };
    expect(await signedCall(url, admin, elsewhere)).toMatchObject({
      status: 403, body: '{"message":"Unable to determine service/operation name to be authorized"}',
    });
    const form = { method: "POST", target: "/", service: "sts", body: "Action=ListUsers&Version=2010-05-08", headers: { "Content-Type": "application/x-www-form-urlencoded" } };
    expect(await signedCall(url, admin, form)).toMatchObject({ status: 400, body: expect.stringContaining("<Code>InvalidAction</Code>") as unknown });
  });

  test("a signature for another region sees that region's records", async () => {
    const { id } = await clients(admin).apis.send(new CreateRestApiCommand({ name: "here" }));
    const get = { method: "GET", target: `/restapis/${id}`, service: "apigateway" };
    expect((await signedCall(url, admin, get)).status).toBe(200);
    expect((await signedCall(url, admin, { ...get, region: "eu-west-1" })).status).toBe(404);
  });

  test("API Gateway takes times that are off by five minutes, STS by fifteen", async () => {
    const get = { method: "GET", target: "/restapis", service: "apigateway" };
    const minutes = (count: number) => Date.now() - count * 60_000;
    expect((await signedCall(url, admin, { ...get, time: minutes(4) })).status).toBe(200);
    const late = await signedCall(url, admin, { ...get, time: minutes(6) });
    expect(late).toMatchObject({ status: 403, body: expect.stringMatching(/^\{"message":"Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)"\}$/) as unknown });
    const who = { method: "GET", target: "/?Action=GetCallerIdentity&Version=2011-06-15", service: "sts" };
    expect((await signedCall(url, admin, { ...who, time: minutes(14) })).status).toBe(200);
    const later = await signedCall(url, admin, { ...who, time: minutes(16) });
    expect(later).toMatchObject({ status: 403, body: expect.stringMatching(/<Code>SignatureDoesNotMatch<\/Code><Message>Signature expired: .* - 15 min\.\)/) as unknown });
  });

  test("an authorization that cannot be read is told so", async () => {
    const answer = await call(`${url}/restapis`, { headers: { Authorization: "AWS4-HMAC-SHA256 Credential=a/b" } });
    expect(answer.headers["x-amzn-errortype"]).toBe("IncompleteSignatureException");
    expect(answer.status).toBe(403);
  });
});

describe("what policies allow", () => {
  test("each service's operations, by action and resource", async () => {
    const { apis, httpApis, iam, lambda } = clients(author);
    await permit(
      { Effect: "Allow", Action: ["apigateway:POST", "apigateway:GET"], Resource: [arn("/restapis"), arn("/restapis/*/resources"), arn("/apis")] },
      { Effect: "Allow", Action: "iam:GetUser", Resource: `arn:aws:iam::${ACCOUNT}:user/\${aws:username}` },
      { Effect: "Allow", Action: "lambda:ListFunctions", Resource: "*" },
    );
    const { id } = await apis.send(new CreateRestApiCommand({ name: "allowed" }));
    expect((await apis.send(new GetResourcesCommand({ restApiId: id }))).items).toHaveLength(1);
    await expect(apis.send(new GetRestApiCommand({ restApiId: id }))).rejects.toMatchObject(denied("apigateway:GET", arn(`/restapis/${id}`)));
    await expect(apis.send(new DeleteRestApiCommand({ restApiId: id }))).rejects.toMatchObject(denied("apigateway:DELETE", arn(`/restapis/${id}`)));
    expect((await httpApis.send(new GetApisCommand({}))).Items).toEqual(expect.any(Array));
    expect((await iam.send(new GetUserCommand({}))).User?.Arn).toBe(AUTHOR);
    await expect(iam.send(new GetUserCommand({ UserName: "admin" }))).rejects.toMatchObject({ ...denied("iam:GetUser", "user admin"), name: "AccessDenied" });
    expect((await lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: "f" }))).rejects.toMatchObject(
      denied("lambda:GetFunction", `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`),
    );
    await expect(lambda.send(new InvokeCommand({ FunctionName: "f", Qualifier: "live" }))).rejects.toMatchObject(
      denied("lambda:InvokeFunction", `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f:live`),
    );
  });

  test("an explicit deny, a boundary and a session's policy are named in refusals", async () => {
    const { apis } = clients(author);
    const { iam } = clients(admin);
    await permit(ALL, { Effect: "Deny", Action: "apigateway:GET", Resource: arn("/restapis") });
    await expect(apis.send(new GetRestApisCommand({}))).rejects.toMatchObject(denied("apigateway:GET", arn("/restapis"), EXPLICITLY));
    await permit(ALL);
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: "author", PermissionsBoundary: "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess" }));
    await expect(apis.send(new GetRestApisCommand({}))).rejects.toMatchObject(
      denied("apigateway:GET", arn("/restapis"), "because no permissions boundary allows the apigateway:GET action"),
    );
    await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: "author" }));
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: AUTHOR }, Action: "sts:AssumeRole" }] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument: trust }));
    await iam.send(new PutRolePolicyCommand({ RoleName: "reader", PolicyName: "all", PolicyDocument: document(ALL) }));
    const { Credentials } = await clients(author).sts.send(new AssumeRoleCommand({
      RoleArn: Role?.Arn, RoleSessionName: "narrow", Policy: document({ Effect: "Allow", Action: "apigateway:GET", Resource: arn("/apis") }),
    }));
    const session = { accessKeyId: Credentials?.AccessKeyId ?? "", secretAccessKey: Credentials?.SecretAccessKey ?? "", sessionToken: Credentials?.SessionToken ?? "" };
    expect((await clients(session).httpApis.send(new GetApisCommand({}))).Items).toEqual([]);
    await expect(clients(session).apis.send(new GetRestApisCommand({}))).rejects.toMatchObject({
      message:
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/narrow is not authorized to perform: apigateway:GET on resource: ${arn("/restapis")} ` +
        "because no session policy allows the apigateway:GET action",
    });
    await expect(clients({ ...session, sessionToken: "another" }).apis.send(new GetRestApisCommand({}))).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  });

  test("a path is the same however it is written", async () => {
    const { id } = await clients(admin).apis.send(new CreateRestApiCommand({ name: "spelled" }));
    await permit(ALL, { Effect: "Deny", Action: "apigateway:GET", Resource: arn(`/restapis/${id}`) });
    const encoded = `%${(id as string).charCodeAt(0).toString(16)}${(id as string).slice(1)}`;
    for (const target of [`/restapis/${id}`, `/restapis/${id}/`, `/restapis/${encoded}`]) {
      expect((await signedCall(url, author, { method: "GET", target, service: "apigateway" })).body).toContain(EXPLICITLY);
    }
    const tags = arn(`/restapis/${id}`);
    await permit(ALL, { Effect: "Deny", Action: "apigateway:GET", Resource: arn(`/tags/${tags}`) });
    await expect(clients(author).apis.send(new GetTagsCommand({ resourceArn: tags }))).rejects.toMatchObject(
      denied("apigateway:GET", arn(`/tags/${encodeURIComponent(tags)}`), EXPLICITLY),
    );
  });

  test("roles may be handed to API Gateway and Lambda only by those who may pass them", async () => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/for-apis`;
    const { apis, lambda } = clients(author);
    const { id: restApiId, rootResourceId: resourceId } = await clients(admin).apis.send(new CreateRestApiCommand({ name: "roles" }));
    await clients(admin).apis.send(new PutMethodCommand({ restApiId, resourceId, httpMethod: "GET", authorizationType: "NONE" }));
    const everything: Statement = { Effect: "Allow", Action: ["apigateway:*", "lambda:*"], Resource: "*" };
    const put = () => apis.send(new PutIntegrationCommand({
      restApiId, resourceId, httpMethod: "GET", type: "AWS", integrationHttpMethod: "POST", credentials: RoleArn,
      uri: `arn:aws:apigateway:${REGION}:sqs:path/${ACCOUNT}/q`,
    }));
    await permit(everything);
    await expect(put()).rejects.toMatchObject(denied("iam:PassRole", RoleArn));
    const openapi = JSON.stringify({ swagger: "2.0", info: { title: "t" }, paths: {}, "x-note": RoleArn });
    const load = (text: string) => apis.send(new ImportRestApiCommand({ body: Buffer.from(text) }));
    await expect(load(openapi)).rejects.toMatchObject(denied("iam:PassRole", RoleArn));
    await expect(load(openapi.replace("for-apis", "for\\u002dapis"))).rejects.toMatchObject(denied("iam:PassRole", "*"));
    await expect(lambda.send(new CreateFunctionCommand({ FunctionName: "f", Role: RoleArn, Code: {} }))).rejects.toMatchObject(denied("iam:PassRole", RoleArn));
    const passing = (service: string): Statement =>
      ({ Effect: "Allow", Action: "iam:PassRole", Resource: RoleArn, Condition: { StringEquals: { "iam:PassedToService": service } } });
    await permit(everything, passing("lambda.amazonaws.com"));
    await expect(put()).rejects.toMatchObject(denied("iam:PassRole", RoleArn));
    await permit(everything, passing("apigateway.amazonaws.com"));
    expect((await put()).credentials).toBe(RoleArn);
    expect((await load(openapi)).name).toBe("t");
  });

  test("an API's resource policy takes a permission of its own", async () => {
    const { apis } = clients(author);
    const policy = document({ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*", Principal: "*" } as Statement);
    await permit({ Effect: "Allow", Action: ["apigateway:POST", "apigateway:PATCH"], Resource: "*" });
    const { id } = await apis.send(new CreateRestApiCommand({ name: "open" }));
    await expect(apis.send(new CreateRestApiCommand({ name: "closed", policy }))).rejects.toMatchObject(denied("apigateway:UpdateRestApiPolicy", arn("/restapis")));
    const patch = new UpdateRestApiCommand({ restApiId: id, patchOperations: [{ op: "replace", path: "/policy", value: policy }] });
    await expect(apis.send(patch)).rejects.toMatchObject(denied("apigateway:UpdateRestApiPolicy", arn(`/restapis/${id}`)));
    await expect(apis.send(new ImportRestApiCommand({ body: Buffer.from(`{"swagger":"2.0","x-amazon-apigateway-policy":${policy}}`) })))
      .rejects.toMatchObject(denied("apigateway:UpdateRestApiPolicy", arn("/restapis")));
    await permit(ALL);
    expect((await apis.send(patch)).policy).toBeDefined();
  });
});
