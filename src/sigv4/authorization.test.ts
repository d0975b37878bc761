import { expect, test } from "vitest";
import { parseAuthorization } from "./authorization.ts";

const read = (headers: Record<string, string>, query = "") => parseAuthorization({ query, header: (name) => headers[name] });
const good = "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/apigateway/aws4_request, SignedHeaders=Host;x-amz-date, Signature=abc";
const date = { "x-amz-date": "20150830T123600Z" };

test("reads the header", () => {
  expect(read({ ...date, authorization: good, "x-amz-security-token": "t" })).toEqual({
    kind: "signed", algorithm: "AWS4-HMAC-SHA256", accessKeyId: "AKID", date: "20150830", region: "us-east-1", service: "apigateway",
    signedHeaders: ["host", "x-amz-date"], signature: "abc", time: "20150830T123600Z", presigned: false, securityToken: "t",
  });
});

test("reads the header without blanks after the commas, and a Date header", () => {
  expect(read({ date: "Sun, 30 Aug 2015 12:36:00 GMT", authorization: good.replaceAll(", ", ",") })).toMatchObject({
    kind: "signed", time: "Sun, 30 Aug 2015 12:36:00 GMT",
  });
});

test("reads a presigned query", () => {
  const query = "a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20150830%2Feu-west-1%2Fexecute-api%2Faws4_request" +
    "&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=abc";
  expect(read({}, query)).toEqual({
    kind: "signed", algorithm: "AWS4-HMAC-SHA256", accessKeyId: "AKID", date: "20150830", region: "eu-west-1", service: "execute-api",
    signedHeaders: ["host"], signature: "abc", time: "20150830T123600Z", presigned: true, expires: "60",
  });
});

test("reads SigV4a, whose scope names no region", () => {
  const header = "AWS4-ECDSA-P256-SHA256 Credential=AKID/20150830/apigateway/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc";
  expect(read({ authorization: header, "x-amz-date": "20150830T123600Z" })).toEqual({
    kind: "signed", algorithm: "AWS4-ECDSA-P256-SHA256", accessKeyId: "AKID", date: "20150830", service: "apigateway",
    signedHeaders: ["host", "x-amz-date"], signature: "abc", time: "20150830T123600Z", presigned: false,
  });
  const five = header.replace("AKID/20150830", "AKID/20150830/us-east-1");
  expect(read({ authorization: five, "x-amz-date": "20150830T123600Z" })).toEqual({
    kind: "invalid", code: "IncompleteSignatureException",
    message: "Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, got 'AKID/20150830/us-east-1/apigateway/aws4_request'",
  });
});

test("none is missing", () => {
  expect(read({})).toEqual({ kind: "missing" });
});

const scope = (value: string) => good.replace(/Credential=[^,]*/, `Credential=${value}`);
test.each([
  ["empty", "", "IncompleteSignatureException", "Authorization header cannot be empty"],
  [
    "another scheme", "Basic abc", "IncompleteSignatureException",
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
      "Authorization header requires 'SignedHeaders' parameter. " +
      "(Hashed with SHA-256 and encoded with Base64) Authorization=TJEi8nT5R7/CHd/PuSAQ2LPn0AUzC0+zJFtXEpti2GE=",
  ],
  [
    "no equal-sign", "AWS4-HMAC-SHA256 Credential", "IncompleteSignatureException",
    "Invalid key=value pair (missing equal-sign) in Authorization header " +
      "(hashed with SHA-256 and encoded with Base64): 'KfSoC26UaBDGXxo5AUFS45c1cmAbyLKDOxOTKcZYWt4='.",
  ],
  [
    "six elements", scope("a/b/20150830/us-east-1/apigateway/aws4_request"), "IncompleteSignatureException",
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got " +
      "'a/b/20150830/us-east-1/apigateway/aws4_request'",
  ],
  [
    "a bad terminator", scope("a/20150830/us-east-1/apigateway/aws3_request"), "InvalidSignatureException",
    "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3_request'. ",
  ],
  [
    "a bad region", scope("a/20150830/US_EAST/apigateway/aws4_request"), "InvalidSignatureException",
    "Credential should be scoped to a valid region, not 'US_EAST'. ",
  ],
])("%s is refused in AWS's words", (_name, authorization, code, message) => {
  expect(read({ ...date, authorization })).toEqual({ kind: "invalid", code, message });
});

test("without a date, the header is incomplete", () => {
  expect(read({ authorization: good })).toMatchObject({
    kind: "invalid",
    message: expect.stringContaining("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.") as string,
  });
});

test("a presigned query without its parts names them", () => {
  expect(read({}, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20150830T123600Z&X-Amz-Signature=a")).toEqual({
    kind: "invalid", code: "IncompleteSignatureException",
    message: "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-SignedHeaders'.",
  });
});
