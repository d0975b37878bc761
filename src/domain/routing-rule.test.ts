import { expect, test } from "vitest";
import { matchesGlob } from "./routing-rule.ts";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html, wildcards in header conditions
test.each<[string, readonly string[], readonly string[]]>([
  ["World", ["World"], ["world", "World!", " World", ""]],
  ["a*", ["a", "alpha", "account"], ["b", "ba", "A", ""]],
  ["*a", ["a", "alpha", "beta"], ["b", "ab", ""]],
  ["*a*", ["a", "alpha", "bad"], ["b", ""]],
  ["*", ["", "a", "anything at all"], []],
  ["**", ["", "a"], []],
  ["a*b", ["a*b"], ["ab", "axb"]],
  ["Dog-*", ["Dog-Bella"], ["Dog", "dog-Bella"]],
])("%s", (glob, matching, others) => {
  for (const value of matching) expect([value, matchesGlob(value, glob)]).toEqual([value, true]);
  for (const value of others) expect([value, matchesGlob(value, glob)]).toEqual([value, false]);
});
