// What of an execution's log does not depend on the execution.
import { describe, expect, it } from "vitest";
import { logTime, masked, truncated } from "./execution-log-text.ts";

describe("an execution log", () => {
  it("getting-started-lambda-non-proxy-integration: has the time as Java writes it, days with two digits", () => {
    expect(logTime(Date.UTC(2017, 7, 31, 1, 7, 25, 999))).toBe("Thu Aug 31 01:07:25 UTC 2017");
    expect(logTime(Date.UTC(2026, 2, 1))).toBe("Sun Mar 01 00:00:00 UTC 2026");
  });

  it.each([
    ["a".repeat(1024), "a".repeat(1024)],
    ["a".repeat(1025), `${"a".repeat(1024)} [TRUNCATED]`],
    ["é".repeat(512), "é".repeat(512)],
    [`a${"é".repeat(512)}`, `a${"é".repeat(511)} [TRUNCATED]`],
    ["😀".repeat(300), `${"😀".repeat(256)} [TRUNCATED]`],
    ["", ""],
  ])("api-gateway-known-issues: truncates events past 1024 bytes, between characters", (event, expected) => {
    expect(truncated(event)).toBe(expected);
  });

  it.each([
    ["AWS4-HMAC-SHA256 Credential=a, Signature=9372af27", `${"*".repeat(43)}72af27`],
    ["1234567", "*234567"],
    ["123456", "******"],
    ["", ""],
  ])("set-up-logging: masks secrets but for their last six characters, short ones whole", (secret, expected) => {
    expect(masked(secret)).toBe(expected);
  });
});
