import { createECDH, createHmac } from "node:crypto";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { sha256 } from "./canonical.ts";
import { asymmetricPrivateKey, signingKey } from "./signing-key.ts";
import { accessKeyId, secretAccessKey, type Vector, vectors } from "./vectors.fixture.ts";
import { type ReceivedRequest, verifyRequest } from "./verify.ts";

const NOW = Date.UTC(2015, 7, 30, 12, 36, 0);
const TIME = "20150830T123600Z";
const expected = { region: "us-east-1", service: "service", now: NOW, skewMinutes: 5 };

const verify = (request: ReceivedRequest, { token, ...changes }: { token?: string | undefined; now?: number; region?: string; service?: string } = {}) =>
  verifyRequest(request, { ...expected, ...changes }, (id) =>
    id === accessKeyId ? { secretAccessKey, ...(token !== undefined && { sessionToken: token }) } : undefined,
  );

const asymmetric = { algorithm: "AWS4-ECDSA-P256-SHA256", scope: `${accessKeyId}/20150830/service/aws4_request` };
const symmetric = { algorithm: "AWS4-HMAC-SHA256", scope: `${accessKeyId}/20150830/us-east-1/service/aws4_request` };

/** The vector's request as it was signed, by header. */
function byHeader(vector: Vector, { algorithm, scope }: typeof symmetric, signature: string): ReceivedRequest {
  const headers = ["Host", "example.amazonaws.com", ...(vector.headers ?? []), "X-Amz-Date", TIME];
  if (algorithm === asymmetric.algorithm) headers.push("X-Amz-Region-Set", "us-east-1");
  if (vector.contentHash) headers.push("x-amz-content-sha256", sha256(vector.body ?? ""));
  if (vector.token !== undefined) headers.push("X-Amz-Security-Token", vector.token);
  const names = new Set(headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()));
  if (vector.tokenAfter) names.delete("x-amz-security-token");
  const authorization = `${algorithm} Credential=${scope}, SignedHeaders=${[...names].sort().join(";")}, Signature=${signature}`;
  return { method: vector.method, target: vector.target, headers: [...headers, "Authorization", authorization], body: vector.body };
}

/** The same as a presigned URL. */
function byQuery(vector: Vector, { algorithm, scope }: typeof symmetric, signature: string): ReceivedRequest {
  const headers = ["Host", "example.amazonaws.com", ...(vector.headers ?? [])];
  const names = new Set(headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()));
  const parameters = [
    `X-Amz-Algorithm=${algorithm}`, `X-Amz-Credential=${encodeURIComponent(scope)}`, `X-Amz-Date=${TIME}`,
    `X-Amz-SignedHeaders=${[...names].sort().join("%3B")}`, "X-Amz-Expires=3600",
  ];
  if (algorithm === asymmetric.algorithm) parameters.push("X-Amz-Region-Set=us-east-1");
  if (vector.token !== undefined) parameters.push(`X-Amz-Security-Token=${encodeURIComponent(vector.token)}`);
  parameters.push(`X-Amz-Signature=${signature}`);
  const target = `${vector.target}${vector.target.includes("?") ? "&" : "?"}${parameters.join("&")}`;
  return { method: vector.method, target, headers, body: vector.body };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html; the vectors' source stands in the fixture.
for (const vector of vectors) {
  const [header, query, asymmetricHeader, asymmetricQuery] = vector.signatures;
  const { token } = vector;

  test(`the published vector ${vector.name} by header`, async () => {
    expect(await verify(byHeader(vector, symmetric, header), { token })).toMatchObject({ kind: "verified" });
  });

  test(`the published vector ${vector.name} by header with SigV4a`, async () => {
    expect(await verify(byHeader(vector, asymmetric, asymmetricHeader), { token })).toMatchObject({ kind: "verified" });
  });

  // The signature of a presigned URL covers the token: services to which it is added afterwards are others.
  const outcome = vector.tokenAfter ? { kind: "refused", code: "InvalidSignatureException" } : { kind: "verified" };
  test(`the published vector ${vector.name} by query is ${outcome.kind}`, async () => {
    expect(await verify(byQuery(vector, symmetric, query), { token })).toMatchObject(outcome);
  });

  test(`the published vector ${vector.name} by query with SigV4a is ${outcome.kind}`, async () => {
    expect(await verify(byQuery(vector, asymmetric, asymmetricQuery), { token })).toMatchObject(outcome);
  });
}

test("SigV4a's key is derived as the vectors' public key says", () => {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(asymmetricPrivateKey(accessKeyId, secretAccessKey));
  expect(pair.getPublicKey("hex")).toBe(
    "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518",
  );
});

const vanilla = vectors.find(({ name }) => name === "get-vanilla") as Vector;
const [signature, presigned, asymmetricSignature] = vanilla.signatures;
const good = byHeader(vanilla, symmetric, signature);
const url = byQuery(vanilla, symmetric, presigned);

