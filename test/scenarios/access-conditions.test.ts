// What policies may ask about on the control plane (tags, what is made, where a request comes from), and that taking rights away is
// felt by the next call.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  APIGatewayClient, CreateDeploymentCommand, CreateRestApiCommand, CreateStageCommand, DeleteRestApiCommand, GetResourcesCommand,
  GetRestApiCommand, GetRestApisCommand, GetStageCommand, ImportRestApiCommand, PutIntegrationCommand, PutMethodCommand, TagResourceCommand,
  UntagResourceCommand, UpdateRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, CreateApiCommand, CreateRouteCommand, GetApiCommand } from "@aws-sdk/client-apigatewayv2";
import {
  AttachUserPolicyCommand, CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, DeleteUserPolicyCommand, GetAccessKeyLastUsedCommand,
  GetUserCommand, IAMClient, PutRolePolicyCommand, PutUserPolicyCommand, TagUserCommand, UpdateAccessKeyCommand, UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsInstalled, runAws } from "../harness/aws-command.ts";
import { type Gatehouse, removeDirectory } from "../harness/gatehouse.ts";
import { type Administrator, type Keys, startStrict } from "../harness/strict.ts";

const ACCOUNT = "000000000000";
const REGION = "us-east-1";
const AUTHOR = `arn:aws:iam::${ACCOUNT}:user/author`;

