// Methods with AWS_IAM over real sockets: who gets through, what the others are told, and what everybody behind them learns of the
// caller (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
import { createECDH, createHash, createPrivateKey, sign } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import type { LogSink } from "../../src/ports/log-sink.ts";
import type { IdentityChange } from "../../src/ports/identity-lookup.ts";
import { canonicalRequest, sha256 } from "../../src/sigv4/canonical.ts";
import { asymmetricPrivateKey } from "../../src/sigv4/signing-key.ts";
import { startBackend } from "../harness/backend.ts";
import { HOST, NOW, OWN_HEADERS, resultOf, startGateway, type TestGatewayOptions } from "../harness/gateway.ts";
import { keyOf, OWNER, policyOf, saying, sessionKeyOf, sessionOf, statementOf, STRANGER, userOf } from "../harness/identities.ts";
import { API_ID, type MethodParts, planOf, type PlanParts } from "../harness/rest-api.ts";
import { presignedTarget, type Signable, signedHeaders, type SigningOptions } from "../harness/signed.ts";

const backend = await startBackend((response) => void response.end("from the backend"));
afterAll(() => backend[Symbol.asyncDispose]());

const IAM = { authorizationType: "AWS_IAM" };
const MOCK: MethodParts = { ...IAM, integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200" } } } };
const PROXY: MethodParts = { ...IAM, integration: { type: "HTTP_PROXY", httpMethod: "ANY", uri: backend.url } };
const FUNCTION: MethodParts = { ...IAM, integration: { type: "AWS_PROXY", httpMethod: "POST", uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${OWNER}:function:f/invocations` } };
const METHODS = { "ANY /pets": MOCK, "GET /pets/{id}": MOCK, "ANY /proxy": PROXY };

interface StartParts extends TestGatewayOptions, Pick<PlanParts, "snapshot" | "stage"> {
  readonly methods?: Readonly<Record<string, MethodParts>>;
}

const ALLOWED = userOf({ policies: [saying("Allow")] });

async function start({ methods = METHODS, snapshot = {}, stage = {}, identities = ALLOWED, ...options }: StartParts = {}) {
  const gate = await startGateway([planOf(methods, { snapshot, stage })], { identities, ...options });
  /** Signed as the signer does it, then changed. */
  async function send(given: Partial<Signable> = {}, options: Partial<SigningOptions> = {}, change: (headers: string[]) => string[] = (headers) => headers) {
    const request = { host: HOST, target: "/prod/pets", ...given };
    const headers = change(await signedHeaders(request, { key: keyOf(), at: NOW, ...options }));
    const { method, target, body } = request;
    return gate.ask({ ...(method && { method }), target, headers, ...(body !== undefined && { body }) });
  }
  return { ...gate, send, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

const refusal = (errorType: string, body: object) => ({
  status: 403, headers: { ...OWN_HEADERS, "content-type": "application/json", "x-amzn-errortype": errorType }, body: JSON.stringify(body),
});
const seen = ({ status, headers, body }: { status: number; headers: object; body: string }) => ({ status, headers, body });

const ARN = `arn:aws:execute-api:us-east-1:********9012:${API_ID}/prod`;
const denied = (user: string, what: string, how = "") =>
  refusal("AccessDeniedException", { Message: `User: ${user} is not authorized to perform: execute-api:Invoke on resource: ${ARN}/${what}${how}` });
const EXPLICIT = " with an explicit deny";

describe("apigateway-authorization-flow, IAM and resource policies: every row", () => {
  const MINE: Readonly<Record<string, readonly string[]>> = { Allow: [saying("Allow")], neither: [], Deny: [saying("Allow"), saying("Deny")] };
  const everybody = { Principal: "*" };
  const THEIRS: Readonly<Record<string, string>> = {
    Allow: policyOf(statementOf("Allow", "execute-api:Invoke", "execute-api:/*", everybody)),
    neither: policyOf(statementOf("Allow", "execute-api:Invoke", "execute-api:/prod/DELETE/*", everybody)),
    Deny: policyOf(
      statementOf("Allow", "execute-api:Invoke", "execute-api:/*", everybody),
      statementOf("Deny", "execute-api:Invoke", "execute-api:/prod/GET/pets", everybody),
    ),
  };

  test.each([
    // IAM policy, resource policy, the outcome for a caller of the API's account (table A), and for one of another account (table B).
    ["Allow", "Allow", "Allow", "Allow"],
    ["Allow", "neither", "Allow", "implicit"],
    ["Allow", "Deny", "explicit", "explicit"],
    ["neither", "Allow", "Allow", "implicit"],
    ["neither", "neither", "implicit", "implicit"],
    ["neither", "Deny", "explicit", "explicit"],
    ["Deny", "Allow", "explicit", "explicit"],
    ["Deny", "neither", "explicit", "explicit"],
    ["Deny", "Deny", "explicit", "explicit"],
    // Without a resource policy it says nothing.
    ["Allow", undefined, "Allow", "implicit"],
    ["neither", undefined, "implicit", "implicit"],
    ["Deny", undefined, "explicit", "explicit"],
  ])("IAM %s, resource policy %s: %s within the account, %s across accounts", async (mine, theirs, within, across) => {
    const snapshot = theirs === undefined ? {} : { policy: THEIRS[theirs] as string };
    for (const [account, outcome] of [[OWNER, within], [STRANGER, across]] as const) {
      await using gate = await start({ snapshot, identities: userOf({ account, policies: MINE[mine] ?? [] }) });
      const answer = await gate.send();
      if (outcome === "Allow") expect(answer.status).toBe(200);
      else expect(seen(answer)).toEqual(denied(`arn:aws:iam::${account}:user/ann`, "GET/pets", outcome === "explicit" ? EXPLICIT : ""));
    }
  });

  test("the account itself needs no policy of its own, and another account's needs the API's", async () => {
    await using gate = await start();
    const key = (accessKeyId: string) => ({ key: { accessKeyId, secretAccessKey: "test" } });
    expect((await gate.send({}, key(OWNER))).status).toBe(200);
    expect(seen(await gate.send({}, key(STRANGER)))).toEqual(denied(`arn:aws:iam::${STRANGER}:root`, "GET/pets"));
    expect(seen(await gate.send({}, key("test")))).toEqual(denied("arn:aws:iam::000000000000:root", "GET/pets"));
    await using open = await start({ snapshot: { policy: THEIRS["Allow"] as string } });
    expect((await open.send({}, key(STRANGER))).status).toBe(200);
  });

  test("an anonymous caller is asked for a signature, whatever the resource policy says", async () => {
    for (const theirs of ["Allow", "Deny"]) {
      await using gate = await start({ snapshot: { policy: THEIRS[theirs] as string } });
      expect(seen(await gate.ask({ path: "/pets" }))).toEqual(refusal("MissingAuthenticationTokenException", { message: "Missing Authentication Token" }));
    }
  });
});

describe("policies", () => {
  const statuses = async (identities: readonly IdentityChange[], paths: readonly string[], options: Partial<SigningOptions> = {}) => {
    await using gate = await start({ identities });
    return await Promise.all(paths.map(async (path) => (await gate.send({ target: `/prod${path}` }, options)).status));
  };
  const resource = (path: string) => `arn:aws:execute-api:us-east-1:${OWNER}:${API_ID}/${path}`;

  test("name methods and paths (api-gateway-control-access-using-iam-policies-to-invoke-api)", async () => {
    const paths = ["/pets", "/pets/7", "/pets/8"];
    const allowing = (path: string) => userOf({ policies: [saying("Allow", "execute-api:Invoke", resource(path))] });
    expect(await statuses(allowing("prod/GET/pets"), paths)).toEqual([200, 403, 403]);
    expect(await statuses(allowing("*/GET/pets/7"), paths)).toEqual([403, 200, 403]);
    expect(await statuses(allowing("*"), paths)).toEqual([200, 200, 200]);
    expect(await statuses(allowing("test/*"), paths)).toEqual([403, 403, 403]);
  });

  test("a denial holds for every spelling of a path, and an allowance for the one that travelled", async () => {
    const paths = ["/pets/secret", "/pets/%73ecret", "/pets/secret/", "/pets/open"];
    const denying = userOf({ policies: [saying("Allow"), saying("Deny", "execute-api:Invoke", resource("prod/GET/pets/secret"))] });
    expect(await statuses(denying, paths)).toEqual([403, 403, 403, 200]);
    const allowing = userOf({ policies: [saying("Allow", "execute-api:Invoke", resource("prod/GET/pets/secret"))] });
    expect(await statuses(allowing, paths)).toEqual([200, 403, 403, 403]);
  });

  test("of AWS's own, attached", async () => {
    const attached = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"];
    expect(await statuses(userOf({ attached }), ["/pets"])).toEqual([200]);
  });

  test("boundaries and session policies only limit", async () => {
    const boundary = `arn:aws:iam::${OWNER}:policy/limit`;
    const limit: IdentityChange = { type: "policy", name: `${OWNER}/limit`, value: { account: OWNER, name: "limit", path: "/", document: saying("Allow", "s3:*") } };
    expect(await statuses([limit, ...userOf({ policies: [saying("Allow")], boundary })], ["/pets"])).toEqual([403]);
    const session = (sessionPolicies: readonly string[]) => sessionOf({ policies: [saying("Allow")], sessionPolicies, expiresAt: NOW + 60_000 });
    const asSession = { key: sessionKeyOf() };
    expect(await statuses(session([]), ["/pets"], asSession)).toEqual([200]);
    expect(await statuses(session([saying("Allow", "execute-api:Invoke", resource("prod/GET/pets/7"))]), ["/pets", "/pets/7"], asSession)).toEqual([403, 200]);
  });

  test.each<[string, object, readonly IdentityChange[], Partial<SigningOptions>?]>([
    ["aws:username", { StringEquals: { "aws:username": "ann" } }, userOf()],
    ["aws:userid", { StringEquals: { "aws:userid": "AIDAANN" } }, userOf()],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OWNER}:user/team/*` } }, userOf({ path: "/team/" })],
    ["aws:PrincipalArn of a session", { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${OWNER}:role/role` } }, sessionOf({ expiresAt: NOW + 1 }), { key: sessionKeyOf() }],
    ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": OWNER } }, userOf()],
    ["aws:PrincipalType", { StringEquals: { "aws:PrincipalType": "AssumedRole" } }, sessionOf({ expiresAt: NOW + 1 }), { key: sessionKeyOf() }],
    ["aws:PrincipalTag", { StringEquals: { "aws:PrincipalTag/team": "red" } }, userOf({ tags: { Team: "red" } })],
    ["aws:PrincipalTag of a session", { StringEquals: { "aws:PrincipalTag/team": "blue" } }, sessionOf({ tags: { team: "red" }, sessionTags: { team: "blue" }, expiresAt: NOW + 1 }), { key: sessionKeyOf() }],
    ["aws:TokenIssueTime", { DateGreaterThan: { "aws:TokenIssueTime": new Date(NOW - 1000).toISOString() } }, sessionOf({ issuedAt: NOW, expiresAt: NOW + 1 }), { key: sessionKeyOf() }],
    ["aws:MultiFactorAuthPresent", { Bool: { "aws:MultiFactorAuthPresent": "false" } }, sessionOf({ expiresAt: NOW + 1 }), { key: sessionKeyOf() }],
    ["aws:SourceIp", { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }, userOf()],
    ["aws:CurrentTime", { DateLessThan: { "aws:CurrentTime": new Date(NOW + 1000).toISOString() } }, userOf()],
  ])("apigateway-resource-policies-aws-condition-keys: %s", async (_key, Condition, identities, options = {}) => {
    const policy = policyOf(statementOf("Allow", "execute-api:Invoke", "execute-api:/*", { Principal: "*", Condition }));
    await using gate = await start({ identities, snapshot: { policy } });
    expect((await gate.send({}, options)).status).toBe(200);
    const inverted = policyOf(
      statementOf("Allow", "execute-api:Invoke", "execute-api:/*", { Principal: "*" }),
      statementOf("Deny", "execute-api:Invoke", "execute-api:/*", { Principal: "*", Condition }),
    );
    await using closed = await start({ identities, snapshot: { policy: inverted } });
    expect((await closed.send({}, options)).status).toBe(403);
  });

  test("of resources may name users, roles and accounts", async () => {
    const naming = (AWS: string) => ({ policy: policyOf(statementOf("Allow", "execute-api:Invoke", "execute-api:/*", { Principal: { AWS } })) });
    const status = async (AWS: string, identities: readonly IdentityChange[], options: Partial<SigningOptions> = {}) => {
      await using gate = await start({ identities, snapshot: naming(AWS) });
      return (await gate.send({}, options)).status;
    };
    expect(await status(`arn:aws:iam::${OWNER}:user/ann`, userOf())).toBe(200);
    expect(await status(`arn:aws:iam::${OWNER}:user/bob`, userOf())).toBe(403);
    expect(await status(`arn:aws:iam::${OWNER}:role/role`, sessionOf({ expiresAt: NOW + 1 }), { key: sessionKeyOf() })).toBe(200);
    const stranger = userOf({ account: STRANGER, policies: [saying("Allow")] });
    expect(await status(`arn:aws:iam::${STRANGER}:root`, stranger)).toBe(200);
    expect(await status(OWNER, stranger)).toBe(403);
  });
});

describe("signatures", () => {
  const MISMATCH =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. " +
    "Consult the service documentation for details.";

  test("that do not match are shown what they should have been of", async () => {
    await using gate = await start();
    const headers = await signedHeaders({ host: HOST, target: "/prod/pets?a=1" }, { key: { ...keyOf(), secretAccessKey: "wrong" }, at: NOW });
    const canonical = ["GET", "/prod/pets", "a=1", `host:${HOST}`, "x-amz-date:20200304T191517Z", "", "host;x-amz-date", createHash("sha256").digest("hex")].join("\n");
    const toSign = ["AWS4-HMAC-SHA256", "20200304T191517Z", "20200304/us-east-1/execute-api/aws4_request", createHash("sha256").update(canonical).digest("hex")].join("\n");
    const message = `${MISMATCH}\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`;
    expect(seen(await gate.ask({ target: "/prod/pets?a=1", headers }))).toEqual(refusal("InvalidSignatureException", { message }));
  });

  test.each<[string, Partial<SigningOptions>, string, string]>([
    ["of an unknown key", { key: { ...keyOf(), accessKeyId: "AKIANOBODY" } }, "UnrecognizedClientException", "The security token included in the request is invalid."],
    ["with a token that a user's key has none of", { key: { ...keyOf(), sessionToken: "x" } }, "UnrecognizedClientException", "The security token included in the request is invalid."],
    ["of another region", { region: "eu-west-1" }, "InvalidSignatureException", "Credential should be scoped to a valid region, not 'eu-west-1'. "],
    ["for another service", { service: "apigateway" }, "InvalidSignatureException", "Credential should be scoped to correct service: 'execute-api'. "],
    ["of six minutes ago", { at: NOW - 360_000 }, "InvalidSignatureException", "Signature expired: 20200304T190917Z is now earlier than 20200304T191017Z (20200304T191517Z - 5 min.)"],
    ["of in six minutes", { at: NOW + 360_000 }, "InvalidSignatureException", "Signature not yet current: 20200304T192117Z is still later than 20200304T192017Z (20200304T191517Z + 5 min.)"],
  ])("%s", async (_what, options, errorType, message) => {
    await using gate = await start();
    expect(seen(await gate.send({}, options))).toEqual(refusal(errorType, { message }));
  });

  test("of temporary credentials need their token, and are good until they expire", async () => {
    const session = (expiresAt: number) => start({ identities: sessionOf({ policies: [saying("Allow")], expiresAt }) });
    await using good = await session(NOW + 1);
    const { sessionToken: _token, ...tokenless } = sessionKeyOf();
    const invalid = refusal("UnrecognizedClientException", { message: "The security token included in the request is invalid." });
    expect((await good.send({}, { key: sessionKeyOf() })).status).toBe(200);
    expect(seen(await good.send({}, { key: tokenless }))).toEqual(invalid);
    expect(seen(await good.send({}, { key: { ...sessionKeyOf(), sessionToken: "another" } }))).toEqual(invalid);
    await using expired = await session(NOW);
    expect(seen(await expired.send({}, { key: sessionKeyOf() }))).toEqual(
      refusal("ExpiredTokenException", { message: "The security token included in the request is expired" }),
    );
    // Only those who know the secret hear of it.
    expect((await expired.send({}, { key: { ...sessionKeyOf(), secretAccessKey: "guessed" } })).headers["x-amzn-errortype"]).toBe("InvalidSignatureException");
  });

  test("of another kind are asked for what they lack", async () => {
    await using gate = await start();
    const { status, headers, body } = await gate.ask({ path: "/pets", headers: ["Authorization", "Bearer abc"] });
    expect([status, headers["x-amzn-errortype"]]).toEqual([403, "IncompleteSignatureException"]);
    expect(body).toMatch(/^\{"message":"Authorization header requires 'Credential' parameter\. Authorization header requires 'Signature' parameter\. /);
  });

  test("go through gateway responses: those of signatures, of tokens, of denials", async () => {
    const gatewayResponses = (["INVALID_SIGNATURE", "EXPIRED_TOKEN", "ACCESS_DENIED", "MISSING_AUTHENTICATION_TOKEN"] as const).map((responseType) => ({
      responseType, statusCode: "418", responseParameters: {}, responseTemplates: { "application/json": "$context.error.responseType $context.identity.userArn" },
    }));
    await using gate = await start({ snapshot: { gatewayResponses }, identities: [...userOf(), ...sessionOf({ expiresAt: NOW })] });
    const bodies = await Promise.all([
      gate.send({}, { key: { ...keyOf(), secretAccessKey: "wrong" } }), gate.send({}, { key: { ...keyOf(), accessKeyId: "AKIANOBODY" } }),
      gate.send({}, { key: sessionKeyOf() }), gate.send(), gate.ask({ path: "/pets" }),
    ]);
    expect(bodies.map(({ status, body }) => [status, body])).toEqual([
      [418, "INVALID_SIGNATURE "], [418, "INVALID_SIGNATURE "], [418, "EXPIRED_TOKEN "],
      [418, `ACCESS_DENIED arn:aws:iam::${OWNER}:user/ann`], [418, "MISSING_AUTHENTICATION_TOKEN "],
    ]);
  });

  test("cover the payload, whatever the request says of it", async () => {
    await using gate = await start();
    const post = { method: "POST", target: "/prod/proxy", body: '{"a":"é"}' };
    const before = backend.reached.length;
    expect((await gate.send(post)).body).toBe("from the backend");
    expect(backend.reached.slice(before).map(({ body }) => body.toString())).toEqual([post.body]);
    const tampered = await signedHeaders({ host: HOST, ...post }, { key: keyOf(), at: NOW });
    expect((await gate.ask({ ...post, body: '{"a":"e"}', headers: tampered })).status).toBe(403);
    expect((await gate.ask({ ...post, headers: tampered, chunked: true })).body).toBe("from the backend");
    // .../aws-sdk-js-v3/issues/308: only S3 takes payloads that are not signed.
    const unsigned = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    expect((await gate.send({ ...post, headers: unsigned })).headers["x-amzn-errortype"]).toBe("InvalidSignatureException");
    expect((await gate.send({ ...post, headers: { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" } })).status).toBe(403);
    const hash = createHash("sha256").update(post.body).digest("hex");
    expect((await gate.send({ ...post, headers: { "x-amz-content-sha256": hash } })).status).toBe(200);
    expect(backend.reached.length).toBe(before + 3);
  });

  test("cover a compressed payload as it travels, and the backend gets it as without them", async () => {
    await using gate = await start();
    const before = backend.reached.length;
    const body = gzipSync("hello");
    expect((await gate.send({ method: "POST", target: "/prod/proxy", body, headers: { "content-encoding": "gzip" } })).status).toBe(200);
    expect(backend.reached.at(before)?.body.toString()).toBe("hello");
    expect((await gate.send({ method: "POST", target: "/prod/proxy", body: "plain", headers: { "content-encoding": "zstd" } })).status).toBe(415);
  });

  test("are dropped on the way to the backend", async () => {
    await using gate = await start();
    const before = backend.reached.length;
    await gate.send({ target: "/prod/proxy", headers: { "x-own": "1" } });
    const names = backend.reached.at(before)?.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
    expect(names).toContain("x-own");
    expect(names).not.toContain("authorization");
  });

  test("payloads over the limit and clients that go away are what they are elsewhere", async () => {
    await using gate = await start({ limits: { payloadBytes: 10 } });
    const large = await gate.send({ method: "POST", body: "x".repeat(11) });
    expect([large.status, large.body]).toEqual([413, "HTTP content length exceeded 10 bytes."]);
    const chunked = { host: HOST, method: "POST", target: "/prod/pets", body: "x".repeat(11) };
    expect((await gate.ask({ ...chunked, chunked: true, headers: await signedHeaders(chunked, { key: keyOf(), at: NOW }) })).status).toBe(413);
  });

  test("whose key is not known are turned away without a look at the payload", async () => {
    await using gate = await start();
    const headers = await signedHeaders({ host: HOST, method: "POST", target: "/prod/pets" }, { key: { ...keyOf(), accessKeyId: "AKIANOBODY" }, at: NOW });
    const socket = connect(gate.port, "127.0.0.1");
    const lines = headers.map((value, i) => (i % 2 === 0 ? `${value}: ` : `${value}\r\n`)).join("");
    socket.write(`POST /prod/pets HTTP/1.1\r\n${lines}Content-Length: 1000000\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 [^]*The security token included in the request is invalid\./);
  });

  test("may stand in the query, for as long as they say", async () => {
    await using gate = await start();
    const target = (options: Partial<SigningOptions> = {}, expiresIn = 300) =>
      presignedTarget({ host: HOST, target: "/prod/pets?b=2&a=%20x%2B&a=" }, { key: keyOf(), at: NOW, ...options }, expiresIn);
    const ask = async (text: string) => {
      const { status, headers } = await gate.ask({ target: text });
      return [status, headers["x-amzn-errortype"]];
    };
    expect(await ask(await target())).toEqual([200, undefined]);
    expect(await ask(await target({ at: NOW - 3_599_000 }, 3600))).toEqual([200, undefined]);
    expect(await ask(await target({ at: NOW - 3_601_000 }, 3600))).toEqual([403, "InvalidSignatureException"]);
    expect(await ask((await target()).replace("b=2", "b=3"))).toEqual([403, "InvalidSignatureException"]);
    expect(await ask((await target()).replace("X-Amz-Expires=300", "X-Amz-Expires=301"))).toEqual([403, "InvalidSignatureException"]);
  });

  test("of paths and queries in every form, by path and by custom headers, and none of them with one thing changed", async () => {
    await using gate = await start({ methods: { "ANY /{proxy+}": MOCK } });
    const targets = [
      "/prod/a%20b/c%2Fd", "/prod/%C3%A9/%E4%BD%A0", "/prod/a+b;c=d,e@f:g!$'()*", "/prod/~tilde-_.", "/prod/x?a=&b=2", "/prod/x?b=2&a=1&a=0&A=3",
      "/prod/x?a=%20x%2B&%C3%A9=%E4%BD%A0", "/prod/x?path=%2Fa%2Fb&url=http%3A%2F%2Fh%3Fx%3D1", "/prod/a%2520b?c=%2525",
    ];
    for (const target of targets) {
      const request = { host: HOST, method: "PUT", target, body: "{}", headers: { "x-custom": " a  b ", "X-Two": "ü" } };
      const headers = await signedHeaders(request, { key: keyOf(), at: NOW });
      const status = async (change: object) => (await gate.ask({ ...request, headers, ...change })).status;
      expect([target, await status({})]).toEqual([target, 200]);
      const changes = [
        { method: "POST" }, { target: `${target}x` }, { target: target.includes("?") ? `${target}&x` : `${target}?x` }, { body: "[]" },
        ...headers.flatMap((value, i) => (i % 2 === 1 && headers[i - 1] !== "host" ? [{ headers: headers.with(i, `${value}0`) }] : [])),
      ];
      expect([target, await Promise.all(changes.map(status))]).toEqual([target, changes.map(() => 403)]);
    }
  });
});