const withHeader = (request: ReceivedRequest, name: string, change: (value: string) => string): ReceivedRequest => ({
  ...request,
  headers: request.headers.map((text, i) => (i % 2 === 1 && request.headers[i - 1] === name ? change(text) : text)),
});

const refused = (code: string, message: string) => ({ kind: "refused", code, message });

test("a signature that does not match is explained as API Gateway does", async () => {
  expect(await verify({ ...good, target: "/other" })).toEqual({
    ...refused(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    ),
    explanation:
      "\n\nThe Canonical String for this request should have been\n'GET\n/other\n\nhost:example.amazonaws.com\n" +
      "x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" +
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\n\n" +
      "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n" +
      `${sha256("GET\n/other\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")}'\n`,
  });
});

const MINUTE = 60_000;
test.each([
  ["nothing that authorizes", { ...good, headers: ["Host", "example.amazonaws.com"] }, {}, "MissingAuthenticationTokenException", "Missing Authentication Token"],
  [
    "an access key that does not exist", withHeader(good, "Authorization", (text) => text.replace("AKIDEXAMPLE", "AKIDOTHER")), {},
    "UnrecognizedClientException", "The security token included in the request is invalid.",
  ],
  [
    "a session token that a key does not have", { ...good, headers: [...good.headers, "X-Amz-Security-Token", "t"] }, {},
    "UnrecognizedClientException", "The security token included in the request is invalid.",
  ],
  ["a missing session token", good, { token: "t" }, "UnrecognizedClientException", "The security token included in the request is invalid."],
  [
    "another session token", { ...good, headers: [...good.headers, "X-Amz-Security-Token", "u"] }, { token: "t" },
    "UnrecognizedClientException", "The security token included in the request is invalid.",
  ],
  [
    "another region and service", good, { region: "eu-west-1", service: "execute-api" }, "InvalidSignatureException",
    "Credential should be scoped to a valid region, not 'us-east-1'. Credential should be scoped to correct service: 'execute-api'. ",
  ],
  [
    "a Host that is not signed", withHeader(good, "Authorization", (text) => text.replace("host;", "")), {}, "InvalidSignatureException",
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    "an x-amz- header that is not signed", { ...good, headers: [...good.headers, "X-Amz-Target", "x"] }, {}, "InvalidSignatureException",
    "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    "a date that is not the scope's", withHeader(good, "X-Amz-Date", () => "20150831T000000Z"), {}, "InvalidSignatureException",
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150830' != '20150831', from '20150831T000000Z'.",
  ],
  [
    "a date in another form", withHeader(good, "X-Amz-Date", () => "2015-08-30T12:36:00Z"), {}, "IncompleteSignatureException",
    "Date must be in ISO-8601 'basic format'. Got '2015-08-30T12:36:00Z'. See http://en.wikipedia.org/wiki/ISO_8601 ",
  ],
  [
    "a time that is past", good, { now: NOW + 5 * MINUTE + 1000 }, "InvalidSignatureException",
    "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)",
  ],
  [
    "a time to come", good, { now: NOW - 5 * MINUTE - 1000 }, "InvalidSignatureException",
    "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)",
  ],
  [
    "a presigned URL past its X-Amz-Expires", url, { now: NOW + 61 * MINUTE }, "InvalidSignatureException",
    "Signature expired: 20150830T123600Z is now earlier than 20150830T123700Z (20150830T133700Z - 60 min.)",
  ],
  [
    "an X-Amz-Expires of more than a week", { ...url, target: url.target.replace("=3600", "=604801") }, {}, "IncompleteSignatureException",
    "X-Amz-Expires must be less than a week (in seconds) that is, the given X-Amz-Expires must be less than 604800 seconds",
  ],
  [
    "an X-Amz-Expires below nothing", { ...url, target: url.target.replace("=3600", "=-1") }, {}, "IncompleteSignatureException",
    "X-Amz-Expires must be non-negative",
  ],
  [
    "an X-Amz-Expires that is no number", { ...url, target: url.target.replace("=3600", "=soon") }, {}, "IncompleteSignatureException",
    "X-Amz-Expires should be a number",
  ],
  [
    "SigV4a for another region", byHeader(vanilla, asymmetric, asymmetricSignature), { region: "eu-west-1" }, "InvalidSignatureException",
    "Credential should be scoped to a valid region, not 'us-east-1'. ",
  ],
] as const)("%s is refused in AWS's words", async (_what, request, changes, code, message) => {
  expect(await verify(request, changes)).toEqual(refused(code, message));
});

test("times are good to the last second", async () => {
  expect(await verify(good, { now: NOW + 5 * MINUTE })).toMatchObject({ kind: "verified" });
  expect(await verify(good, { now: NOW - 5 * MINUTE })).toMatchObject({ kind: "verified" });
  expect(await verify(url, { now: NOW + 60 * MINUTE })).toMatchObject({ kind: "verified" });
});

