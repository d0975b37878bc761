import { expect, test } from "vitest";
import { parseRouteKey, routePattern } from "./route-key.ts";

const literal = (text: string) => ({ type: "literal", text });
const variable = (name: string) => ({ type: "variable", name });

test.each([
  ["$default", { type: "default" }, "$default"],
  ["GET /", { type: "path", method: "GET", path: "/", segments: [] }, "GET /"],
  ["ANY /{proxy+}", { type: "path", method: "ANY", path: "/{proxy+}", segments: [{ type: "greedy", name: "proxy" }] }, "ANY /{+}"],
  [
    "GET /pets/{petId}/toys/{toy-id}",
    { type: "path", method: "GET", path: "/pets/{petId}/toys/{toy-id}", segments: [literal("pets"), variable("petId"), literal("toys"), variable("toy-id")] },
    "GET /pets/{}/toys/{}",
  ],
  ["DELETE /pets/", { type: "path", method: "DELETE", path: "/pets/", segments: [literal("pets"), literal("")] }, "DELETE /pets/"],
  ["GET /a.b:c@d", { type: "path", method: "GET", path: "/a.b:c@d", segments: [literal("a.b:c@d")] }, "GET /a.b:c@d"],
])("%s", (key, expected, pattern) => {
  const parsed = parseRouteKey(key);
  expect(parsed).toEqual(expected);
  expect(parsed && routePattern(parsed)).toBe(pattern);
});

test.each(["", "GET", "GET  /", "get /", "TRACE /", "/pets", "GET pets", "GET /a b", "GET /{a+}/b", "GET /{a}{b}", "GET /x{a}", "GET /{}", "GET //a", "GET /{a}/{a}", "$connect", "$default "])(
  "%j is no route key",
  (key) => expect(parseRouteKey(key)).toBeUndefined(),
);