/** Of version 4a: an elliptic curve's, for a set of regions. */
function asymmetricHeaders(target: string, regionSet: string): string[] {
  const { accessKeyId, secretAccessKey } = keyOf();
  const scope = "20200304/execute-api/aws4_request";
  const given = ["Host", HOST, "X-Amz-Date", "20200304T191517Z", "X-Amz-Region-Set", regionSet];
  const { signedHeaders: names, text: canonical } = canonicalRequest("GET", target, given, sha256(""), "execute-api");
  const toSign = ["AWS4-ECDSA-P256-SHA256", "20200304T191517Z", scope, sha256(canonical)].join("\n");
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(asymmetricPrivateKey(accessKeyId, secretAccessKey));
  const [x, y] = [pair.getPublicKey().subarray(1, 33), pair.getPublicKey().subarray(33)].map((half) => half.toString("base64url")) as [string, string];
  const key = createPrivateKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y, d: pair.getPrivateKey().toString("base64url") } });
  const signature = sign("sha256", Buffer.from(toSign), key).toString("hex");
  return [...given, "Authorization", `AWS4-ECDSA-P256-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`];
}

test("SigV4a, of REST APIs since 2025: signatures for a set of regions", async () => {
  await using gate = await start();
  const ask = async (target: string, headers: readonly string[]) => {
    const { status, headers: told } = await gate.ask({ target, headers });
    return [status, told["x-amzn-errortype"]];
  };
  const target = "/prod/pets?a=1&a=0";
  expect(await ask(target, asymmetricHeaders(target, "us-east-1"))).toEqual([200, undefined]);
  expect(await ask(target, asymmetricHeaders(target, "eu-*,us-*"))).toEqual([200, undefined]);
  expect(await ask(target, asymmetricHeaders(target, "eu-west-1"))).toEqual([403, "InvalidSignatureException"]);
  expect(await ask(`${target}0`, asymmetricHeaders(target, "*"))).toEqual([403, "InvalidSignatureException"]);
});