test("temporary credentials that have expired are refused to those who know the secret", async () => {
  const find = () => ({ secretAccessKey, expiresAt: NOW });
  expect(await verifyRequest(good, expected, find)).toEqual(
    refused("ExpiredTokenException", "The security token included in the request is expired"),
  );
  expect(await verifyRequest({ ...good, method: "PUT" }, expected, find)).toMatchObject({ code: "InvalidSignatureException" });
});

test("a header that CloudFront adds need not be signed", async () => {
  expect(await verify({ ...good, headers: [...good.headers, "X-Amz-Cf-Id", "x"] })).toMatchObject({ kind: "verified" });
});

test("no key is looked up for a request that is itself at fault", async () => {
  const find = () => {
    throw new Error("it was");
  };
  expect(await verifyRequest(good, { ...expected, service: "other" }, find)).toMatchObject({ kind: "refused" });
});

test.each(["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])(
  "a body that the signature does not cover is refused: %s (aws/aws-sdk-js-v3#308)",
  async (hash) => {
    const signer = new SignatureV4({
      service: "service", region: "us-east-1", credentials: { accessKeyId, secretAccessKey }, sha256: Sha256, applyChecksum: false,
    });
    const headers = { host: "example.amazonaws.com", "x-amz-content-sha256": hash };
    const request = { method: "POST", protocol: "https:", hostname: "example.amazonaws.com", path: "/", query: {}, headers, body: "body" };
    const signed = (await signer.sign(request, { signingDate: new Date(NOW) })) as unknown as { headers: Record<string, string> };
    const received = { method: "POST", target: "/", headers: Object.entries(signed.headers).flat(), body: "body" };
    expect(await verify(received)).toMatchObject({ kind: "refused", code: "InvalidSignatureException" });
    // With the body's own hash in that header the same request is taken.
    const covered = (await signer.sign(
      { ...request, headers: { ...headers, "x-amz-content-sha256": sha256("body") } },
      { signingDate: new Date(NOW) },
    )) as unknown as { headers: Record<string, string> };
    expect(await verify({ ...received, headers: Object.entries(covered.headers).flat() })).toMatchObject({ kind: "verified" });
  },
);

test("paths and headers that were read byte by byte are the UTF-8 that they are", async () => {
  const vector = vectors.find(({ name }) => name === "get-utf8") as Vector;
  const request = byHeader(vector, symmetric, vector.signatures[0]);
  expect(await verify({ ...request, target: Buffer.from(vector.target).toString("latin1") })).toMatchObject({ kind: "verified" });
});

test("SigV4a: sets of regions, and requests without one", async () => {
  const request = byHeader(vanilla, asymmetric, asymmetricSignature);
  // The set is signed: another one is no match, but it is looked at first.
  const set = (value: string) => withHeader(request, "X-Amz-Region-Set", () => value);
  for (const value of ["eu-west-1, us-*", "*", "us-east-1,eu-west-1"]) {
    expect(await verify(set(value))).toMatchObject({ code: "InvalidSignatureException", explanation: expect.any(String) as string });
  }
  expect(await verify(set("us-west-*"))).toEqual(
    refused("InvalidSignatureException", "Credential should be scoped to a valid region, not 'us-west-*'. "),
  );
  const without = { ...request, headers: request.headers.filter((_, i) => request.headers[i - (i % 2)] !== "X-Amz-Region-Set") };
  expect(await verify(without)).toMatchObject({ code: "IncompleteSignatureException" });
});

test.each(["20151330T123600Z", "20150230T123600Z", "20150830T246000Z", "20150830T126000Z", "tomorrow", "Sun, 30 Aug 2015 12:36:00 +0200"])(
  "%s is no time",
  async (time) => {
    expect(await verify(withHeader(good, "X-Amz-Date", () => time))).toMatchObject({ code: "IncompleteSignatureException" });
  },
);

test("a Date header stands in for X-Amz-Date, and is signed in the basic form", async () => {
  const headers = ["Host", "example.amazonaws.com", "Date", "Sun, 30 Aug 2015 12:36:00 GMT"];
  const canonical = `GET\n/\n\ndate:Sun, 30 Aug 2015 12:36:00 GMT\nhost:example.amazonaws.com\n\ndate;host\n${sha256("")}`;
  const toSign = `AWS4-HMAC-SHA256\n${TIME}\n20150830/us-east-1/service/aws4_request\n${sha256(canonical)}`;
  const made = createHmac("sha256", signingKey(secretAccessKey, "20150830", "us-east-1", "service")).update(toSign).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${symmetric.scope}, SignedHeaders=date;host, Signature=${made}`;
  const request = { method: "GET", target: "/", headers: [...headers, "Authorization", authorization], body: undefined };
  expect(await verify(request)).toMatchObject({ kind: "verified" });
});