let gatehouse: Gatehouse;
let admin: Administrator;
let author: Keys;
beforeAll(async () => {
  ({ gatehouse, admin } = await startStrict());
  await clients(admin).iam.send(new CreateUserCommand({ UserName: "author", Tags: [{ Key: "team", Value: "blue" }] }));
  author = await makeKey("author");
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

const settings = (credentials: Keys) => ({ endpoint: gatehouse.url, region: REGION, credentials, maxAttempts: 1 });
const clients = (keys: Keys) => ({
  apis: new APIGatewayClient(settings(keys)), httpApis: new ApiGatewayV2Client(settings(keys)), iam: new IAMClient(settings(keys)),
  sts: new STSClient(settings(keys)),
});

async function makeKey(UserName: string): Promise<Keys> {
  const { AccessKey } = await clients(admin).iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}
const document = (...Statement: readonly Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const ALL: Statement = { Effect: "Allow", Action: "apigateway:*", Resource: "*" };
const CHANGES = ["apigateway:PATCH", "apigateway:PUT", "apigateway:POST", "apigateway:DELETE"];

const permit = (...statements: readonly Statement[]) =>
  clients(admin).iam.send(new PutUserPolicyCommand({ UserName: "author", PolicyName: "given", PolicyDocument: document(...statements) }));

const arn = (path: string) => `arn:aws:apigateway:${REGION}::${path}`;
const denied = (action: string, why = `because no identity-based policy allows the ${action} action`) => ({
  message: expect.stringMatching(new RegExp(`^User: ${AUTHOR} is not authorized to perform: ${action} on resource: \\S.* ${why}$`)) as unknown,
  $metadata: expect.objectContaining({ httpStatusCode: 403 }) as unknown,
});
const EXPLICITLY = "with an explicit deny in an identity-based policy";

async function makeApi(tags: Record<string, string>) {
  const { id = "", rootResourceId = "" } = await clients(admin).apis.send(new CreateRestApiCommand({ name: "n", tags }));
  return { restApiId: id, resourceId: rootResourceId };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-iam-policy.html */
describe("the guide's examples of access by tags", () => {
  test("1: actions are limited by the resource's tags, which children inherit", async () => {
    await permit(
      { Effect: "Allow", Action: "apigateway:GET", Resource: "*" },
      { Effect: "Allow", Action: "apigateway:*", Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/iamrole": "readWrite" } } },
    );
    const { apis } = clients(author);
    const [open, closed] = [await makeApi({ iamrole: "readWrite" }), await makeApi({ iamrole: "read" })];
    const put = (api: typeof open) => apis.send(new PutMethodCommand({ ...api, httpMethod: "GET", authorizationType: "NONE" }));
    expect((await put(open)).httpMethod).toBe("GET");
    await expect(put(closed)).rejects.toMatchObject(denied("apigateway:PUT"));
    expect((await apis.send(new GetRestApiCommand(closed))).id).toBe(closed.restApiId);
    await expect(apis.send(new DeleteRestApiCommand({ restApiId: "none" }))).rejects.toMatchObject(denied("apigateway:DELETE"));
  });

  test("2: actions are limited by tags in the request", async () => {
    const stages = { Action: "apigateway:POST", Resource: "arn:aws:apigateway:*::/restapis/*/stages" };
    await permit(
      ALL,
      { Effect: "Deny", ...stages, Condition: { Null: { "aws:RequestTag/stage": "true" } } },
      { Effect: "Deny", ...stages, Condition: { StringNotEquals: { "aws:RequestTag/stage": ["beta", "gamma", "prod"] } } },
    );
    const { apis } = clients(author);
    const { restApiId, resourceId } = await makeApi({});
    const method = { restApiId, resourceId, httpMethod: "GET" };
    await apis.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await apis.send(new PutIntegrationCommand({ ...method, type: "MOCK" }));
    const { id: deploymentId } = await apis.send(new CreateDeploymentCommand({ restApiId }));
    const create = (stageName: string, tags?: Record<string, string>) => apis.send(new CreateStageCommand({ restApiId, deploymentId, stageName, ...(tags && { tags }) }));
    await expect(create("a")).rejects.toMatchObject(denied("apigateway:POST", EXPLICITLY));
    await expect(create("a", { stage: "dev" })).rejects.toMatchObject(denied("apigateway:POST", EXPLICITLY));
    expect((await create("a", { stage: "beta" })).tags).toEqual({ stage: "beta" });
  });

  test("3: a stage's own tags win over those it inherits, and untagging a resource is denied with the rest", async () => {
    await permit(ALL, { Effect: "Deny", Action: CHANGES, Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/stage": "prod" } } });
    const { apis } = clients(author);
    const { restApiId, resourceId } = await makeApi({ stage: "prod" });
    await expect(apis.send(new UpdateRestApiCommand({ restApiId, patchOperations: [] }))).rejects.toMatchObject(denied("apigateway:PATCH", EXPLICITLY));
    const resourceArn = arn(`/restapis/${restApiId}`);
    await expect(apis.send(new UntagResourceCommand({ resourceArn, tagKeys: ["stage"] }))).rejects.toMatchObject(denied("apigateway:DELETE", EXPLICITLY));
    await expect(apis.send(new TagResourceCommand({ resourceArn, tags: { stage: "x" } }))).rejects.toMatchObject(denied("apigateway:PUT", EXPLICITLY));
    expect((await apis.send(new GetResourcesCommand({ restApiId }))).items).toHaveLength(1);

    const { apis: everything } = clients(admin);
    await everything.send(new PutMethodCommand({ restApiId, resourceId, httpMethod: "GET", authorizationType: "NONE" }));
    await everything.send(new PutIntegrationCommand({ restApiId, resourceId, httpMethod: "GET", type: "MOCK" }));
    const { id: deploymentId } = await everything.send(new CreateDeploymentCommand({ restApiId }));
    for (const [stageName, tags] of [["own", { stage: "test" }], ["inherited", { other: "x" }]] as const) {
      await everything.send(new CreateStageCommand({ restApiId, deploymentId, stageName, tags }));
    }
    await permit(ALL, { Effect: "Deny", Action: "apigateway:GET", Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/stage": "prod" } } });
    expect((await apis.send(new GetStageCommand({ restApiId, stageName: "own" }))).stageName).toBe("own");
    await expect(apis.send(new GetStageCommand({ restApiId, stageName: "inherited" }))).rejects.toMatchObject(denied("apigateway:GET", EXPLICITLY));
  });

  test("5: actions are denied by a tag's key alone; of HTTP APIs' children none inherits", async () => {
    await permit(ALL, { Effect: "Deny", Action: "apigateway:*", Resource: "*", Condition: { Null: { "aws:ResourceTag/prod": "false" } } });
    const { ApiId } = await clients(admin).httpApis.send(new CreateApiCommand({ Name: "n", ProtocolType: "HTTP", Tags: { prod: "" } }));
    const { httpApis } = clients(author);
    await expect(httpApis.send(new GetApiCommand({ ApiId }))).rejects.toMatchObject(denied("apigateway:GET", EXPLICITLY));
    expect((await httpApis.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /" }))).RouteKey).toBe("GET /");
  });

  test("the keys of tags in a request are aws:TagKeys, of those that go as well", async () => {
    await permit(ALL, { Effect: "Deny", Action: CHANGES, Resource: "*", Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": "owner" } } });
    const { apis } = clients(author);
    const { restApiId } = await makeApi({ a: "1", owner: "me" });
    const resourceArn = arn(`/restapis/${restApiId}`);
    await expect(apis.send(new CreateRestApiCommand({ name: "n", tags: { owner: "x" } }))).rejects.toMatchObject(denied("apigateway:POST", EXPLICITLY));
    await expect(apis.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a", "owner"] }))).rejects.toMatchObject(denied("apigateway:DELETE", EXPLICITLY));
    await apis.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
  });
});

test("docs/access.md: everything with APIs that have a tag, which stays", async () => {
  const example = /```json\n(.*?)```/s.exec(await readFile(join(import.meta.dirname, "../../docs/access.md"), "utf8"))?.[1] as string;
  await permit(...(JSON.parse(example) as { readonly Statement: readonly Statement[] }).Statement);
  const { apis } = clients(author);
  const { id: restApiId } = await apis.send(new CreateRestApiCommand({ name: "n", tags: { team: "blue" } }));
  await expect(apis.send(new CreateRestApiCommand({ name: "n" }))).rejects.toMatchObject(denied("apigateway:POST"));
  await expect(apis.send(new CreateRestApiCommand({ name: "n", tags: { team: "red" } }))).rejects.toMatchObject(denied("apigateway:POST"));
  expect((await apis.send(new GetResourcesCommand({ restApiId }))).items).toHaveLength(1);
  const resourceArn = arn(`/restapis/${restApiId}`);
  await apis.send(new TagResourceCommand({ resourceArn, tags: { other: "x" } }));
  await expect(apis.send(new TagResourceCommand({ resourceArn, tags: { team: "red" } }))).rejects.toMatchObject(denied("apigateway:PUT", EXPLICITLY));
  await expect(apis.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }))).rejects.toMatchObject(denied("apigateway:DELETE", EXPLICITLY));
  await expect(apis.send(new GetResourcesCommand(await makeApi({ team: "red" })))).rejects.toMatchObject(denied("apigateway:GET"));
  await apis.send(new DeleteRestApiCommand({ restApiId }));
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/security_iam_id-based-policy-examples.html */
describe("what a request is going to make", () => {
  test("routes without authorization can be denied", async () => {
    const none = { "ForAnyValue:StringEqualsIgnoreCase": { "apigateway:Request/RouteAuthorizationType": "NONE" } };
    await permit(ALL, { Effect: "Deny", Action: ["apigateway:POST", "apigateway:PATCH", "apigateway:PUT"], Resource: [arn("/apis"), arn("/apis/*")], Condition: none });
    const { httpApis } = clients(author);
    const { ApiId } = await httpApis.send(new CreateApiCommand({ Name: "n", ProtocolType: "HTTP" }));
    const route = { ApiId, RouteKey: "GET /" };
    await expect(httpApis.send(new CreateRouteCommand(route))).rejects.toMatchObject(denied("apigateway:POST", EXPLICITLY));
    await expect(httpApis.send(new CreateApiCommand({ Name: "n", ProtocolType: "HTTP", Target: "https://example.com" }))).rejects.toMatchObject(denied("apigateway:POST", EXPLICITLY));
    expect((await httpApis.send(new CreateRouteCommand({ ...route, AuthorizationType: "AWS_IAM" }))).AuthorizationType).toBe("AWS_IAM");
  });

  test("APIs with their default endpoint can be denied", async () => {
    const condition = { BoolIfExists: { "apigateway:Request/DisableExecuteApiEndpoint": true } };
    await permit({ Effect: "Allow", Action: ["apigateway:PATCH", "apigateway:POST"], Resource: [arn("/apis"), arn("/restapis*")], Condition: condition });
    const { apis, httpApis } = clients(author);
    await expect(httpApis.send(new CreateApiCommand({ Name: "n", ProtocolType: "HTTP" }))).rejects.toMatchObject(denied("apigateway:POST"));
    await httpApis.send(new CreateApiCommand({ Name: "n", ProtocolType: "HTTP", DisableExecuteApiEndpoint: true }));
    const { id: restApiId } = await apis.send(new CreateRestApiCommand({ name: "n", disableExecuteApiEndpoint: true }));
    const patch = (path: string, value: string) => apis.send(new UpdateRestApiCommand({ restApiId, patchOperations: [{ op: "replace", path, value }] }));
    expect((await patch("/name", "other")).name).toBe("other");
    await expect(patch("/disableExecuteApiEndpoint", "false")).rejects.toMatchObject(denied("apigateway:PATCH"));
  });

  test("only private REST APIs can be made, changed and deleted", async () => {
    const condition = { "ForAllValues:StringEqualsIfExists": { "apigateway:Request/EndpointType": "PRIVATE", "apigateway:Resource/EndpointType": "PRIVATE" } };
    await permit(
      { Effect: "Allow", Action: ["apigateway:DELETE", ...CHANGES], Resource: [arn("/restapis"), arn("/restapis/??????????")], Condition: condition },
      { Effect: "Allow", Action: "apigateway:UpdateRestApiPolicy", Resource: arn("/restapis/*") },
    );
    const { apis } = clients(author);
    const create = (type: "PRIVATE" | "REGIONAL", keys = apis) => keys.send(new CreateRestApiCommand({ name: "n", endpointConfiguration: { types: [type] } }));
    await expect(create("REGIONAL")).rejects.toMatchObject(denied("apigateway:POST"));
    const { id: own } = await create("PRIVATE");
    const { id: other } = await create("REGIONAL", clients(admin).apis);
    const patch = (restApiId: string | undefined, path: string, value: string) =>
      apis.send(new UpdateRestApiCommand({ restApiId, patchOperations: [{ op: "replace", path, value }] }));
    expect((await patch(own, "/name", "changed")).name).toBe("changed");
    await expect(patch(own, "/endpointConfiguration/types/PRIVATE", "REGIONAL")).rejects.toMatchObject(denied("apigateway:PATCH"));
    await expect(patch(other, "/name", "changed")).rejects.toMatchObject(denied("apigateway:PATCH"));
    await expect(apis.send(new DeleteRestApiCommand({ restApiId: other }))).rejects.toMatchObject(denied("apigateway:DELETE"));
    await apis.send(new DeleteRestApiCommand({ restApiId: own }));
  });

  test("a condition on what a document holds, or on what was there of anything but a REST API, is decided for nobody", async () => {
    await permit({ Effect: "Allow", Action: "apigateway:*", Resource: "*", Condition: { "ForAllValues:StringEquals": { "apigateway:Request/AuthorizerType": "JWT", "apigateway:Resource/EndpointType": "PRIVATE" } } });
    const { apis } = clients(author);
    expect((await apis.send(new CreateRestApiCommand({ name: "n" }))).name).toBe("n");
    await expect(apis.send(new ImportRestApiCommand({ body: Buffer.from("{}") }))).rejects.toMatchObject({
      name: "NotImplementedException",
      message: "Gatehouse has not built the condition key apigateway:request/authorizertype for this use of apigateway:POST yet.",
    });
    await expect(apis.send(new GetRestApisCommand({}))).rejects.toMatchObject({ name: "NotImplementedException" });
  });
});

describe("who calls, and how", () => {
  test("by their tags, addresses, transport, time and clients", async () => {
    const { apis } = clients(author);
    const list = () => apis.send(new GetRestApisCommand({}));
    const cases: readonly (readonly [condition: object, allowed: boolean])[] = [
      [{ StringEquals: { "aws:PrincipalTag/team": "blue" } }, true],
      [{ StringEquals: { "aws:PrincipalTag/team": "red" } }, false],
      [{ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }, true],
      [{ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, false],
      [{ Bool: { "aws:SecureTransport": "false" } }, true],
      [{ Bool: { "aws:SecureTransport": "true" } }, false],
      [{ DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } }, true],
      [{ DateLessThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } }, false],
      [{ StringLike: { "aws:UserAgent": "aws-sdk-js/*" } }, true],
      [{ StringEquals: { "aws:RequestedRegion": REGION, "aws:username": "author", "aws:PrincipalArn": AUTHOR, "aws:PrincipalAccount": ACCOUNT } }, true],
      [{ StringEquals: { "aws:SourceVpc": "vpc-1" } }, false],
      [{ StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }, true],
      [{ Bool: { "aws:MultiFactorAuthPresent": "true" } }, false],
    ];
    for (const [Condition, allowed] of cases) {
      await permit({ Effect: "Allow", Action: "apigateway:GET", Resource: "*", Condition });
      if (allowed) expect(await list(), JSON.stringify(Condition)).toMatchObject({ $metadata: { httpStatusCode: 200 } });
      else await expect(list(), JSON.stringify(Condition)).rejects.toMatchObject(denied("apigateway:GET"));
    }
  });

  test("of IAM's entities: tags, boundaries that have to be given, policies that may be attached, and both names of what is renamed", async () => {
    const { iam } = clients(author);
    const boundary = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess";
    await permit(
      { Effect: "Allow", Action: "iam:CreateUser", Resource: "*", Condition: { StringEquals: { "iam:PermissionsBoundary": boundary, "aws:RequestTag/team": "blue" } } },
      { Effect: "Allow", Action: "iam:AttachUserPolicy", Resource: "*", Condition: { ArnEquals: { "iam:PolicyARN": boundary }, StringEquals: { "iam:PermissionsBoundary": boundary } } },
      { Effect: "Allow", Action: ["iam:GetUser", "iam:TagUser"], Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/team": "blue" } } },
      { Effect: "Allow", Action: "iam:UpdateUser", Resource: `arn:aws:iam::${ACCOUNT}:user/team/*` },
    );
    const Tags = [{ Key: "team", Value: "blue" }];
    await expect(iam.send(new CreateUserCommand({ UserName: "free", Tags }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: ${AUTHOR} is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${ACCOUNT}:user/free because no identity-based policy allows the iam:CreateUser action`,
    });
    await iam.send(new CreateUserCommand({ UserName: "member", Path: "/team/", Tags, PermissionsBoundary: boundary }));
    await iam.send(new AttachUserPolicyCommand({ UserName: "member", PolicyArn: boundary }));
    await expect(iam.send(new AttachUserPolicyCommand({ UserName: "member", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }))).rejects.toMatchObject(denied("iam:AttachUserPolicy"));
    await expect(iam.send(new AttachUserPolicyCommand({ UserName: "author", PolicyArn: boundary }))).rejects.toMatchObject(denied("iam:AttachUserPolicy"));
    expect((await iam.send(new GetUserCommand({ UserName: "member" }))).User?.Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/team/member`);
    await expect(iam.send(new TagUserCommand({ UserName: "admin", Tags }))).rejects.toMatchObject(denied("iam:TagUser"));
    await expect(iam.send(new UpdateUserCommand({ UserName: "member", NewPath: "/" }))).rejects.toMatchObject(denied("iam:UpdateUser"));
    await iam.send(new UpdateUserCommand({ UserName: "member", NewUserName: "renamed" }));
  });
});

describe("what is taken away is gone for the next call", () => {
  test("a policy, a key and a role's policy", async () => {
    const { iam } = clients(admin);
    await iam.send(new CreateUserCommand({ UserName: "leaving" }));
    const keys = await makeKey("leaving");
    const { apis, sts } = clients(keys);
    const list = () => apis.send(new GetRestApisCommand({}));
    await iam.send(new PutUserPolicyCommand({ UserName: "leaving", PolicyName: "p", PolicyDocument: document(ALL, { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }) }));
    expect((await list()).items).toEqual(expect.any(Array));
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" }] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "lent", AssumeRolePolicyDocument: trust }));
    await iam.send(new PutRolePolicyCommand({ RoleName: "lent", PolicyName: "p", PolicyDocument: document(ALL) }));
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "session" }));
    const session = clients({
      accessKeyId: Credentials?.AccessKeyId ?? "", secretAccessKey: Credentials?.SecretAccessKey ?? "", sessionToken: Credentials?.SessionToken ?? "",
    });
    await session.apis.send(new GetRestApisCommand({}));
    await iam.send(new PutRolePolicyCommand({ RoleName: "lent", PolicyName: "p", PolicyDocument: document({ ...ALL, Effect: "Deny" }) }));
    await expect(session.apis.send(new GetRestApisCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });

    await iam.send(new DeleteUserPolicyCommand({ UserName: "leaving", PolicyName: "p" }));
    await expect(list()).rejects.toMatchObject({ name: "AccessDeniedException" });
    await iam.send(new UpdateAccessKeyCommand({ UserName: "leaving", AccessKeyId: keys.accessKeyId, Status: "Inactive" }));
    await expect(list()).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    expect((await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keys.accessKeyId }))).AccessKeyLastUsed).toMatchObject({ ServiceName: "apigateway", Region: REGION });
  });
});

test.skipIf(!awsInstalled)("the aws command signs in as anyone else does", async () => {
  const run = ({ accessKeyId, secretAccessKey }: Keys, ...args: string[]) =>
    runAws(args, {
      PATH: process.env["PATH"], HOME: gatehouse.dataDir, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: REGION, AWS_ENDPOINT_URL: gatehouse.url, AWS_EC2_METADATA_DISABLED: "true", AWS_MAX_ATTEMPTS: "1",
    });
  await permit({ Effect: "Allow", Action: "apigateway:GET", Resource: arn("/restapis") });
  const created = JSON.parse((await run(admin, "apigateway", "create-rest-api", "--name", "made-by-aws")).stdout) as { readonly id: string };
  const listed = await run(author, "apigateway", "get-rest-apis", "--query", "items[?name=='made-by-aws'].id", "--output", "text");
  expect(listed).toMatchObject({ code: 0, stdout: `${created.id}\n` });
  expect((await run(author, "apigateway", "delete-rest-api", "--rest-api-id", created.id)).stderr).toContain(
    `An error occurred (AccessDeniedException) when calling the DeleteRestApi operation: User: ${AUTHOR} is not authorized to perform: apigateway:DELETE`,
  );
  expect((await run(author, "sts", "get-caller-identity", "--query", "Arn", "--output", "text")).stdout).toBe(`${AUTHOR}\n`);
  expect((await run(author, "iam", "list-users")).stderr).toContain("An error occurred (AccessDenied) when calling the ListUsers operation");
  expect((await run({ ...author, secretAccessKey: "x" }, "sts", "get-caller-identity")).stderr).toContain("An error occurred (SignatureDoesNotMatch)");
  const unknown = { ...author, accessKeyId: "AKIAIOSFODNN7EXAMPLE" };
  expect((await run(unknown, "iam", "get-user")).stderr).toContain("An error occurred (InvalidClientTokenId)");
});
