// Integrations that AWS does in the name of whoever calls the method (credentials: arn:aws:iam::*:user/*,
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html): what services and functions learn of the caller.
import { describe, expect, test } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { FunctionInvocation } from "../../src/ports/functions.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import { createTestInvocations } from "../../src/publish/index.ts";
import { type Reached, startBackend } from "../harness/backend.ts";
import { HOST, NOW, resultOf, startGateway, type TestGatewayOptions } from "../harness/gateway.ts";
import { keyOf, OWNER, saying, sessionKeyOf, sessionOf, STRANGER, userOf } from "../harness/identities.ts";
import { api, type MethodParts, planOf, type PlanParts, snapshotOf } from "../harness/rest-api.ts";
import { signatureOf } from "../harness/signature.ts";
import { signedHeaders, type SigningKey } from "../harness/signed.ts";

const CALLER = "arn:aws:iam::*:user/*";
const FUNCTION = `arn:aws:lambda:us-east-1:${OWNER}:function:f`;
const functionUri = (version: string, action: string) => `arn:aws:apigateway:us-east-1:lambda:path/${version}/functions/${FUNCTION}/${action}`;
const INVOKE = functionUri("2015-03-31", "invocations");
const integration = { httpMethod: "POST", credentials: CALLER, integrationResponses: { 200: { statusCode: "200" } } };
const IAM = { authorizationType: "AWS_IAM", methodResponses: { 200: { statusCode: "200" } } };
const QUEUE: MethodParts = { ...IAM, integration: { ...integration, type: "AWS", uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/q" } };
const METHODS = {
  "POST /queue": QUEUE,
  "POST /function": { ...IAM, integration: { ...integration, type: "AWS", uri: INVOKE } },
  "POST /proxy": { ...IAM, integration: { ...integration, type: "AWS_PROXY", uri: INVOKE } },
  "POST /stream": { ...IAM, integration: { ...integration, type: "AWS_PROXY", uri: functionUri("2021-11-15", "response-streaming-invocations"), responseTransferMode: "STREAM" } },
} satisfies Readonly<Record<string, MethodParts>>;
const INVOKING = saying("Allow", "lambda:InvokeFunction", FUNCTION);
/** Of development: the account itself. */
const ROOT: SigningKey = { accessKeyId: OWNER, secretAccessKey: "test" };

async function start(methods: Readonly<Record<string, MethodParts>> = METHODS, { stage, snapshot, ...options }: TestGatewayOptions & Pick<PlanParts, "stage" | "snapshot"> = {}) {
  const backend = await startBackend();
  const invocations: FunctionInvocation[] = [];
  const roles: string[] = [];
  const gate = await startGateway([planOf(methods, { ...(stage && { stage }), ...(snapshot && { snapshot }) })], {
    endpoints: { sqs: backend.url },
    invoke: (invocation) => (invocations.push(invocation), Promise.resolve(resultOf({ statusCode: 200, body: "done" }))),
    credentials: { for: (role) => (roles.push(role), Promise.resolve({ accessKeyId: "ASIAROLE", secretAccessKey: "secret of the role" })) },
    ...options,
  });
  /** Signed by the key's owner; unsigned without one. */
  async function send(path: string, key?: SigningKey) {
    const target = `/prod${path}`;
    const headers = key === undefined ? ["Host", HOST] : await signedHeaders({ method: "POST", host: HOST, target, body: "{}" }, { key, at: NOW });
    const { status, body } = await gate.ask({ method: "POST", target, headers, body: "{}" });
    return { status, body };
  }
  return {
    ...gate, send, backend, invocations, roles,
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
    },
  };
}

const tokenOf = ({ rawHeaders }: Reached): string | undefined => rawHeaders[rawHeaders.indexOf("X-Amz-Security-Token") + 1 || rawHeaders.length];
const FAILED = { status: 500, body: '{"message": "Internal server error"}' };

describe("a service", () => {
  const identities = [
    ...userOf({ policies: [saying("Allow")] }),
    ...userOf({ name: "bob", policies: [saying("Allow")] }),
    ...sessionOf({ policies: [saying("Allow")], expiresAt: NOW + 1000 }),
  ];

  test("gets requests that are signed with what each caller has signed with, and no role is assumed", async () => {
    await using gate = await start(METHODS, { identities });
    const callers = [keyOf("ann"), keyOf("bob"), sessionKeyOf(), ROOT, keyOf("ann")];
    for (const key of callers) expect(await gate.send("/queue", key)).toEqual({ status: 200, body: "hello" });
    for (const [i, key] of callers.entries()) {
      const reached = gate.backend.reached[i] as Reached;
      expect(await signatureOf(reached, key)).toMatchObject({ accessKeyId: key.accessKeyId, region: "eu-west-1", service: "sqs", valid: true });
      expect(tokenOf(reached)).toBe(key.sessionToken);
    }
    expect(gate.roles).toEqual([]);
  });

  test("gets a role's where a stage's variables name one", async () => {
    const credentials = "arn:aws:iam::${stageVariables.account}:${stageVariables.identity}";
    const methods = { "POST /queue": { ...QUEUE, integration: { ...QUEUE.integration, credentials } } };
    for (const [variables, signer, roles] of [
      [{ account: "*", identity: "user/*" }, keyOf(), []],
      [{ account: OWNER, identity: "role/r" }, { accessKeyId: "ASIAROLE", secretAccessKey: "secret of the role" }, [`arn:aws:iam::${OWNER}:role/r`]],
    ] as const) {
      await using gate = await start(methods, { identities, stage: { variables } });
      expect(await gate.send("/queue", keyOf())).toMatchObject({ status: 200 });
      expect(await signatureOf(gate.backend.reached[0] as Reached, signer)).toMatchObject({ accessKeyId: signer.accessKeyId, valid: true });
      expect(gate.roles).toEqual(roles);
    }
  });

  test("secrets and tokens of callers are in no log", async () => {
    const lines: string[] = [];
    const logs: LogSink = { write: (_group, _at, line) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
    const setting = { loggingLevel: "INFO", dataTraceEnabled: true, metricsEnabled: true, cachingEnabled: false, cacheTtlInSeconds: 300, cacheDataEncrypted: false, requireAuthorizationForCacheControl: true, unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER" } as const;
    const theirs = sessionOf({ policies: [saying("Allow"), INVOKING], expiresAt: NOW + 1000 });
    await using gate = await start(METHODS, { identities: theirs, logs, stage: { methodSettings: { "*/*": setting } } });
    for (const path of ["/queue", "/function"]) await gate.send(path, sessionKeyOf());
    const { secretAccessKey, sessionToken = "" } = sessionKeyOf();
    expect(JSON.stringify([lines, gate.logged])).not.toContain(secretAccessKey);
    const endpoint = lines.filter((line) => line.includes("Endpoint request headers"));
    expect(endpoint).toHaveLength(2);
    expect(endpoint.join()).not.toContain(sessionToken);
  });
});

describe("a function", () => {
  const identityOf = (principal: string, isAllowed: boolean, credentials: SigningKey) => ({ principal, isAllowed, credentials });

  test.each(["/function", "/proxy"])("is invoked by the caller, whose own policies have to allow it: %s", async (path) => {
    const identities = [...userOf({ policies: [saying("Allow"), INVOKING] }), ...userOf({ name: "bob", policies: [saying("Allow")] })];
    await using gate = await start(METHODS, { identities });
    for (const key of [keyOf("ann"), keyOf("bob"), ROOT]) await gate.send(path, key);
    expect(gate.invocations.map(({ caller, functionArn, identity }) => ({ caller, functionArn, identity }))).toEqual(
      [
        identityOf(`arn:aws:iam::${OWNER}:user/ann`, true, keyOf("ann")),
        identityOf(`arn:aws:iam::${OWNER}:user/bob`, false, keyOf("bob")),
        identityOf(`arn:aws:iam::${OWNER}:root`, true, ROOT),
      ].map((identity) => ({ caller: undefined, functionArn: FUNCTION, identity })),
    );
  });

  test("is invoked by the caller where its response is streamed, too", async () => {
    const asked: unknown[] = [];
    await using gate = await start(METHODS, {
      identities: userOf({ policies: [saying("Allow")] }),
      invokeStream: ({ caller, identity }) => (asked.push([caller, identity]), Promise.reject(new TypeError("not today"))),
    });
    expect(await gate.send("/stream", keyOf())).toEqual(FAILED);
    expect(asked).toEqual([[undefined, identityOf(`arn:aws:iam::${OWNER}:user/ann`, false, keyOf())]]);
  });

  test.each([
    ["a session policy", sessionOf({ policies: [saying("Allow"), INVOKING], sessionPolicies: [saying("Allow")], expiresAt: NOW + 1000 })],
    ["a denial", sessionOf({ policies: [saying("Allow"), INVOKING, saying("Deny", "lambda:*")], expiresAt: NOW + 1000 })],
    ["a policy for one of its versions", sessionOf({ policies: [saying("Allow"), saying("Allow", "lambda:InvokeFunction", `${FUNCTION}:1`)], expiresAt: NOW + 1000 })],
  ])("is not for a caller with %s", async (_what, identities) => {
    await using gate = await start(METHODS, { identities });
    await gate.send("/proxy", sessionKeyOf());
    expect(gate.invocations.map(({ identity }) => identity)).toEqual([identityOf(`arn:aws:sts::${OWNER}:assumed-role/role/s`, false, sessionKeyOf())]);
  });

  test("is not for callers of another account, whom its own policy would have to name", async () => {
    const everybody = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" }] });
    await using gate = await start(METHODS, { identities: userOf({ account: STRANGER, policies: [saying("Allow", "*")] }), snapshot: { policy: everybody } });
    await gate.send("/proxy", keyOf());
    expect(gate.invocations.map(({ identity }) => identity)).toEqual([identityOf(`arn:aws:iam::${STRANGER}:user/ann`, false, keyOf())]);
  });
});

describe("without a caller who has signed", () => {
  const REASON = "The integration takes its caller's credentials, and there are none that AWS_IAM has verified";

  test.each(Object.keys(METHODS))("a method that IAM does not authorize fails, and nobody is asked: %s", async (key) => {
    const open = { [key]: { ...METHODS[key as keyof typeof METHODS], authorizationType: "NONE" } };
    await using gate = await start(open, { identities: userOf({ policies: [saying("Allow", "*")] }) });
    const [, path = ""] = key.split(" ");
    for (const signer of [undefined, keyOf()]) expect(await gate.send(path, signer)).toEqual(FAILED);
    expect([gate.backend.reached, gate.invocations]).toEqual([[], []]);
    expect(gate.logged.map(({ fields }) => fields?.["reason"])).toEqual([REASON, REASON]);
  });

  test("so does a test of a method, which nobody signs", async () => {
    await using gate = await start({}, {});
    const snapshot = snapshotOf({ "POST /queue": QUEUE });
    const invocations = createTestInvocations(gate.gateway, { store: createMemoryStore(), privateAddresses: new Map() });
    const { status, log } = await invocations.testInvoke({
      api, snapshot, resourceId: snapshot.methods[0]?.resourceId as string, httpMethod: "POST", pathWithQuery: "/queue", headers: [], body: "{}",
      stageVariables: {}, clientCertificateId: undefined, tester: { account: OWNER, accessKeyId: OWNER, userAgent: "test" },
    });
    expect(status).toBe(500);
    expect(log).toContain(`Execution failed due to configuration error: ${REASON}`);
    expect(gate.backend.reached).toEqual([]);
  });
});
