import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sign } from "./sign.ts";
import { signingKey } from "./signing-key.ts";

// The published test suite's credential, scope and time.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-test-suite.html
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const scope = { region: "us-east-1", service: "service" };
const time = Date.UTC(2015, 7, 30, 12, 36, 0);

const signature = (headers: readonly string[]) => headers.at(-1)?.split("Signature=")[1];

test.each([
  ["get-vanilla", "GET", "/", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
  ["get-relative-relative", "GET", "/example1/example2/../..", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
  ["post-vanilla", "POST", "/", [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", [], "",
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "post-x-www-form-urlencoded", "POST", "/", ["Content-Type", "application/x-www-form-urlencoded"], "Param1=value1",
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
] as const)("signs the test suite's %s", (_name, method, target, headers, body, expected) => {
  const request = { method, target, headers: ["Host", "example.amazonaws.com", ...headers], body };
  expect(signature(sign(request, credentials, scope, time))).toBe(expected);
});

test("derives the key of the user guide's example", () => {
  const key = signingKey(credentials.secretAccessKey, "20150830", "us-east-1", "iam");
  expect(key.export().toString("hex")).toBe("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
});

test("adds the date, the session token and the authorization", () => {
  const request = { method: "GET", target: "/", headers: ["Host", "example.amazonaws.com"], body: undefined };
  const added = sign(request, { ...credentials, sessionToken: "token" }, scope, time);
  expect(added.slice(0, 5)).toEqual(["X-Amz-Date", "20150830T123600Z", "X-Amz-Security-Token", "token", "Authorization"]);
  expect(added[5]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
  );
});

test("signs what the SDK signs, whatever the path, query and body", async () => {
  const segment = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((s) => s.isWellFormed() && s !== "." && s !== "..");
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PUT", "DELETE"),
      fc.array(segment, { maxLength: 4 }),
      fc.dictionary(segment, segment, { maxKeys: 3 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom("lambda", "s3", "execute-api"),
      async (method, segments, query, body, service) => {
        const path = `/${segments.map(encodeURIComponent).join("/")}`;
        const encoded = Object.entries(query).map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`);
        const target = encoded.length > 0 ? `${path}?${encoded.join("&")}` : path;
        const signer = new SignatureV4({
          service, region: "eu-west-1", credentials, sha256: Sha256, uriEscapePath: service !== "s3", applyChecksum: service === "s3",
        });
        const signed = await signer.sign(
          {
            method, protocol: "http:", hostname: "h.test", path, query, body,
            headers: { host: "h.test" },
          } as never,
          { signingDate: new Date(time) },
        );
        const ours = sign({ method, target, headers: ["host", "h.test"], body }, credentials, { region: "eu-west-1", service }, time);
        expect(ours.at(-1)).toBe((signed as unknown as { headers: Record<string, string> }).headers["authorization"]);
      },
    ),
    { numRuns: 200 },
  );
});