describe("what is known of the caller behind it", () => {
  const session = sessionOf({ policies: [saying("Allow")], expiresAt: NOW + 1 });

  test("in $context, whose organization is nobody's", async () => {
    const names = ["accountId", "accessKey", "caller", "user", "userArn", "principalOrgId", "cognitoIdentityId"];
    const responseTemplates = { "application/json": names.map((name) => `$context.identity.${name}`).join("|") };
    const method = { ...MOCK, integration: { ...MOCK.integration, integrationResponses: { 200: { statusCode: "200", responseTemplates } } } };
    await using gate = await start({ methods: { "GET /pets": method }, identities: [...ALLOWED, ...session] });
    expect((await gate.send()).body).toBe(`${OWNER}|AKIAANN|AIDAANN|AIDAANN|arn:aws:iam::${OWNER}:user/ann||`);
    expect((await gate.send({}, { key: sessionKeyOf() })).body).toBe(`${OWNER}|ASIAS|AROAROLE:s|AROAROLE:s|arn:aws:sts::${OWNER}:assumed-role/role/s||`);
  });

  test("in a function's event", async () => {
    const events: unknown[] = [];
    const invoke: TestGatewayOptions["invoke"] = async ({ payload }) => {
      events.push(JSON.parse(Buffer.from(payload).toString()));
      return resultOf({ statusCode: 200 });
    };
    await using gate = await start({ methods: { "GET /pets": FUNCTION }, invoke });
    expect((await gate.send()).status).toBe(200);
    expect(events).toMatchObject([{ requestContext: { identity: {
      accountId: OWNER, accessKey: "AKIAANN", caller: "AIDAANN", user: "AIDAANN", userArn: `arn:aws:iam::${OWNER}:user/ann`, principalOrgId: null, cognitoIdentityId: null,
    } } }]);
    expect(events).not.toHaveProperty("0.requestContext.authorizer");
  });

  test("in access logs, with both steps", async () => {
    const lines: string[] = [];
    const logs: LogSink = { write: (_group, _at, line) => void lines.push(line), usage: () => ({ written: lines.length, dropped: 0 }), close: async () => {} };
    const format = "$context.authenticate.status $context.authenticate.error|$context.authorize.status $context.authorize.error|$context.identity.userArn";
    const stage = { accessLogSettings: { destinationArn: `arn:aws:logs:us-east-1:${OWNER}:log-group:g`, format } };
    await using gate = await start({ stage, logs, identities: [...ALLOWED, ...userOf({ name: "bob" })] });
    await gate.send();
    await gate.send({}, { key: keyOf("bob") });
    await gate.send({}, { key: { ...keyOf(), accessKeyId: "AKIANOBODY" } });
    expect(lines).toEqual([
      `200 -|200 -|arn:aws:iam::${OWNER}:user/ann`,
      `200 -|403 User: arn:aws:iam::${OWNER}:user/bob is not authorized to perform: execute-api:Invoke on resource: ${ARN}/GET/pets|arn:aws:iam::${OWNER}:user/bob`,
      "403 The security token included in the request is invalid.|- -|-",
    ]);
    expect(lines.join()).not.toContain("secret");
  });
});

