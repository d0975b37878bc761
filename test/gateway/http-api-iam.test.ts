// Routes with AWS_IAM over real sockets: who gets through, and what functions and logs learn of the caller
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html).
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FunctionInvocation } from "../../src/ports/functions.ts";
import type { IdentityChange } from "../../src/ports/identity-lookup.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { NOW, resultOf, startGateway } from "../harness/gateway.ts";
import { HTTP_API_ID, HTTP_HOST, type HttpRouteParts, httpStage, serveHttpApi } from "../harness/http-api.ts";
import { keyOf, OWNER, saying, sessionKeyOf, sessionOf, STRANGER, userOf } from "../harness/identities.ts";
import { presignedTarget, type Signable, signedHeaders, type SigningOptions } from "../harness/signed.ts";

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend((response) => void response.end("from the backend"));
});
afterAll(() => backend[Symbol.asyncDispose]());

const FUNCTION = `arn:aws:lambda:us-east-1:${OWNER}:function:f`;
const ROUTES = (): Readonly<Record<string, HttpRouteParts>> => ({
  "ANY /pets": { authorizationType: "AWS_IAM", integration: { integrationUri: backend.url } },
  "GET /pets/{id}": { authorizationType: "AWS_IAM", integration: { integrationUri: backend.url } },
  "GET /one": { authorizationType: "AWS_IAM", integration: { integrationType: "AWS_PROXY", integrationUri: FUNCTION, payloadFormatVersion: "1.0" } },
  "GET /two": { authorizationType: "AWS_IAM", integration: { integrationType: "AWS_PROXY", integrationUri: FUNCTION, payloadFormatVersion: "2.0" } },
});

const ALLOWED = userOf({ policies: [saying("Allow")] });

