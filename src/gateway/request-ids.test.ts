import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { extendedRequestId, traceRoot } from "./request-ids.ts";

it("the extended id is the first 11 bytes of the request id in base64 for URLs", () => {
  for (const id of ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", ...Array.from({ length: 500 }, () => randomUUID())]) {
    const bytes = Buffer.from(id.replaceAll("-", ""), "hex").subarray(0, 11);
    expect(extendedRequestId(id)).toBe(`${bytes.toString("base64url")}=`);
    expect(extendedRequestId(id.toUpperCase())).toBe(extendedRequestId(id));
  }
});

it("a trace begins with its second in eight digits", () => {
  const id = "11111111-2222-4333-8444-555555555555";
  const roots = [1_583_349_317_135, 1_583_349_317_999, 1_583_349_318_000, 0].map((ms) => traceRoot(id, ms));
  const rest = "222243338444555555555555";
  expect(roots).toEqual([`1-5e5ffe45-${rest}`, `1-5e5ffe45-${rest}`, `1-5e5ffe46-${rest}`, `1-00000000-${rest}`]);
});
