// Both readers of HTTP/1.1 make the same of the same bytes, but for what has a name. The long form: test/long/http1-agreement.ts.
import fc from "fast-check";
import { expect, test } from "vitest";
import { disagreements, ruleFor } from "./http1-agreement.ts";
import { anything } from "./http1-bytes.ts";

test("what a parser of our own and node:http read of the same bytes differs by named rules alone", async () => {
  const found = await disagreements(fc.sample(anything, 400));
  expect(found.filter((one) => ruleFor(one) === undefined)).toEqual([]);
});
