import fc from "fast-check";
import { expect, test } from "vitest";
import { lambda } from "../../model/lambda.gen.ts";
import { decodeValue } from "./decode-value.ts";
import { parseJson } from "./parse-json.ts";

const blob = (text: string) => decodeValue(text, "blob", lambda) as Buffer;

test("decodes Base64 with and without padding, to the byte", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(blob(text)).toEqual(Buffer.from(bytes));
      expect(blob(text.replace(/=+$/, ""))).toEqual(Buffer.from(bytes));
    }),
  );
});

test.each(["A", "AA=", "AAA==", "AAAA=", "AA==AA==", "====", "=", "A A=", "AA-_", "\u00e9A=="])("%j is not Base64", (text) => {
  expect(() => blob(text)).toThrow("A blob must be encoded in Base64.");
});

test("takes blobs of many megabytes", () => {
  const zip = Buffer.alloc(16 * 1024 * 1024, 7);
  const body = Buffer.from(JSON.stringify({ ZipFile: zip.toString("base64") }));
  const decoded = decodeValue(parseJson(body), "FunctionCode", lambda) as { ZipFile: Buffer };
  expect(decoded.ZipFile.equals(zip)).toBe(true);
});

test("brackets in strings are not nesting, however they are quoted", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("[", "{", "\\", '"', "x"), { maxLength: 300 }), (parts) => {
      const value = { text: parts.join("") };
      expect(parseJson(Buffer.from(JSON.stringify(value)))).toEqual(value);
    }),
  );
});

test("a hundred levels are taken, one more is not", () => {
  const nested = (levels: number) => Buffer.from("[".repeat(levels) + "]".repeat(levels));
  expect(() => parseJson(nested(100))).not.toThrow();
  expect(() => parseJson(nested(101))).toThrow("The request body is nested more than 100 levels deep.");
});
