import { describe, expect, it } from "vitest";
import type { SelectionSide } from "../../domain/selection-expression.ts";
import type { BackendAnswer, EarlyWebSocketFacts } from "./facts.ts";
import { compileSelection } from "./selection.ts";

const over = (message: string) => ({ body: Buffer.from(message), requestDocument: undefined }) as EarlyWebSocketFacts;
const ANSWER: BackendAnswer = { status: 201, headers: ["X-Kind", "a", "x-kind", "b"], body: Buffer.from('{"errorMessage":"boom"}'), functionError: undefined, document: undefined };

function keyOf(expression: string, message: string, side: SelectionSide = "request"): string {
  return compileSelection(expression, side)(over(message), side === "response" ? ANSWER : undefined);
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html, the table of expressions.
describe("the guide's examples", () => {
  const message = '{"service":"chat","action":"join","data":{"room":"room1234"}}';

  it.each([
    ["$request.body.action", "join"],
    ["${request.body.action}", "join"],
    ["${request.body.service}/${request.body.action}", "chat/join"],
    ["${request.body.action}-${request.body.invalidPath}", "join-"],
    ["action", "action"],
    [String.raw`\$default`, "$default"],
    ["$request.body.data.room", "room1234"],
  ])("%s comes to %j", (expression, key) => {
    expect(keyOf(expression, message)).toBe(key);
  });
});

describe("values that are no texts", () => {
  it.each([
    ["an array, as the guide presents it", '["item1","item2"]', "[item1, item2]"],
    ["an object", '{"a":1}', "{a=1}"],
    ["a number", "12", "12"],
    ["true", "true", "true"],
    ["null", "null", ""],
  ])("%s", (_, value, key) => {
    expect(keyOf("$request.body.x", `{"x":${value}}`)).toBe(key);
  });
});

describe("an answer", () => {
  it.each([
    ["${integration.response.statuscode}", "201"],
    ["${integration.response.header.x-kind}", "b"],
    ["${integration.response.multivalueheader.x-kind}", "a,b"],
    ["$integration.response.body.errorMessage", "boom"],
    ["${request.body.a}/${integration.response.statuscode}", "1/201"],
  ])("%s comes to %j", (expression, key) => {
    expect(keyOf(expression, '{"a":1}', "response")).toBe(key);
  });
});

it("what is none is refused", () => {
  expect(() => compileSelection("$request.header.x", "request")).toThrow(TypeError);
});