async function start(identities: readonly IdentityChange[] = ALLOWED) {
  const events: unknown[] = [];
  const logged: string[] = [];
  const gate = await startGateway([], {
    identities,
    invoke: async ({ payload }: FunctionInvocation) => {
      events.push(JSON.parse(Buffer.from(payload).toString()));
      return resultOf({ statusCode: 200, body: "from the function" });
    },
    logs: { write: (_group, _at, line) => void logged.push(line), usage: () => ({ written: logged.length, dropped: 0 }), close: async () => {} },
  });
  const format = "$context.identity.accountId $context.identity.caller $context.identity.user $context.identity.userArn $context.identity.principalOrgId";
  const accessLogSettings = { destinationArn: `arn:aws:logs:us-east-1:${OWNER}:log-group:g`, format };
  serveHttpApi(gate, [httpStage({ routes: ROUTES(), stage: { accessLogSettings } })]);
  async function send(given: Partial<Signable> = {}, options: Partial<SigningOptions> = {}) {
    const request = { host: HTTP_HOST, target: "/pets", ...given };
    const headers = await signedHeaders(request, { key: keyOf(), at: NOW, ...options });
    const { method, target, body } = request;
    return gate.ask({ ...(method && { method }), target, headers, ...(body !== undefined && { body }) });
  }
  return { ...gate, send, events, logged, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

const FORBIDDEN = [403, '{"message":"Forbidden"}'];
const brief = ({ status, body }: { status: number; body: string }) => [status, body];

test("whoever may call is let through, with a payload or by a presigned URL too", async () => {
  await using gate = await start();
  expect(brief(await gate.send())).toEqual([200, "from the backend"]);
  expect(brief(await gate.send({ method: "POST", body: '{"a":"é"}', target: "/pets?b=2&a=1&a=" }))).toEqual([200, "from the backend"]);
  expect(backend.reached.at(-1)?.body.toString()).toBe('{"a":"é"}');
  expect((await gate.ask({ target: await presignedTarget({ host: HTTP_HOST, target: "/pets" }, { key: keyOf(), at: NOW }), headers: ["Host", HTTP_HOST] })).status).toBe(200);
});

test("everybody else is told no more than that: 403 Forbidden", async () => {
  const strangers = userOf({ account: STRANGER, name: "zoe", policies: [saying("Allow")] });
  await using gate = await start([...ALLOWED, ...userOf({ name: "bob" }), ...strangers, ...sessionOf({ policies: [saying("Allow")], expiresAt: NOW })]);
  const { length } = backend.reached;
  const signedForAnother = await signedHeaders({ host: HTTP_HOST, method: "POST", target: "/pets", body: "a" }, { key: keyOf(), at: NOW });
  const refused = [
    gate.ask({ target: "/pets", headers: ["Host", HTTP_HOST] }),
    gate.ask({ target: "/pets", headers: ["Host", HTTP_HOST, "Authorization", "Bearer abc"] }),
    gate.send({}, { key: { ...keyOf(), secretAccessKey: "wrong" } }),
    gate.send({}, { key: { ...keyOf(), accessKeyId: "AKIANOBODY" } }),
    gate.send({}, { region: "eu-west-1" }),
    gate.send({}, { service: "lambda" }),
    gate.send({}, { at: NOW - 360_000 }),
    gate.send({}, { key: keyOf("bob") }),
    // Resource policies, which could let other accounts in, are not for HTTP APIs.
    gate.send({}, { key: keyOf("zoe") }),
    // Expired.
    gate.send({}, { key: sessionKeyOf() }),
    gate.ask({ target: "/pets", method: "POST", body: "b", headers: signedForAnother }),
  ];
  for (const answer of await Promise.all(refused)) {
    expect(brief(answer)).toEqual(FORBIDDEN);
    expect(answer.headers).not.toHaveProperty("x-amzn-errortype");
  }
  expect(backend.reached.length).toBe(length);
});

test("policies name the stage, the method and the path", async () => {
  const arn = (rest: string) => saying("Allow", "execute-api:Invoke", `arn:aws:execute-api:us-east-1:${OWNER}:${HTTP_API_ID}/${rest}`);
  const statuses = async (rest: string) => {
    await using gate = await start(userOf({ policies: [arn(rest)] }));
    const answers = [await gate.send(), await gate.send({ target: "/pets/1" }), await gate.send({ method: "POST" })];
    return answers.map(({ status }) => status);
  };
  expect(await statuses("$default/GET/pets")).toEqual([200, 403, 403]);
  expect(await statuses("*/GET/pets/*")).toEqual([403, 200, 403]);
  expect(await statuses("$default/*")).toEqual([200, 200, 200]);
  expect(await statuses("prod/*")).toEqual([403, 403, 403]);
});

test("functions are told who has signed, in both formats, and so are access logs", async () => {
  await using gate = await start([...ALLOWED, ...sessionOf({ policies: [saying("Allow")], expiresAt: NOW + 1 })]);
  const user = { accessKey: "AKIAANN", accountId: OWNER, caller: "AIDAANN", user: "AIDAANN", userArn: `arn:aws:iam::${OWNER}:user/ann` };
  await gate.send({ target: "/one" });
  await gate.send({ target: "/two" });
  await gate.send({ target: "/two" }, { key: sessionKeyOf() });
  expect(gate.events).toMatchObject([
    { version: "1.0", requestContext: { identity: { ...user, cognitoIdentityId: null, principalOrgId: null } } },
    { version: "2.0" },
    { version: "2.0" },
  ]);
  const authorizers = gate.events.map((event) => (event as { requestContext: { authorizer?: unknown } }).requestContext.authorizer);
  expect(authorizers).toEqual([
    undefined,
    { iam: { accessKey: "AKIAANN", accountId: OWNER, callerId: "AIDAANN", cognitoIdentity: null, principalOrgId: null, userArn: user.userArn, userId: "AIDAANN" } },
    { iam: {
      accessKey: "ASIAS", accountId: OWNER, callerId: "AROAROLE:s", cognitoIdentity: null, principalOrgId: null,
      userArn: `arn:aws:sts::${OWNER}:assumed-role/role/s`, userId: "AROAROLE:s",
    } },
  ]);
  expect(gate.logged[0]).toBe(`${OWNER} AIDAANN AIDAANN arn:aws:iam::${OWNER}:user/ann -`);
});

test("payloads over the limit are refused as elsewhere", async () => {
  await using gate = await start();
  const large = Buffer.alloc(10 * 1024 * 1024 + 1);
  expect(brief(await gate.send({ method: "POST", body: large }))).toEqual([413, '{"message":"Request Entity Too Large"}']);
});
