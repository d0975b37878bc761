import { expect, test } from "vitest";
import { isReservedHeader, type MappingSide, parseMappingTarget, parseMappingValue } from "./parameter-mapping.ts";

test.each<[string, MappingSide, object | undefined]>([
  ["append:header.header1", "request", { action: "append", location: "header", name: "header1" }],
  ["overwrite:header.x.y", "response", { action: "overwrite", location: "header", name: "x.y" }],
  ["remove:querystring.a[b]", "request", { action: "remove", location: "querystring", name: "a[b]" }],
  ["overwrite:path", "request", { action: "overwrite", location: "path" }],
  ["overwrite:statuscode", "response", { action: "overwrite", location: "statuscode" }],
  ["overwrite:path", "response", undefined],
  ["overwrite:statuscode", "request", undefined],
  ["append:path", "request", undefined],
  ["append:querystring.a", "response", undefined],
  ["append:body", "request", undefined],
  ["append:header.", "request", undefined],
  ["append:header.a b", "request", undefined],
  ["append:header.ä", "request", undefined],
  ["header.a", "request", undefined],
  ["append:overwrite.static", "response", undefined],
])("the key %s of a %s", (key, side, expected) => {
  expect(parseMappingTarget(key, side)).toEqual(expected);
});

const text = (value: string) => ({ type: "text", text: value });

test.each<[string, MappingSide, object[] | undefined]>([
  ["", "request", [text("")]],
  ["static", "request", [text("static")]],
  ["''", "request", [text("''")]],
  ["$request.header.header1", "request", [{ type: "header", name: "header1" }]],
  ["$request.querystring.Name", "request", [{ type: "querystring", name: "Name" }]],
  ["$request.body", "request", [{ type: "body" }]],
  ["$request.body.pet.names[0]", "request", [{ type: "body", jsonPath: "$.pet.names[0]" }]],
  ["$request.body['a']", "request", [{ type: "body", jsonPath: "$['a']" }]],
  ["$request.path", "request", [{ type: "path" }]],
  ["$request.path.petId", "request", [{ type: "pathVariable", name: "petId" }]],
  ["$context.authorizer.claims.email-id", "request", [{ type: "context", name: "authorizer.claims.email-id" }]],
  ["$stageVariables.environmentId", "response", [{ type: "stageVariable", name: "environmentId" }]],
  ["$response.header.a", "response", [{ type: "header", name: "a" }]],
  ["$response.body.a", "response", [{ type: "body", jsonPath: "$.a" }]],
  ["${request.path.name} of ${stageVariables.shop}!", "request", [{ type: "pathVariable", name: "name" }, text(" of "), { type: "stageVariable", name: "shop" }, text("!")]],
  ["{}", "request", [text("{}")]],
  ["/v2/$request.path.proxy", "request", [text("/v2/"), { type: "pathVariable", name: "proxy" }]],
  ["/$request.path.id/toys", "request", [text("/"), { type: "pathVariable", name: "id" }, text("/toys")]],
  ["$request.path.id/toys", "request", [{ type: "pathVariable", name: "id" }, text("/toys")]],
  ["/$stageVariables.shop/${request.path.id}", "request", [text("/"), { type: "stageVariable", name: "shop" }, text("/"), { type: "pathVariable", name: "id" }]],
  ["is $5", "request", [text("is $5")]],
  ["$5", "request", undefined],
  ["a $request.nothing", "request", undefined],
  // http-api-parameter-mapping: of special characters, context variables have . and _ alone.
  ["$context.authorizer.claims.cognito:groups", "request", undefined],
  ["a $context.authorizer.claims.cognito:groups", "request", undefined],
  ["a $response.header.b", "request", undefined],
  // http-api-parameter-mapping: recursive descent and filter expressions are not supported.
  ["$request.body..name", "request", undefined],
  ["$request.body[?(@.a)]", "request", undefined],
  ["$request.cookie.a", "request", undefined],
  ["$request.header", "request", undefined],
  ["$request", "request", undefined],
  ["$response.header.a", "request", undefined],
  ["$request.header.a", "response", undefined],
  ["$response.path", "response", undefined],
  ["$stageVariables.a.b", "request", undefined],
  ["$context.", "request", undefined],
  ["$nothing", "request", undefined],
  ["a ${request.nothing}", "request", undefined],
])("the value %s of a %s", (value, side, expected) => {
  expect(parseMappingValue(value, side)).toEqual(expected);
});

test.each(["Authorization", "connection", "X-Forwarded-For", "Access-Control-Allow-Origin", "apigw-requestid", "x-amz-date", "X-Amzn-Trace-Id", "Via", "TE", "Trailers", "Origin"])(
  "http-api-mapping-reserved-headers: %s is reserved",
  (name) => expect(isReservedHeader(name)).toBe(true),
);

test.each(["host", "x-api-key", "content-type", "x-amzon", "trailer"])("%s is not reserved", (name) => expect(isReservedHeader(name)).toBe(false));
