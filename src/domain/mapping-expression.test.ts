// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
import { describe, expect, test } from "vitest";
import { type MappingExpression, type MappingSide, parseMappingExpression, parseParameter } from "./mapping-expression.ts";

const REQUEST = "method.request";
const RESPONSE = "integration.response";

describe("where a value comes from", () => {
  const rows: readonly [text: string, side: MappingSide, expression: MappingExpression | undefined][] = [
    // The page's tables.
    ["method.request.path.id", REQUEST, { from: "path", name: "id" }],
    ["method.request.querystring.sort", REQUEST, { from: "querystring", name: "sort" }],
    ["method.request.multivaluequerystring.sort", REQUEST, { from: "multivaluequerystring", name: "sort" }],
    ["method.request.header.X-Id", REQUEST, { from: "header", name: "X-Id" }],
    ["method.request.multivalueheader.X-Id", REQUEST, { from: "multivalueheader", name: "X-Id" }],
    ["method.request.body", REQUEST, { from: "body" }],
    ["method.request.body.pets[0].name", REQUEST, { from: "bodyJsonPath", jsonPath: "$.pets[0].name" }],
    ["method.request.body[0]", REQUEST, { from: "bodyJsonPath", jsonPath: "$[0]" }],
    ["integration.response.header.Location", RESPONSE, { from: "header", name: "Location" }],
    ["integration.response.multivalueheader.Set-Cookie", RESPONSE, { from: "multivalueheader", name: "Set-Cookie" }],
    ["integration.response.body", RESPONSE, { from: "body" }],
    ["integration.response.body.errors[0]", RESPONSE, { from: "bodyJsonPath", jsonPath: "$.errors[0]" }],
    ["stageVariables.shop_1", REQUEST, { from: "stageVariables", name: "shop_1" }],
    ["context.authorizer.claims['custom:x']", RESPONSE, { from: "context", name: "authorizer.claims['custom:x']" }],
    ["'a value, \n of lines'", REQUEST, { from: "static", value: "a value, \n of lines" }],
    ["''", RESPONSE, { from: "static", value: "" }],
    ["'it's'", REQUEST, { from: "static", value: "it's" }],
    // Names have dots and dollars, too.
    ["method.request.header.a.b$c_d", REQUEST, { from: "header", name: "a.b$c_d" }],
    ["method.request.multivaluepath.id", REQUEST, { from: "multivaluepath", name: "id" }],
    // The other side's.
    ["integration.response.header.Location", REQUEST, undefined],
    ["method.request.header.X-Id", RESPONSE, undefined],
    ["method.request.body", RESPONSE, undefined],
    // What responses do not have.
    ["integration.response.path.id", RESPONSE, undefined],
    ["integration.response.querystring.sort", RESPONSE, undefined],
    // What there is not.
    ["method.request.cookie.a", REQUEST, undefined],
    ["method.request.header.", REQUEST, undefined],
    ["method.request.header", REQUEST, undefined],
    ["method.request.header.a b", REQUEST, undefined],
    ["method.request.header.a\n", REQUEST, undefined],
    ["method.request.bodypart", REQUEST, undefined],
    ["method.request.body.", REQUEST, undefined],
    ["method.request.body.a\nb", REQUEST, undefined],
    ["Method.request.header.a", REQUEST, undefined],
    ["method.request.params.a", REQUEST, undefined],
    ["method.input.params.a", REQUEST, undefined],
    ["stageVariables.a-b", REQUEST, undefined],
    ["stageVariables.", REQUEST, undefined],
    ["context.", REQUEST, undefined],
    ["context", REQUEST, undefined],
    ["'", REQUEST, undefined],
    ["'a", REQUEST, undefined],
    ["text", REQUEST, undefined],
    ["", REQUEST, undefined],
  ];
  test.each(rows)("%j of %s: %o", (text, side, expression) => {
    expect(parseMappingExpression(text, side)).toEqual(expression);
  });
});

describe("parameters that are declared or set", () => {
  const rows: readonly [text: string, side: Parameters<typeof parseParameter>[1], parameter: { location: string; name: string } | undefined][] = [
    ["method.request.path.id", "method.request", { location: "path", name: "id" }],
    ["method.request.querystring.sort", "method.request", { location: "querystring", name: "sort" }],
    ["method.request.header.X-Id", "method.request", { location: "header", name: "X-Id" }],
    ["method.response.header.X-Id", "method.response", { location: "header", name: "X-Id" }],
    ["integration.request.path.id", "integration.request", { location: "path", name: "id" }],
    ["integration.request.querystring.a.b", "integration.request", { location: "querystring", name: "a.b" }],
    ["integration.request.header.X-Id", "integration.request", { location: "header", name: "X-Id" }],
    ["gatewayresponse.header.X-Id", "gatewayresponse", { location: "header", name: "X-Id" }],
    ["method.input.params.id", "method.input", { location: "params", name: "id" }],
    // Of several values one is declared, and one is set.
    ["method.request.multivalueheader.X-Id", "method.request", undefined],
    ["integration.request.multivalueheader.X-Id", "integration.request", undefined],
    ["method.response.querystring.sort", "method.response", undefined],
    ["gatewayresponse.path.id", "gatewayresponse", undefined],
    ["method.request.header.X-Id", "integration.request", undefined],
    ["method.request.header.a b", "method.request", undefined],
    ["method.request.body", "method.request", undefined],
    ["method.request.header.", "method.request", undefined],
    ["", "method.request", undefined],
  ];
  test.each(rows)("%j of %s: %o", (text, side, parameter) => {
    expect(parseParameter(text, side)).toEqual(parameter);
  });
});
