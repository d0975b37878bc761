// JWT authorizers on routes of HTTP APIs: which tokens let a caller in, and what an issuer can do to a route
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpAuthorizer } from "../../src/domain/http-api.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, NOW, type TestGateway } from "../harness/gateway.ts";
import { httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";
import { type IssuerKey, newKey, startIssuer, type TestIssuer } from "../harness/issuer.ts";

const SECONDS = Math.floor(NOW / 1000);
const RSA = newKey("rsa");
const EC = newKey("ec", "ES256");

let backend: Backend;
let issuer: TestIssuer;
let gate: TestGateway;
beforeAll(async () => {
  backend = await startBackend();
  issuer = await startIssuer({ now: () => NOW, keys: [RSA, EC] });
  gate = await startHttpApi([]);
  serve();
});
afterAll(async () => {
  await gate[Symbol.asyncDispose]();
  await issuer.stop();
  await backend[Symbol.asyncDispose]();
});

const jwt = (parts: Partial<HttpAuthorizer> = {}): HttpAuthorizer => ({
  authorizerId: "auth1",
  name: "tokens",
  authorizerType: "JWT",
  identitySource: ["$request.header.Authorization"],
  jwtConfiguration: { issuer: issuer.issuer, audience: ["orders", "pets"] },
  ...parts,
});

/** `GET /` for any good token, `GET /orders` for one with a scope, `GET /open` for anybody, `GET /other` by another authorizer. */
function serve(parts: Partial<HttpAuthorizer> = {}, other: Partial<HttpAuthorizer> = {}): void {
  const integration = { integrationUri: backend.url };
  const byToken = { authorizationType: "JWT", authorizerId: "auth1", integration } as const;
  serveHttpApi(gate, [
    httpStage({
      routes: {
        "GET /": byToken,
        "GET /orders": { ...byToken, authorizationScopes: ["orders:read", "orders/read"] },
        "GET /other": { ...byToken, authorizerId: "auth2" },
        "GET /open": { integration },
      },
      authorizers: [jwt(parts), jwt({ authorizerId: "auth2", name: "others", ...other })],
    }),
  ]);
}

async function outcome(token: string | undefined, path = "/"): Promise<readonly [number, string | undefined]> {
  const { status, headers } = await gate.ask({ path, headers: token === undefined ? [] : ["Authorization", token] });
  return [status, headers["www-authenticate"]];
}

const good = { aud: "orders" };
const IN = [200, undefined];
const refused = (description: string): readonly [number, string] => [401, `Bearer scope="" error="invalid_token" error_description="${description}"`];

describe("a token", () => {
  const rows: readonly (readonly [what: string, token: () => string | undefined, expected: readonly unknown[]])[] = [
    ["for one of the audiences", () => issuer.sign(good), IN],
    ["for some of them, as a bearer's", () => `Bearer ${issuer.sign({ aud: ["x", "pets"] })}`, IN],
    ["of a client that is an audience", () => issuer.sign({ client_id: "pets" }), IN],
    ["whose aud goes before its client_id", () => issuer.sign({ aud: "x", client_id: "pets" }), refused("the token does not have a valid audience")],
    ["for nobody", () => issuer.sign(), refused("the token does not have a valid audience")],
    ["of another issuer", () => issuer.sign({ ...good, iss: "https://other.example.com" }), refused("the token does not have a valid issuer")],
    ["that has expired", () => issuer.sign({ ...good, exp: SECONDS }), refused("the token has expired")],
    ["without an expiry", () => issuer.sign({ ...good, exp: undefined }), refused("the token has a time that is none")],
    ["that does not count yet", () => issuer.sign({ ...good, nbf: SECONDS + 1 }), refused("the token is not valid yet")],
    ["of the future", () => issuer.sign({ ...good, iat: SECONDS + 1 }), refused("the token was issued in the future")],
    ["that is none", () => "secret", refused("the token is malformed")],
    ["that is not there", () => undefined, [401, "Bearer"]],
    ["that is empty", () => "Bearer ", refused("the token is malformed")],
    // "Currently, only RSA-based algorithms are supported."
    ["signed with an elliptic curve", () => issuer.sign(good, { key: EC }), refused("the token is signed in a way that is not accepted")],
    ["signed by a key that is not the issuer's", () => issuer.sign(good, { key: { ...newKey("rsa") } }), refused("the token's signature is not valid")],
    ["that names no key", () => issuer.sign(good, { header: { kid: undefined } }), refused("the token names no key")],
    ["that names a key that is not there", () => issuer.sign(good, { header: { kid: "other" } }), refused("the issuer has no such key")],
    ["with alg none", () => unsigned(good), refused("the token is malformed")],
    ["with alg none and a signature", () => `${unsigned(good)}eA`, refused("the token is signed in a way that is not accepted")],
    ["signed by HS256 with the public key", () => hmacSigned(good, RSA), refused("the token is signed in a way that is not accepted")],
    // Longer than all header values together may be.
    ["that is huge", () => issuer.sign({ ...good, pad: "x".repeat(8_000) }), [431, undefined]],
    ["with a claim twice", () => issuer.sign({}, { payload: duplicated() }), refused("the token has a claim twice")],
  ];

  it.each(rows)("%s", async (_what, token, expected) => {
    expect(await outcome(token())).toEqual(expected);
  });

  const scope = 'scope="orders:read orders/read"';
  it.each<[string, object, readonly unknown[]]>([
    ["with the scope among others", { scope: "openid orders:read" }, IN],
    ["with the other scope, in scp", { scp: ["orders/read"] }, IN],
    ["with another scope", { scope: "orders:write" }, [403, `Bearer ${scope} error="insufficient_scope" error_description="the token does not have sufficient scope"`]],
    ["without any scope", {}, [403, `Bearer ${scope} error="insufficient_scope" error_description="the token does not have sufficient scope"`]],
    ["for nobody, though with the scope", { aud: "x", scope: "orders:read" }, [401, `Bearer ${scope} error="invalid_token" error_description="the token does not have a valid audience"`]],
  ])("%s where the route wants one", async (_what, claims, expected) => {
    expect(await outcome(issuer.sign({ ...good, ...claims }), "/orders")).toEqual(expected);
  });

  it("in the query, where the authorizer looks there", async () => {
    serve({ identitySource: ["$request.querystring.token"] });
    expect(await outcome(undefined, `/?token=${issuer.sign(good)}`)).toEqual(IN);
    expect(await outcome(issuer.sign(good))).toEqual([401, "Bearer"]);
    serve();
  });

  it("that is refused gets AWS's answer (.../http-api-troubleshooting-jwt.html)", async () => {
    const { status, headers, body } = await gate.ask({ path: "/", headers: ["Authorization", "token"] });
    expect({ status, headers, body }).toEqual({
      status: 401,
      headers: {
        "content-type": "application/json",
        "www-authenticate": 'Bearer scope="" error="invalid_token" error_description="the token is malformed"',
        "apigw-requestid": EXTENDED_REQUEST_ID,
      },
      body: '{"message":"Unauthorized"}',
    });
  });

  it("that one authorizer has found good says nothing at another", async () => {
    serve({}, { jwtConfiguration: { issuer: issuer.issuer, audience: ["other"] } });
    const token = issuer.sign(good);
    expect(await outcome(token)).toEqual(IN);
    expect(await outcome(token, "/other")).toEqual(refused("the token does not have a valid audience"));
    expect(await outcome(token)).toEqual(IN);
    serve();
  });
});

describe("an issuer", () => {
  const UNAVAILABLE = refused("the issuer's keys cannot be had");

  /** How a route fares whose issuer is as given, while the others go on. */
  async function beside(prepare: (bad: TestIssuer) => void | Promise<void>): Promise<readonly [number, string | undefined]> {
    await using bad = await startIssuer({ now: () => NOW, keys: [RSA] });
    await prepare(bad);
    serve({}, { jwtConfiguration: { issuer: bad.issuer, audience: ["orders"] } });
    const waiting = outcome(bad.sign(good), "/other");
    expect(await outcome(issuer.sign(good))).toEqual(IN);
    expect(await outcome(undefined, "/open")).toEqual(IN);
    const found = await waiting;
    serve();
    return found;
  }

  it("that has stopped lets nobody in", async () => {
    expect(await beside((bad) => bad.stop())).toEqual(UNAVAILABLE);
  });

  it("that never answers is given 1,500 ms, and no other route waits", async () => {
    expect(await beside((bad) => void (bad.respond = () => undefined))).toEqual(UNAVAILABLE);
    expect(JSON.stringify(gate.logged)).toContain("(timeout)");
  });

  it("whose key set is larger than 150,000 bytes lets nobody in", async () => {
    expect(await beside((bad) => void bad.extraKeys.push({ kty: "oct", k: "x".repeat(150_000) }))).toEqual(UNAVAILABLE);
    expect(JSON.stringify(gate.logged)).toContain("(tooLarge)");
  });

  it("with 10,000 keys is too large, too", async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ kty: "RSA", kid: `k${i}` }));
    expect(await beside((bad) => void bad.extraKeys.push(...many))).toEqual(UNAVAILABLE);
  });

  it("that answers nonsense lets nobody in", async () => {
    expect(await beside((bad) => void (bad.respond = (_request, response) => response.end("<html>")))).toEqual(UNAVAILABLE);
    expect(await beside((bad) => void (bad.respond = (_request, response) => response.writeHead(500).end()))).toEqual(UNAVAILABLE);
  });

  it("that rotates its keys is asked again", async () => {
    await using rotating = await startIssuer({ now: () => NOW, keys: [RSA] });
    serve({ jwtConfiguration: { issuer: rotating.issuer, audience: ["orders"] } });
    expect(await outcome(rotating.sign(good))).toEqual(IN);
    expect(await outcome(rotating.sign(good))).toEqual(IN);
    expect(rotating.asked).toEqual({ discovery: 1, keys: 1 });
    serve();
  });
});

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const payloadOf = (claims: object): object => ({ iss: issuer.issuer, iat: SECONDS, exp: SECONDS + 60, ...claims });

const unsigned = (claims: object): string => `${base64url({ alg: "none", kid: "rsa" })}.${base64url(payloadOf(claims))}.`;

function hmacSigned(claims: object, { kid, publicKey }: IssuerKey): string {
  const signed = `${base64url({ alg: "HS256", kid })}.${base64url(payloadOf(claims))}`;
  const secret = publicKey.export({ type: "spki", format: "pem" });
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const duplicated = (): string => `{"iss":"${issuer.issuer}","aud":"other","iat":${SECONDS},"exp":${SECONDS + 60},"aud":"orders"}`;
