// Tokens of an issuer that is really there, with keys that are really keys: what is believed, and why the rest is refused.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newKey, signToken, startIssuer, type IssuerKey, type TestIssuer } from "../../../test/harness/issuer.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import type { LogFields } from "../../ports/log.ts";
import type { TokenTrust, TrustedIssuer } from "../../domain/token-trust.ts";
import type { TokenVerifier } from "../../ports/token-verifier.ts";
import { createHttpClient } from "../http-client/index.ts";
import { createTokenVerifier } from "./index.ts";

const NOW = Date.UTC(2026, 0, 1);
const SECONDS = NOW / 1000;
const KEY = newKey("key-1");
const OTHER_KEY = newKey("key-2");
const EC_KEY = newKey("ec", "ES256");

let httpClient: HttpClient;
beforeAll(() => {
  httpClient = createHttpClient();
});
afterAll(() => httpClient.close());

interface Started extends AsyncDisposable {
  readonly issuer: TestIssuer;
  readonly verifier: TokenVerifier;
  readonly warnings: LogFields[];
  readonly clock: { now: number };
  trust(parts?: Partial<TokenTrust>, issuer?: Partial<TrustedIssuer>): TokenTrust;
  /** `verified`, or the fault. */
  outcome(token: string, trust?: TokenTrust): Promise<string>;
}

async function start({ keys = [KEY], httpOnLoopback = true }: { keys?: readonly IssuerKey[]; httpOnLoopback?: boolean } = {}): Promise<Started> {
  const clock = { now: NOW };
  const issuer = await startIssuer({ now: () => clock.now, keys });
  const warnings: LogFields[] = [];
  const ignore = () => undefined;
  const verifier = createTokenVerifier({
    httpClient,
    httpOnLoopback,
    clock: { now: () => clock.now, after: () => ignore },
    log: { debug: ignore, info: ignore, warn: (_message, fields = {}) => void warnings.push(fields), error: ignore },
  });
  const trust: Started["trust"] = (parts, trusted) => ({
    name: "api/authorizer/1",
    issuers: [{ issuer: issuer.issuer, audiences: ["me"], ...trusted }],
    algorithms: ["RS256", "RS384"],
    ...parts,
  });
  return {
    issuer,
    verifier,
    warnings,
    clock,
    trust,
    async outcome(token, by = trust()) {
      const result = await verifier.verify(token, by);
      return result.type === "verified" ? "verified" : result.fault;
    },
    [Symbol.asyncDispose]: issuer.stop,
  };
}

const good = { aud: "me" };
const refusal = (fault: string, message: string) => ({ type: "refused", fault, message });
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a good token", () => {
  it("is verified, with all its claims as they are in it", async () => {
    await using started = await start();
    const subFirst = { sub: "who" };
    const claims = { ...good, ...subFirst, groups: ["a", "b"], email_verified: true, address: { city: "Zürich" }, ["__proto__"]: { admin: true } };
    const verified = await started.verifier.verify(started.issuer.sign(claims), started.trust());
    if (verified.type !== "verified") throw new Error(verified.message);
    expect(Object.entries(verified.claims)).toEqual(Object.entries({ iss: started.issuer.issuer, ...subFirst, iat: SECONDS, exp: SECONDS + 3600, ...claims }));
    expect(Object.getPrototypeOf(verified.claims)).toBeNull();
    expect(verified.claims["admin"]).toBeUndefined();
    expect(started.issuer.asked).toEqual({ discovery: 1, keys: 1 });
  });

  it.each([
    ["an audience among others", { aud: ["you", "me"] }],
    ["a client_id and no audience", { client_id: "me" }],
    ["a time before which it does not count that is now", { ...good, nbf: SECONDS }],
    ["a fraction of a second left", { ...good, exp: SECONDS + 0.5 }],
  ])("is verified with %s", async (_what, claims) => {
    await using started = await start();
    expect(await started.outcome(started.issuer.sign(claims))).toBe("verified");
  });

  it("is verified whoever it is for, where nobody says", async () => {
    await using started = await start();
    const issuers = [{ issuer: started.issuer.issuer }];
    expect(await started.outcome(started.issuer.sign({ aud: "you" }), started.trust({ issuers }))).toBe("verified");
  });

  it("may be signed by any of the accepted algorithms", async () => {
    const wide = { ...KEY, kid: "wide", algorithm: "RS384" };
    await using started = await start({ keys: [KEY, wide, EC_KEY] });
    expect(await started.outcome(started.issuer.sign(good, { key: wide }))).toBe("verified");
    expect(await started.outcome(started.issuer.sign(good, { key: EC_KEY }))).toBe("algorithm");
    expect(await started.outcome(started.issuer.sign(good, { key: EC_KEY }), started.trust({ algorithms: ["ES256"] }))).toBe("verified");
  });

  it("needs no discovery where the key set's place is known", async () => {
    await using started = await start();
    const trust = started.trust({}, { jwksUri: `${started.issuer.issuer}/keys?v=1` });
    expect(await started.outcome(started.issuer.sign(good), trust)).toBe("verified");
    expect(started.issuer.asked).toEqual({ discovery: 0, keys: 1 });
  });
});

