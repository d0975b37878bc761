// Where authentication is strict, no operation of any service lets in anyone without rights: by the tables of operations, so that
// none is forgotten.
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiGateway } from "../../src/model/apigateway.gen.ts";
import { apiGatewayManagementApi } from "../../src/model/apigatewaymanagementapi.gen.ts";
import { apiGatewayV2 } from "../../src/model/apigatewayv2.gen.ts";
import { iam } from "../../src/model/iam.gen.ts";
import { lambda } from "../../src/model/lambda.gen.ts";
import { sts } from "../../src/model/sts.gen.ts";
import type { Operation, OperationTable } from "../../src/model/table.ts";
import { type Answer, call, removeDirectory } from "../harness/gatehouse.ts";
import { type Keys, type SignedCall, signedCall, startStrict, type StrictGatehouse } from "../harness/strict.ts";

const ACCOUNT = "000000000000";
const TABLES = { apiGateway, apiGatewayV2, apiGatewayManagementApi, lambda, iam, sts };

let strict: StrictGatehouse;
let url: string;
let nobody: Keys;
beforeAll(async () => {
  strict = await startStrict();
  url = strict.gatehouse.url;
  const client = new IAMClient({ endpoint: url, region: "us-east-1", credentials: strict.admin });
  await client.send(new CreateUserCommand({ UserName: "nobody" }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: "nobody" }));
  nobody = { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
});
afterAll(async () => {
  await strict.gatehouse.stop();
  await removeDirectory(strict.gatehouse.dataDir);
});

/** A request for an operation, with an `x` for every label. */
function requestFor(table: OperationTable, { name, method, uri }: Operation): SignedCall {
  const service = table.signingName;
  if (table.protocol === "awsQuery") {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return { method: "POST", target: "/", headers, body: `Action=${name}&Version=${table.query?.version ?? ""}`, service };
  }
  const target = filled(uri);
  return method === "GET" || method === "DELETE" ? { method, target, service } : { method, target, service, body: "{}" };
}

/** Versions are numbers. */
const filled = (uri: string): string => uri.replace(/\{[^}]*VersionNumber\}/g, "1").replace(/\{[^}]+\}/g, "x");

const refusal = ({ status, headers, body }: Answer) => ({ status, type: headers["x-amzn-errortype"], body });

/** How a protocol says it. */
function told(table: OperationTable, code: string, queryCode: string, message: string, status = 403) {
  if (table.protocol !== "awsQuery") {
    return { status, type: code, body: expect.stringMatching(new RegExp(`^\\{"[mM]essage":"${escaped(message)}.*"\\}$`)) as unknown };
  }
  const error = `<Error><Type>Sender</Type><Code>${queryCode}</Code><Message>${message}`;
  return { status, type: undefined, body: expect.stringContaining(error) as unknown };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

async function refusals(table: OperationTable, send: (request: SignedCall) => Promise<Answer>): Promise<Map<string, ReturnType<typeof refusal>>> {
  const answers = new Map<string, ReturnType<typeof refusal>>();
  const operations = Object.values(table.operations);
  for (let i = 0; i < operations.length; i += 20) {
    const batch = operations.slice(i, i + 20);
    const all = await Promise.all(batch.map((operation) => send(requestFor(table, operation))));
    for (const [j, answer] of all.entries()) answers.set((batch[j] as Operation).name, refusal(answer));
  }
  return answers;
}

const all = (table: OperationTable, value: (name: string) => unknown) => new Map(Object.keys(table.operations).map((name) => [name, value(name)]));

test.each(Object.entries(TABLES))("%s: unsigned requests are refused", async (_name, table) => {
  const answers = await refusals(table, ({ method, target, headers, body }) =>
    call(url + target, { method, ...(headers && { headers }), ...(body !== undefined && { body }) }));
  const missing = { status: 403, type: "MissingAuthenticationTokenException", body: '{"message":"Missing Authentication Token"}' };
  // Without a signature nothing says that the path of IAM's and STS's operations, "/", is meant for them.
  const expected = table.protocol === "awsQuery" ? expect.objectContaining({ status: 404 }) : missing;
  expect(answers).toEqual(all(table, () => expected));
});

test.each(Object.entries(TABLES))("%s: keys that do not exist are refused, and so are those of development", async (_name, table) => {
  const unknown = ["AKIAIOSFODNN7EXAMPLE", "test", ACCOUNT];
  let sent = 0;
  const answers = await refusals(table, (request) =>
    signedCall(url, { accessKeyId: unknown[sent++ % unknown.length] as string, secretAccessKey: "test" }, request));
  const expected = told(table, "UnrecognizedClientException", "InvalidClientTokenId", "The security token included in the request is invalid.");
  expect(answers).toEqual(all(table, () => expected));
});

test.each(Object.entries(TABLES))("%s: signatures with another secret are refused", async (_name, table) => {
  const answers = await refusals(table, (request) => signedCall(url, { ...strict.admin, secretAccessKey: nobody.secretAccessKey }, request));
  const message =
    "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  expect(answers).toEqual(all(table, () => told(table, "InvalidSignatureException", "SignatureDoesNotMatch", message)));
});

/** "No permissions are required to perform this operation" (their pages in the API reference); AssumeRole asks the role. */
const OPEN = new Set(["GetCallerIdentity", "GetSessionToken"]);

const ACTIONS: Readonly<Record<string, string>> = {
  GetLayerVersionByArn: "GetLayerVersion", Invoke: "InvokeFunction", InvokeWithResponseStream: "InvokeFunction",
};

/** What a caller without policies is told: the action, and of API Gateway the resource, by the operation's method and path. */
function denied(table: OperationTable, { name, method, uri }: Operation): string {
  const path = filled(uri).replace(/^\/v2\//, "/").replace(/\?.*$/, "");
  const [action, resource] =
    table.signingName === "apigateway" ? [`apigateway:${method}`, `arn:aws:apigateway:us-east-1::${path}`]
    : table.signingName === "execute-api" ? ["execute-api:ManageConnections", `arn:aws:execute-api:us-east-1:${ACCOUNT}:*/*/${method}${path}`]
    : [`${table.signingName}:${ACTIONS[name] ?? name}`, ""];
  return `User: arn:aws:iam::${ACCOUNT}:user/nobody is not authorized to perform: ${action} on resource: ${resource}`;
}

test.each(Object.entries(TABLES))("%s: a user without policies is refused", async (_name, table) => {
  const answers = await refusals(table, (request) => signedCall(url, nobody, request));
  const expected = all(table, (name) => {
    if (table === sts && OPEN.has(name)) return expect.objectContaining({ status: 200 });
    if (table === sts && name === "AssumeRole") return expect.objectContaining({ status: 400, body: expect.stringContaining("ValidationError") as unknown });
    return told(table, "AccessDeniedException", "AccessDenied", denied(table, table.operations[name] as Operation));
  });
  expect(answers).toEqual(expected);
  const actions = [...answers.values()].map(({ body }) => /perform: (\S+) .* because no identity-based policy allows the (\S+) action/.exec(body));
  expect(actions.filter((match) => match !== null && match[1] !== match[2])).toEqual([]);
  expect(actions.filter((match) => match === null)).toHaveLength(table === sts ? 3 : 0);
});

test("none of it was taken for a fault, and no secret was logged", () => {
  const output = strict.gatehouse.output();
  expect(output).not.toContain("failed");
  expect(output).not.toContain(nobody.secretAccessKey);
  expect(output).not.toContain(strict.admin.secretAccessKey);
});
