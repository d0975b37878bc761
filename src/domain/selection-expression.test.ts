import { expect, test } from "vitest";
import { parseSelection, type SelectionPart } from "./selection-expression.ts";

const text = (value: string): SelectionPart => ({ type: "text", text: value });
const body = (jsonPath: string): SelectionPart => ({ type: "requestBody", jsonPath });

// https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html, the table of examples
test.each<[string, readonly SelectionPart[]]>([
  ["$request.body.action", [body("$.action")]],
  ["${request.body.action}", [body("$.action")]],
  ["${request.body.service}/${request.body.action}", [body("$.service"), text("/"), body("$.action")]],
  ["${request.body.action}-${request.body.invalidPath}", [body("$.action"), text("-"), body("$.invalidPath")]],
  ["action", [text("action")]],
  ["\\$default", [text("$default")]],
  ["$default", [text("$default")]],
  ["$request.body", [body("$")]],
  ["$request.body[2]", [body("$[2]")]],
  ["$request.body.detail-type", [body("$.detail-type")]],
  ["$request.body..action", [body("$..action")]],
  ["${request.body['a b'].c}", [body("$['a b'].c")]],
  ["$request.body.a/$request.body.b", [body("$.a"), text("/"), body("$.b")]],
  ["a\\b\\$c", [text("a\\b$c")]],
  ["", []],
])("%s", (expression, parts) => {
  expect(parseSelection(expression, "request")).toEqual(parts);
  expect(parseSelection(expression, "response")).toEqual(parts);
});

test.each<[string, readonly SelectionPart[]]>([
  ["${integration.response.statuscode}", [{ type: "responseStatus" }]],
  ["$integration.response.header.content-type", [{ type: "responseHeader", name: "content-type" }]],
  ["${integration.response.multivalueheader.X-A}!", [{ type: "responseMultiValueHeader", name: "X-A" }, text("!")]],
  ["$integration.response.body.errorMessage", [{ type: "responseBody", jsonPath: "$.errorMessage" }]],
])("of responses alone: %s", (expression, parts) => {
  expect(parseSelection(expression, "response")).toEqual(parts);
  expect(parseSelection(expression, "request")).toBeUndefined();
});

test.each(["$", "$other", "${request.body", "${}", "$request.header.a", "${request.bodyaction}", "$integration.response.header", "$context.stage", "a$b"])(
  "no expression: %s",
  (expression) => {
    expect(parseSelection(expression, "request")).toBeUndefined();
    expect(parseSelection(expression, "response")).toBeUndefined();
  },
);

test("takes time in proportion to its length", () => {
  const start = performance.now();
  for (const piece of ["$", "${", "\\", "$request.body[", "$request.body.a", "a"]) parseSelection(piece.repeat(20_000), "response");
  expect(performance.now() - start).toBeLessThan(2_000);
});