describe("api-gateway-caching: who may have a cache entry replaced", () => {
  const stage = (strategy: "FAIL_WITH_403" | "SUCCEED_WITH_RESPONSE_HEADER") => ({
    cacheClusterEnabled: true,
    cacheClusterSize: "0.5",
    methodSettings: { "*/*": {
      metricsEnabled: false, loggingLevel: "OFF", dataTraceEnabled: false, cachingEnabled: true, cacheTtlInSeconds: 300, cacheDataEncrypted: false,
      requireAuthorizationForCacheControl: true, unauthorizedCacheControlHeaderStrategy: strategy,
    } as const },
  });
  const reload = { target: "/prod/proxy", headers: { "cache-control": "max-age=0" } };

  test("callers who are allowed execute-api:InvalidateCache, and no others", async () => {
    const identities = [...userOf({ policies: [saying("Allow", "execute-api:*")] }), ...userOf({ name: "bob", policies: [saying("Allow")] })];
    await using gate = await start({ stage: stage("FAIL_WITH_403"), identities });
    const before = backend.reached.length;
    const calls = () => backend.reached.length - before;
    await gate.send({ target: "/prod/proxy" });
    await gate.send({ target: "/prod/proxy" });
    expect(calls()).toBe(1);
    expect((await gate.send(reload)).status).toBe(200);
    expect(calls()).toBe(2);
    expect((await gate.send(reload, { key: keyOf("bob") })).status).toBe(403);
    expect(calls()).toBe(2);
    await using lenient = await start({ stage: stage("SUCCEED_WITH_RESPONSE_HEADER"), identities });
    expect((await lenient.send(reload)).headers).not.toHaveProperty("warning");
    expect((await lenient.send(reload, { key: keyOf("bob") })).headers).toHaveProperty("warning");
  });

  test("\"cross-account cache invalidation is not supported\"", async () => {
    const policy = policyOf(statementOf("Allow", "execute-api:*", "execute-api:/*", { Principal: "*" }));
    const identities = userOf({ account: STRANGER, policies: [saying("Allow", "execute-api:*")] });
    await using gate = await start({ stage: stage("FAIL_WITH_403"), identities, snapshot: { policy } });
    expect((await gate.send({ target: "/prod/proxy" })).status).toBe(200);
    expect((await gate.send(reload)).status).toBe(403);
  });
});