describe("a token is refused", () => {
  const publicPem = KEY.publicKey.export({ type: "spki", format: "pem" }).toString();
  const hs256 = (iss: string, secret: string | Buffer) => {
    const signed = `${encoded({ alg: "HS256", kid: "key-1" })}.${encoded({ iss, ...good, exp: SECONDS + 60 })}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  };
  const text = (iss: string, rest: string) => ({ payload: `{"iss":"${iss}","exp":${SECONDS + 60},"aud":"me"${rest}}` });
  const tampered = (token: string, claims: object) => token.replace(/\.[^.]+\./, `.${encoded(claims)}.`);

  const CASES: readonly (readonly [string, (issuer: TestIssuer) => string, string, string])[] = [
    ["that is none", () => "secret", "malformed", "the token is malformed"],
    ["that is empty", () => "", "malformed", "the token is malformed"],
    ["with two parts", ({ sign }) => sign(good).split(".").slice(0, 2).join("."), "malformed", "the token is malformed"],
    ["with five parts", ({ sign }) => `${sign(good)}.a.b`, "malformed", "the token is malformed"],
    ["with a space", ({ sign }) => `${sign(good)} `, "malformed", "the token is malformed"],
    ["whose claims are no object", ({ sign }) => sign({}, { payload: "[]" }), "malformed", "the token is malformed"],
    ["whose claims are not JSON", ({ sign }) => sign({}, { payload: "{" }), "malformed", "the token is malformed"],
    ["that is huge", ({ sign }) => sign({ ...good, pad: "x".repeat(10_240) }), "malformed", "the token is too long"],
    ["with a claim twice", (each) => each.sign({}, text(each.issuer, ',"aud":"me"')), "malformed", "the token has a claim twice"],
    ["with a claim twice, once escaped", (each) => each.sign({}, text(each.issuer, ',"\\u0061ud":"me"')), "malformed", "the token has a claim twice"],
    ["with a member twice deep inside", (each) => each.sign({}, text(each.issuer, ',"a":[{"b":1,"b":2}]')), "malformed", "the token has a claim twice"],
    ["with what is critical to others", ({ sign }) => sign(good, { header: { crit: ["exp"] } }), "malformed", "the token is malformed"],
    ["with alg none and no signature", ({ issuer }) => `${encoded({ alg: "none", kid: "key-1" })}.${encoded({ iss: issuer, ...good })}.`, "malformed", "the token is malformed"],
    ["with alg none", ({ sign }) => sign(good, { header: { alg: "none" } }), "algorithm", "the token is signed in a way that is not accepted"],
    ["with alg None", ({ sign }) => sign(good, { header: { alg: "None" } }), "algorithm", "the token is signed in a way that is not accepted"],
    ["signed with the public key, HS256", ({ issuer }) => hs256(issuer, publicPem), "algorithm", "the token is signed in a way that is not accepted"],
    ["of another issuer", ({ sign }) => sign({ ...good, iss: "https://example.com" }), "issuer", "the token does not have a valid issuer"],
    ["of an issuer with a slash more", (each) => each.sign({ ...good, iss: `${each.issuer}/` }), "issuer", "the token does not have a valid issuer"],
    ["of no issuer", ({ sign }) => sign({ ...good, iss: undefined }), "issuer", "the token does not have a valid issuer"],
    ["that names no key", ({ sign }) => sign(good, { header: { kid: undefined } }), "key", "the token names no key"],
    ["of a key that the issuer does not have", ({ sign }) => sign(good, { key: OTHER_KEY }), "key", "the issuer has no such key"],
    ["of another key under the name", ({ sign }) => sign(good, { key: { ...OTHER_KEY, kid: "key-1" } }), "signature", "the token's signature is not valid"],
    ["of another algorithm than the key's", ({ sign }) => sign(good, { header: { alg: "RS384" } }), "key", "the issuer has no such key"],
    ["that was changed", ({ issuer, sign }) => tampered(sign(good), { iss: issuer, aud: "me", exp: SECONDS + 9e9 }), "signature", "the token's signature is not valid"],
    ["without its signature's end", ({ sign }) => sign(good).slice(0, -4), "signature", "the token's signature is not valid"],
    ["for somebody else", ({ sign }) => sign({ aud: "you" }), "audience", "the token does not have a valid audience"],
    ["for nobody", ({ sign }) => sign(), "audience", "the token does not have a valid audience"],
    ["for somebody else, though the client is right", ({ sign }) => sign({ aud: "you", client_id: "me" }), "audience", "the token does not have a valid audience"],
    ["that has expired", ({ sign }) => sign({ ...good, exp: SECONDS }), "expired", "the token has expired"],
    ["that never expires", ({ sign }) => sign({ ...good, exp: undefined }), "malformed", "the token has a time that is none"],
    ["that expires in words", ({ sign }) => sign({ ...good, exp: String(SECONDS + 60) }), "malformed", "the token has a time that is none"],
    ["that does not count yet", ({ sign }) => sign({ ...good, nbf: SECONDS + 1 }), "early", "the token is not valid yet"],
    ["that is of the future", ({ sign }) => sign({ ...good, iat: SECONDS + 1 }), "early", "the token was issued in the future"],
    ["that does not count yet, in words", ({ sign }) => sign({ ...good, nbf: "now" }), "malformed", "the token has a time that is none"],
  ];

  let started: Started;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.issuer.stop());

  it.each(CASES)("%s", async (_what, make, fault, message) => {
    expect(await started.verifier.verify(make(started.issuer), started.trust())).toEqual(refusal(fault, message));
  });

  it("with one character changed anywhere", async () => {
    const token = started.issuer.sign({ ...good, once: 1 });
    // The last character of a signature has bits that nobody reads.
    const place = fc.nat({ max: token.length - 2 });
    const letter = fc.constantFrom("A", "B", "w", "z", "0", "9", "-", "_", ".", " ", "=");
    const changed = fc.tuple(place, letter).filter(([index, to]) => token[index] !== to);
    await fc.assert(
      fc.asyncProperty(changed, async ([index, to]) => {
        expect(await started.outcome(token.slice(0, index) + to + token.slice(index + 1))).not.toBe("verified");
      }),
      { numRuns: 300 },
    );
    expect(await started.outcome(token)).toBe("verified");
  });

  it("with a shared secret or without a signature even where the algorithm is said to be accepted", async () => {
    const trust = started.trust({ name: "careless", algorithms: ["none", "HS256", "RS256"] });
    started.issuer.extraKeys = [{ kty: "oct", kid: "shared", k: encoded("secret") }];
    expect(await started.outcome(hs256(started.issuer.issuer, publicPem), trust)).toBe("algorithm");
    expect(await started.outcome(started.issuer.sign(good, { header: { alg: "none" } }), trust)).toBe("algorithm");
  });

  it("when it was verified for another authorizer, or another version of its configuration", async () => {
    const token = started.issuer.sign(good);
    expect(await started.outcome(token)).toBe("verified");
    expect(await started.outcome(token, started.trust({ name: "api/other/1" }, { audiences: ["you"] }))).toBe("audience");
    expect(await started.outcome(token, started.trust({ name: "api/authorizer/2", issuers: [{ issuer: "https://example.com" }] }))).toBe("issuer");
    expect(await started.outcome(token)).toBe("verified");
  });
});

describe("a key set", () => {
  it("is fetched once by all who want it at the same time, and kept for an hour", async () => {
    await using started = await start();
    const tokens = Array.from({ length: 20 }, (_, index) => started.issuer.sign({ ...good, exp: SECONDS + 9000, jti: index }));
    expect(await Promise.all(tokens.map((token) => started.outcome(token)))).toEqual(tokens.map(() => "verified"));
    started.clock.now += 2_999_999;
    expect(await started.outcome(started.issuer.sign({ ...good, late: 1 }))).toBe("verified");
    expect(started.issuer.asked).toEqual({ discovery: 1, keys: 1 });
  });

  it("is fetched anew before it expires, while it still serves", async () => {
    await using started = await start();
    await started.outcome(started.issuer.sign(good));
    started.clock.now += 3_000_000;
    started.issuer.respond = () => undefined;
    expect(await started.outcome(started.issuer.sign({ ...good, late: 1 }))).toBe("verified");
    await expect.poll(() => started.issuer.asked.discovery).toBe(2);
  });

  it("that has expired counts no longer, and neither does what it has verified", async () => {
    await using started = await start();
    const token = started.issuer.sign({ ...good, exp: SECONDS + 90_000 });
    expect(await started.outcome(token)).toBe("verified");
    await started.issuer.stop();
    started.clock.now += 3_599_999;
    expect(await started.outcome(token)).toBe("verified");
    started.clock.now += 1;
    expect(await started.outcome(token)).toBe("unavailable");
  });

  it("is fetched anew for a key that it does not have: rotation needs nobody's help", async () => {
    await using started = await start();
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
    started.issuer.keys = [OTHER_KEY, KEY];
    started.clock.now += 5_000;
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
    expect(started.issuer.asked).toEqual({ discovery: 2, keys: 2 });
  });

  it("is not fetched for each token that names an unknown key", async () => {
    await using started = await start();
    const unknown = (jti: number) => started.outcome(started.issuer.sign({ ...good, jti }, { header: { kid: `no-${jti}` } }));
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
    started.clock.now += 5_000;
    expect(await Promise.all([1, 2, 3].map(unknown))).toEqual(["key", "key", "key"]);
    expect(await unknown(4)).toBe("key");
    expect(started.issuer.asked.keys).toBe(2);
    started.clock.now += 5_000;
    expect(await unknown(5)).toBe("key");
    expect(started.issuer.asked.keys).toBe(3);
  });

  it("that has not changed goes on counting when it is fetched anew, and so does what it has verified", async () => {
    await using started = await start();
    const token = started.issuer.sign({ ...good, exp: SECONDS + 90_000 });
    expect(await started.outcome(token)).toBe("verified");
    started.clock.now += 2_000_000;
    expect(await started.outcome(started.issuer.sign(good, { key: OTHER_KEY }))).toBe("key");
    expect(started.issuer.asked.keys).toBe(2);
    started.clock.now += 3_599_999;
    expect(started.verifier.verify(token, started.trust())).toMatchObject({ type: "verified" });
    started.clock.now += 1;
    expect(started.verifier.verify(token, started.trust())).toBeInstanceOf(Promise);
  });

  it("that has lost a key takes back what that key has verified", async () => {
    await using started = await start();
    const token = started.issuer.sign(good);
    expect(await started.outcome(token)).toBe("verified");
    started.issuer.keys = [OTHER_KEY];
    started.clock.now += 5_000;
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
    expect(await started.outcome(token)).toBe("key");
  });

  it("may have keys that nobody can use", async () => {
    await using started = await start();
    started.issuer.extraKeys = [{ kid: "key-1", kty: "EC" }, { kid: "key-1", kty: "RSA", n: "AQAB", e: "AQAB", use: "enc" }, { kid: "odd", kty: "RSA" }, { kty: "RSA" }, 7 as never];
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
    expect(await started.outcome(started.issuer.sign({ ...good, odd: 1 }, { header: { kid: "odd" } }))).toBe("key");
  });

  it("is read whole up to 150,000 bytes; 10,000 keys are too many", async () => {
    await using started = await start();
    started.issuer.extraKeys = Array.from({ length: 10_000 }, (_, index) => ({ kty: "RSA", kid: `k${index}`, n: "A".repeat(342), e: "AQAB" }));
    const result = await started.verifier.verify(started.issuer.sign(good), started.trust());
    expect(result).toMatchObject({ type: "refused", fault: "unavailable" });
    expect(started.warnings).toEqual([{ issuer: started.issuer.issuer, reason: expect.stringContaining("(tooLarge)") as unknown }]);
    started.issuer.extraKeys = Array.from({ length: 360 }, (_, index) => ({ kty: "RSA", kid: `k${index}`, n: "A".repeat(342), e: "AQAB" }));
    started.clock.now += 1_000;
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
  });
});

describe("an issuer", () => {
  it("that is silent refuses within its time, and holds up nobody else", async () => {
    await using started = await start();
    await using other = await startIssuer({ now: () => NOW, keys: [KEY] });
    started.issuer.respond = () => undefined;
    const trust = started.trust({ issuers: [{ issuer: started.issuer.issuer }, { issuer: other.issuer }] });
    const before = performance.now();
    let isWaiting = true;
    const waiting = started.outcome(started.issuer.sign(good), trust).finally(() => (isWaiting = false));
    expect(await started.outcome(other.sign(good), trust)).toBe("verified");
    expect(await started.outcome(other.sign({ ...good, again: 1 }), trust)).toBe("verified");
    expect(isWaiting).toBe(true);
    expect(await waiting).toBe("unavailable");
    // 1,500 ms, and what a busy machine takes.
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(started.issuer.asked).toEqual({ discovery: 1, keys: 0 });
  });

  it("that fails is not asked again for a second, and its recovery is noticed then", async () => {
    await using started = await start();
    started.issuer.respond = (_request, response) => void response.writeHead(500).end();
    const token = started.issuer.sign(good);
    expect(await started.outcome(token)).toBe("unavailable");
    expect(await started.outcome(token)).toBe("unavailable");
    expect(started.issuer.asked.discovery).toBe(1);
    expect(started.warnings).toHaveLength(1);
    started.clock.now += 1_000;
    started.issuer.respond = undefined;
    expect(await started.outcome(token)).toBe("verified");
  });

  it("that is silent when a key is unknown is believed in what it said before", async () => {
    await using started = await start();
    expect(await started.outcome(started.issuer.sign(good))).toBe("verified");
    await started.issuer.stop();
    started.clock.now += 5_000;
    expect(await started.outcome(started.issuer.sign(good, { key: OTHER_KEY }))).toBe("key");
    expect(await started.outcome(started.issuer.sign({ ...good, again: 1 }))).toBe("verified");
  });

  it.each([
    ["http, though not on this machine", "http://issuer.example.com", "http://issuer.example.com is not reached over https"],
    ["no URL", "issuer", "issuer/.well-known/openid-configuration is no URL"],
    ["a file", "file:///etc", "null is not reached over https"],
    ["a URL with a password", "https://me:secret@example.com", "https://example.com is asked without a password"],
  ])("that is %s is never asked", async (_what, issuer, message) => {
    await using started = await start();
    const token = started.issuer.sign({ ...good, iss: issuer });
    expect(await started.verifier.verify(token, started.trust({ issuers: [{ issuer }] }))).toEqual(refusal("unavailable", message));
  });

  it("is only asked where the operator lets requests go", async () => {
    await using started = await start();
    const guarded = createHttpClient({ denied: ["127.0.0.0/8"] });
    const reasons: unknown[] = [];
    const ignore = () => undefined;
    const log = { debug: ignore, info: ignore, warn: (_message: string, fields: LogFields = {}) => void reasons.push(fields["reason"]), error: ignore };
    const verifier = createTokenVerifier({ httpClient: guarded, httpOnLoopback: true, clock: { now: () => NOW, after: () => ignore }, log });
    expect(await verifier.verify(started.issuer.sign(good), started.trust())).toMatchObject({ fault: "unavailable" });
    expect(reasons).toEqual([expect.stringContaining("(refusedAddress)")]);
    expect(started.issuer.asked).toEqual({ discovery: 0, keys: 0 });
    await guarded.close();
  });

  it("has to speak https, outside development on this machine too", async () => {
    await using started = await start({ httpOnLoopback: false });
    expect(await started.outcome(started.issuer.sign(good))).toBe("unavailable");
    expect(started.issuer.asked).toEqual({ discovery: 0, keys: 0 });
  });

  it("whose certificate nobody vouches for is not believed", async () => {
    await using started = await start();
    const pem = (name: string) => readFileSync(new URL(`../../../test/contracts/tls/${name}.pem`, import.meta.url));
    const server = createServer({ key: pem("localhost-key"), cert: pem("localhost-cert") }, (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
    const token = signToken(KEY, JSON.stringify({ iss: issuer, exp: SECONDS + 60 }));
    expect(await started.outcome(token, started.trust({ issuers: [{ issuer }] }))).toBe("unavailable");
    expect(started.warnings).toEqual([{ issuer, reason: expect.stringContaining("(tls)") as unknown }]);
    server.close();
  });

  it.each([
    ["says that it is another", '{"issuer":"https://example.com","jwks_uri":"https://example.com"}', "is not of the issuer"],
    ["says nothing", "", "is not of the issuer"],
    ["is null", "null", "is not of the issuer"],
  ])("whose discovery document %s is not believed", async (_what, document, reason) => {
    await using started = await start();
    started.issuer.respond = (_request, response) => void response.end(document);
    expect(await started.outcome(started.issuer.sign(good))).toBe("unavailable");
    expect(started.warnings[0]?.["reason"]).toContain(reason);
  });

  it.each([
    ["nowhere", undefined, "names no key set"],
    ["in a file", "file:///etc/keys", "is not reached over https"],
    ["in clear text elsewhere", "http://example.com/keys", "is not reached over https"],
  ])("that has its keys %s is not believed", async (_what, jwksUri, reason) => {
    await using started = await start();
    started.issuer.respond = (_request, response) => void response.end(JSON.stringify({ issuer: started.issuer.issuer, jwks_uri: jwksUri }));
    expect(await started.outcome(started.issuer.sign(good))).toBe("unavailable");
    expect(started.warnings[0]?.["reason"]).toContain(reason);
  });
});

describe("what has been verified", () => {
  it("is known at once, until it expires to the millisecond", async () => {
    await using started = await start();
    const token = started.issuer.sign({ ...good, exp: SECONDS + 60 });
    expect(started.verifier.verify(token, started.trust())).toBeInstanceOf(Promise);
    expect(await started.outcome(token)).toBe("verified");
    expect(started.verifier.verify(token, started.trust())).toMatchObject({ type: "verified" });
    started.clock.now += 59_999;
    expect(started.verifier.verify(token, started.trust())).toMatchObject({ type: "verified" });
    started.clock.now += 1;
    expect(await started.verifier.verify(token, started.trust())).toEqual(refusal("expired", "the token has expired"));
  });
});
