// What the wire does where only those who exist are let in: with keys and decisions made up, so that any of them can be had.
import { beforeEach, expect, test } from "vitest";
import type { Permission, RequiredPermissions } from "../domain/access.ts";
import type { Call } from "../domain/call.ts";
import { ServiceError } from "../domain/errors.ts";
import { userPrincipal } from "../domain/principal.ts";
import { apiGateway, type ApiGatewayOperations } from "../model/apigateway.gen.ts";
import { lambda, type LambdaOperations } from "../model/lambda.gen.ts";
import { sts, type StsOperations } from "../model/sts.gen.ts";
import type { AccessControl } from "../ports/access-control.ts";
import { BodyTooLarge, type HttpRequest } from "../ports/http-server.ts";
import type { Identity } from "../ports/identities.ts";
import { sign } from "../sigv4/index.ts";
import { apiGatewayDialect, createControlPlane, createGuard, createService, identityDialect, lambdaDialect } from "./index.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const ACCOUNT = "111122223333";
const principal = userPrincipal({ account: ACCOUNT, name: "u", path: "/", id: "AIDA", tags: {} });
const identity = (accessKeyId: string, rest: Partial<Identity> = {}): Identity => ({ accessKeyId, secretAccessKey: "s", principal, policies: { identity: [] }, ...rest });
const KEYS: Readonly<Record<string, Identity>> = {
  AKIA: identity("AKIA"),
  ASIA: identity("ASIA", { sessionToken: "token", expiresAt: NOW + 1 }),
  OLD: identity("OLD", { sessionToken: "token", expiresAt: NOW }),
};

let handled: { input: unknown; call: Call }[] = [];
let asked: (readonly Permission[])[] = [];
let used: unknown[] = [];
let refuse: Error | undefined;
beforeEach(() => {
  handled = [];
  asked = [];
  used = [];
  refuse = undefined;
});

const access: AccessControl = {
  identities: { find: async (id) => KEYS[id], noteUse: (...use) => void used.push(use) },
  now: () => NOW,
  async authorize(_caller, permissions) {
    asked.push(permissions);
    if (refuse !== undefined) throw refuse;
  },
};
const permissions: RequiredPermissions = ({ operation, input }) => [{ action: `s:${operation.name}`, resource: JSON.stringify(input) }];
const handler = async (input: unknown, call: Call): Promise<never> => {
  handled.push({ input, call });
  return {} as never;
};

const plane = createControlPlane({
  services: [
    createService<ApiGatewayOperations>({ table: apiGateway, handlers: { CreateRestApi: handler, GetRestApis: handler }, permissions, ...apiGatewayDialect }),
    createService<LambdaOperations>({ table: lambda, handlers: { ListFunctions: handler }, ...lambdaDialect }),
    createService<StsOperations>({ table: sts, handlers: { GetAccessKeyInfo: handler }, permissions, ...identityDialect }),
  ],
  guard: createGuard({ allowedHosts: "any" }),
  access,
  defaults: { account: "000000000000", region: "us-east-1" },
  ids: { uuid: () => "id", alphanumeric: (length) => "a".repeat(length) },
  log: { debug() {}, info() {}, warn() {}, error: (_message, error) => expect.fail(String(error)) },
});

interface Sent {
  readonly key?: string;
  readonly token?: string;
  readonly secret?: string;
  readonly service?: string;
  readonly region?: string;
  readonly method?: string;
  readonly target?: string;
  readonly body?: string;
  readonly readBody?: () => Promise<Buffer>;
}

async function send({ key = "AKIA", token, secret = "s", service = "apigateway", region = "eu-west-1", method = "GET", target = "/restapis", body, readBody }: Sent = {}) {
  const plain = ["Host", "any.example.com"];
  const credentials = { accessKeyId: key, secretAccessKey: secret, ...(token !== undefined && { sessionToken: token }) };
  const request: HttpRequest = {
    method, target, protocol: "HTTP/1.1", encrypted: false, remoteAddress: "127.0.0.1", remotePort: 1, signal: new AbortController().signal,
    headers: [...plain, ...sign({ method, target, headers: plain, body }, credentials, { region, service }, NOW)],
    hasBody: body !== undefined,
    readBody: readBody ?? (async () => Buffer.from(body ?? "")),
  };
  const answer = await plane.handle(request);
  return { status: answer.status, body: answer.body };
}

test("a call is the account's of whoever has signed it, and is authorized by its decoded input", async () => {
  const input = { name: "n", tags: { a: "b" } };
  expect((await send({ method: "POST", body: JSON.stringify(input) })).status).toBe(201);
  expect(asked).toEqual([[{ action: "s:CreateRestApi", resource: JSON.stringify(input) }]]);
  expect(handled).toEqual([{ input, call: expect.objectContaining({ account: ACCOUNT, region: "eu-west-1", accessKeyId: "AKIA" }) as unknown }]);
  expect(used).toEqual([["AKIA", "apigateway", "eu-west-1"]]);
});

test("rights are asked for before values are looked at, and before it is told that something is not built", async () => {
  refuse = new ServiceError("AccessDeniedException", "User: u is not authorized");
  const denied = { status: 403, body: '{"message":"User: u is not authorized"}' };
  expect(await send({ method: "POST", body: "{}" })).toEqual(denied);
  expect(await send({ target: "/account" })).toEqual(denied);
  expect(await send({ service: "sts", method: "POST", target: "/", body: "Action=GetAccessKeyInfo&Version=2011-06-15" })).toEqual({
    status: 403,
    body:
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>' +
      "<Message>User: u is not authorized</Message></Error><RequestId>id</RequestId></ErrorResponse>\n",
  });
  expect(handled).toEqual([]);
});

test("a service that does not say what its operations need lets nobody in", async () => {
  expect(await send({ service: "lambda", target: "/2015-03-31/functions" })).toEqual({
    status: 403, body: '{"message":"Unable to determine service/operation name to be authorized"}',
  });
  expect(handled).toEqual([]);
});

test("temporary credentials need their token, and end", async () => {
  const invalid = { status: 403, body: '{"message":"The security token included in the request is invalid."}' };
  expect((await send({ key: "ASIA", token: "token" })).status).toBe(200);
  expect(await send({ key: "ASIA" })).toEqual(invalid);
  expect(await send({ key: "ASIA", token: "other" })).toEqual(invalid);
  expect(await send({ key: "AKIA", token: "token" })).toEqual(invalid);
  expect(await send({ key: "OLD", token: "token" })).toEqual({ status: 403, body: '{"message":"The security token included in the request is expired"}' });
  const form = { service: "sts", method: "POST", target: "/", body: "Action=GetAccessKeyInfo&Version=2011-06-15" };
  expect((await send({ ...form, key: "OLD", token: "token" })).body).toContain("<Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message>");
  expect(used).toHaveLength(1);
});

test("nobody unknown has a body read", async () => {
  const readBody = () => expect.fail("it was read");
  expect(await send({ key: "AKIAUNKNOWN", method: "POST", body: "{}", readBody })).toMatchObject({ status: 403 });
  expect(await send({ service: "sts", key: "AKIAUNKNOWN", method: "POST", target: "/", body: "Action=x", readBody })).toMatchObject({ status: 403 });
});

test("what cannot be read whole is not taken for a bad signature", async () => {
  const readBody = async () => {
    throw new BodyTooLarge();
  };
  expect(await send({ method: "POST", body: "{}", readBody })).toMatchObject({ status: 413 });
});
