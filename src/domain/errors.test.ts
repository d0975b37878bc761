import { expect, test } from "vitest";
import { badRequest } from "./errors.ts";

test("a message has a bound, past which its middle is left out", () => {
  expect(badRequest("a".repeat(250_000)).message).toBe("a".repeat(250_000));
  const long = `${"a".repeat(200_000)}${"b".repeat(1_000_000)}${"c".repeat(50_000)}`;
  expect(badRequest(long).message).toBe(`${"a".repeat(200_000)}...${"c".repeat(50_000)}`);
});
