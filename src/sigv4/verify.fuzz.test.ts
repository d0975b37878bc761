import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ReceivedRequest, verifyRequest } from "./verify.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "to/ken==" };
const expected = { region: "eu-west-1", service: "execute-api", now: NOW, skewMinutes: 5 };
const verify = (request: ReceivedRequest) => verifyRequest(request, expected, () => credentials);

interface Sent {
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((s) => s.isWellFormed() && s !== "." && s !== "..");
const sent: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
  segments: fc.array(text, { maxLength: 4 }),
  query: fc.dictionary(
    text.filter((name) => !/^x-amz-/i.test(name) && name !== "__proto__"),
    fc.oneof(text, fc.constant(""), fc.array(fc.oneof(text, fc.constant("")), { minLength: 1, maxLength: 3 })),
    { maxKeys: 3 },
  ),
  body: fc.uint8Array({ maxLength: 20 }),
});

/** Signs or presigns as the SDK does, and gives what would be received. */
async function signed({ method, segments, query, body }: Sent, presign: boolean): Promise<ReceivedRequest> {
  const signer = new SignatureV4({ service: "execute-api", region: "eu-west-1", credentials, sha256: Sha256, applyChecksum: false });
  const path = `/${segments.map(encodeURIComponent).join("/")}`;
  const request = { method, protocol: "http:", hostname: "h.test", path, query, body, headers: { host: "h.test", "x-custom": " a  b " } };
  const options = { signingDate: new Date(NOW) };
  const result = (await (presign ? signer.presign(request, { ...options, expiresIn: 60 }) : signer.sign(request, options))) as unknown as {
    query: Record<string, string | string[]>;
    headers: Record<string, string>;
  };
  const pairs = Object.entries(result.query).flatMap(([name, value]) =>
    [value].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`),
  );
  const target = pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
  return { method, target, headers: Object.entries(result.headers).flat(), body };
}

test("what the SDK signs is verified, and refused when any one place of it is another", async () => {
  await fc.assert(
    fc.asyncProperty(sent, fc.boolean(), fc.nat(), async (request, presign, where) => {
      const received = await signed(request, presign);
      expect(await verify(received)).toMatchObject({ kind: "verified" });
      const tampered = tamper(received, where);
      if (tampered !== undefined) expect(await verify(tampered)).toMatchObject({ kind: "refused" });
    }),
    { numRuns: 300 },
  );
});

/** Changes a character of the query's values or names, a header, the body or the method. */
function tamper(request: ReceivedRequest, where: number): ReceivedRequest | undefined {
  const { method, target, headers, body } = request;
  const place = where % 4;
  if (place === 0) return { ...request, method: method === "GET" ? "POST" : "GET" };
  if (place === 1) return { ...request, body: Buffer.concat([body as Uint8Array, Buffer.from("x")]) };
  if (place === 2) {
    const i = (where % (headers.length / 2)) * 2 + 1;
    return { ...request, headers: headers.map((value, j) => (j === i ? `${value}x` : value)) };
  }
  const at = where % target.length;
  const character = target[at] as string;
  // Of an escape or a separator a change may be none: `&` twice is `&` once.
  if (!/[a-z]/i.test(character) || target[at - 1] === "%" || target[at - 2] === "%") return undefined;
  const other = character === "q" ? "w" : "q";
  return { ...request, target: target.slice(0, at) + other + target.slice(at + 1) };
}

test("whatever is received, the answer is a refusal and never an exception", async () => {
  const name = fc.constantFrom("Authorization", "X-Amz-Date", "Date", "X-Amz-Security-Token", "Host", "X-Amz-Region-Set");
  const piece = fc.constantFrom(
    "AWS4-HMAC-SHA256 ", "AWS4-ECDSA-P256-SHA256 ", "Credential=", "a/20260102/eu-west-1/execute-api/aws4_request", "a/20260102/execute-api/aws4_request",
    ", SignedHeaders=", "host;x-amz-date", ", Signature=", "00".repeat(32), "3006020100020100", "20260102T030405Z", ";", "eu-*",
  );
  const value = fc.array(fc.oneof({ weight: 4, arbitrary: piece }, { weight: 1, arbitrary: fc.string() }), { maxLength: 7 }).map((parts) => parts.join(""));
  const headers = fc.array(fc.tuple(name, value), { maxLength: 5 }).map((pairs) => pairs.flat());
  await fc.assert(
    fc.asyncProperty(headers, fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), async (list, target, body) => {
      const received = { method: "GET", target: `/${target}`, headers: list, body };
      expect(await verifyRequest(received, expected, () => ({ secretAccessKey: "secret" }))).toMatchObject({ kind: "refused" });
    }),
    { numRuns: 500 },
  );
});
