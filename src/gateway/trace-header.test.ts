// xray-concepts: the tracing header, as services, SDKs and load balancers write it.
import { expect, test } from "vitest";
import { formatTraceHeader, parseTraceHeader } from "./trace-header.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "53995c3f42cd8ad8";

test.each([
  [`Root=${ROOT}`, { root: ROOT, parent: undefined, sampled: undefined }],
  [`Root=${ROOT};Sampled=1`, { root: ROOT, parent: undefined, sampled: true }],
  [`Root=${ROOT};Parent=${PARENT};Sampled=0`, { root: ROOT, parent: PARENT, sampled: false }],
  [`Root=${ROOT};Parent=${PARENT};Sampled=?`, { root: ROOT, parent: PARENT, sampled: undefined }],
  // What Lambda answers, and a load balancer adds.
  [`sampled=1;root=${ROOT}`, { root: ROOT, parent: undefined, sampled: true }],
  [`Self=1-67891234-12456789abcdef012345678; Root=${ROOT} ; CalledFrom=app;Lineage=5f238176:0`, { root: ROOT, parent: undefined, sampled: undefined }],
  [`Root=${ROOT};Parent=short;Sampled=11`, { root: ROOT, parent: undefined, sampled: undefined }],
  [`Root=${ROOT}0;Sampled=1`, undefined],
  ["Sampled=1", undefined],
  ["", undefined],
  [";".repeat(10_000), undefined],
])("%s", (value, expected) => {
  expect(parseTraceHeader(value)).toEqual(expected);
});

test.each([
  [{ root: ROOT, parent: undefined, sampled: undefined }, `Root=${ROOT}`],
  [{ root: ROOT, parent: undefined, sampled: false }, `Root=${ROOT};Sampled=0`],
  [{ root: ROOT, parent: PARENT, sampled: true }, `Root=${ROOT};Parent=${PARENT};Sampled=1`],
])("%j is written as %s", (header, expected) => {
  expect(formatTraceHeader(header)).toBe(expected);
});
