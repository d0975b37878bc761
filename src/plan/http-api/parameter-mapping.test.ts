// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { httpStage } from "../../../test/harness/http-api.ts";
import type { HttpFacts, HttpResponseFacts } from "./facts.ts";
import { mapHeaders, mappedHost, mappedPath, mappedStatus, mapQuery } from "./mapped-parameters.ts";
import { compileRequestMapping, compileResponseMappings } from "./parameter-mapping.ts";

const stage = httpStage({ routes: { "GET /pets/{id}/{proxy+}": "http://127.0.0.1" }, stage: { stageName: "prod", stageVariables: { color: "red" } } });
const routed = stage.route("/pets/a%20b/c/d%2Fe", "GET");
if (routed === undefined) throw new Error("no such route");

const scope = { variables: routed.route.variables, stageVariables: stage.stageVariables };

const factsOf = (parts: Partial<HttpFacts> = {}): HttpFacts => ({
  stage,
  route: routed.route,
  pathValues: routed.pathValues,
  requestId: "ERERESIiQzOERFU=",
  receivedAt: Date.UTC(2020, 2, 4, 19, 15, 17, 135),
  httpMethod: "GET",
  protocol: "HTTP/1.1",
  path: "/prod/pets/a%20b/c/d%2Fe",
  stagePath: "/pets/a%20b/c/d%2Fe",
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  sourceIp: "192.0.2.1",
  headers: ["X-One", "1", "x-one", "2", "User-Agent", "curl/8", "Empty", ""],
  rawQuery: "q=1&q=a+b&Q=3&empty=",
  query: undefined,
  body: Buffer.from(JSON.stringify({ name: "Rex", tags: ["a", "b"], owner: { id: 7, since: 1.5, nice: true }, none: null })),
  requestDocument: undefined,
  authorizer: { context: undefined, principalId: undefined, claims: { sub: "user-1", "email-id": "a@b" }, scopes: undefined, error: undefined },
  identity: undefined,
  basePathMatched: undefined,
  ...parts,
});

/** What a value is in a header; undefined where there is none. */
function mapped(value: string, facts = factsOf()): string | undefined {
  const headers: string[] = [];
  mapHeaders(headers, compileRequestMapping({ "append:header.x": value }, scope)?.headers ?? [], facts);
  return headers[1];
}

describe("the value", () => {
  it.each([
    ["$request.header.X-One", "1,2"],
    ["$request.header.x-ONE", "1,2"],
    ["$request.header.empty", ""],
    ["$request.header.other", undefined],
    ["$request.querystring.q", "1,a b"],
    ["$request.querystring.Q", "3"],
    ["$request.querystring.empty", ""],
    ["$request.querystring.other", undefined],
    ["$request.path", "/pets/a%20b/c/d%2Fe"],
    ["$request.path.id", "a b"],
    ["$request.path.proxy", "c/d/e"],
    ["$request.path.other", undefined],
    ["$request.body.name", "Rex"],
    ["$request.body.tags", '["a","b"]'],
    ["$request.body.tags[1]", "b"],
    ["$request.body['name']", "Rex"],
    ["$request.body.owner", '{"id":7,"since":1.5,"nice":true}'],
    ["$request.body.owner.id", "7"],
    ["$request.body.owner.since", "1.5"],
    ["$request.body.owner.nice", "true"],
    ["$request.body.none", undefined],
    ["$request.body.other", undefined],
    ["$request.body.name.first", undefined],
    ["$context.requestId", "ERERESIiQzOERFU="],
    ["$context.identity.sourceIp", "192.0.2.1"],
    ["$context.routeKey", "GET /pets/{id}/{proxy+}"],
    ["$context.stage", "prod"],
    ["$context.authorizer.claims.sub", "user-1"],
    ["$context.authorizer.claims.email-id", "a@b"],
    ["$context.authorizer.claims.other", undefined],
    ["$context.authorizer", undefined],
    ["$context.nothing", undefined],
    ["$stageVariables.color", "red"],
    ["$stageVariables.other", undefined],
    ["$stageVariables.toString", undefined],
    ["static", "static"],
    ["''", "''"],
    ["{static}", "{static}"],
    ["${request.path.id}", "a b"],
    ["${request.path.id} ${request.querystring.Q}", "a b 3"],
    ["<${stageVariables.color}-${context.requestId}>", "<red-ERERESIiQzOERFU=>"],
    ["Bearer ${request.header.other}", undefined],
  ])("%s", (value, expected) => expect(mapped(value)).toBe(expected));

  it("$request.body is the whole body, and an empty one an empty text", () => {
    expect(mapped("$request.body", factsOf({ body: Buffer.from("hé\nllo") }))).toBe("hé llo");
    expect(mapped("$request.body", factsOf({ body: Buffer.alloc(0) }))).toBe("");
    expect(mapped("$request.body.a", factsOf({ body: Buffer.alloc(0) }))).toBeUndefined();
    expect(mapped("$request.body.a", factsOf({ body: Buffer.from("a=1&b=2") }))).toBeUndefined();
  });

  it("API Gateway truncates the request body at 100 KB and then applies the selection expression", () => {
    const json = (bytes: number) => Buffer.from(`{"a":"1","b":"${"x".repeat(bytes - 16)}"}`);
    expect(json(102_400)).toHaveLength(102_400);
    expect(mapped("$request.body.a", factsOf({ body: json(102_400) }))).toBe("1");
    expect(mapped("$request.body.a", factsOf({ body: json(102_401) }))).toBeUndefined();
    expect(mapped("$request.body", factsOf({ body: json(102_401) }))).toHaveLength(102_401);
  });
});

describe("request headers", () => {
  const given = ["Host", "h", "Header1", "a", "header1", "b", "Other", "c"];

  function headersWith(mappings: Record<string, string>): readonly string[] {
    const headers = [...given];
    mapHeaders(headers, compileRequestMapping(mappings, scope)?.headers ?? [], factsOf());
    return headers;
  }

  it.each<[key: string, value: string, expected: readonly string[]]>([
    ["append:header.header1", "$context.requestId", [...given, "header1", "ERERESIiQzOERFU="]],
    ["append:header.header1", "$request.header.missing", given],
    ["overwrite:header.header1", "z", ["Host", "h", "Other", "c", "header1", "z"]],
    ["overwrite:header.New", "z", [...given, "New", "z"]],
    // What a mapping is to overwrite is never the client's to say.
    ["overwrite:header.header1", "$context.authorizer.claims.missing", ["Host", "h", "Other", "c"]],
    ["remove:header.HEADER1", "''", ["Host", "h", "Other", "c"]],
    ["remove:header.missing", "", given],
    // Line ends cannot stand in a header.
    ["append:header.a", "1\r\nB: 2", [...given, "a", "1  B: 2"]],
    // Reserved headers, and those of the connection, stay as they are.
    ...["Authorization", "Connection", "Content-Length", "X-Forwarded-For", "via", "apigw-x", "x-amz-date", "x-amzn-trace-id", "Expect", "Trailer", "Proxy-Connection"].map(
      (name): [string, string, readonly string[]] => [`overwrite:header.${name}`, "z", given],
    ),
  ])("%s: %s", (key, value, expected) => expect(headersWith({ [key]: value })).toEqual(expected));

  it("are removed first, then overwritten, then appended to, however the mappings are ordered", () => {
    const mappings = { "append:header.a": "1", "overwrite:header.a": "2", "remove:header.a": "", "append:header.header2": "$request.header.x-one", "remove:header.header1": "''" };
    expect(headersWith(mappings)).toEqual(["Host", "h", "Other", "c", "a", "2", "a", "1", "header2", "1,2"]);
  });

  it.each([
    ["overwrite:header.Host", "example.com:8080", "example.com:8080"],
    ["append:header.host", "${stageVariables.color}.example.com", "red.example.com"],
    ["overwrite:header.host", "a b", undefined],
    ["overwrite:header.host", "example.com/x", undefined],
    ["overwrite:header.host", "$request.header.missing", undefined],
    ["remove:header.host", "", undefined],
  ])("keep one Host: %s: %s", (key, value, expected) => {
    const mapping = compileRequestMapping({ [key]: value }, scope);
    expect(mapping && mappedHost(mapping, factsOf())).toBe(expected);
    expect(headersWith({ [key]: value })).toEqual(given);
  });
});

describe("query strings", () => {
  it.each([
    ["append:querystring.x", "1 & 2", "q=1&q=a+b&Q=3&empty=&x=1%20%26%202"],
    ["append:querystring.q", "$request.querystring.q", "q=1&q=a+b&Q=3&empty=&q=1%2Ca%20b"],
    ["append:querystring.x", "$request.querystring.missing", "q=1&q=a+b&Q=3&empty="],
    ["overwrite:querystring.q", "z", "Q=3&empty=&q=z"],
    ["overwrite:querystring.q", "$request.querystring.missing", "Q=3&empty="],
    ["remove:querystring.q", "''", "Q=3&empty="],
    ["remove:querystring.missing", "''", "q=1&q=a+b&Q=3&empty="],
    ["append:querystring.a[b]", "é", "q=1&q=a+b&Q=3&empty=&a%5Bb%5D=%C3%A9"],
  ])("%s: %s", (key, value, expected) => {
    const mapping = compileRequestMapping({ [key]: value }, scope);
    expect(mapping && mapQuery(factsOf().rawQuery, mapping, factsOf())).toBe(expected);
  });

  it.each([
    ["", "x=1"],
    ["%71=1&b", "b&x=1"],
    ["a=1;q=2", "a=1&x=1"],
    ["q", "x=1"],
    ["q=1&&", "x=1"],
  ])("of %j without q and with x", (query, expected) => {
    const mapping = compileRequestMapping({ "remove:querystring.q": "", "append:querystring.x": "1" }, scope);
    expect(mapping && mapQuery(query, mapping, factsOf())).toBe(expected);
  });
});

describe("paths", () => {
  it.each([
    ["/static", "/static"],
    ["static", "/static"],
    ["$request.path", "/pets/a%20b/c/d%2Fe"],
    ["/v2/${request.path.proxy}", "/v2/c/d%2Fe"],
    ["/v2/${request.path.id}", "/v2/a%20b"],
    ["/v2/$request.path.proxy", "/v2/c/d%2Fe"],
    ["/$stageVariables.color/$request.path.id/toys", "/red/a%20b/toys"],
    ["/${request.querystring.q}", "/1,a%20b"],
    ["/a?b#c", "/a%3Fb%23c"],
    ["/100%", "/100%25"],
    ["/a\r\nb", "/a%0D%0Ab"],
    ["/é", "/%C3%A9"],
    ["", "/"],
    ["$request.path.missing", undefined],
  ])("overwrite:path: %j", (value, expected) => {
    const mapping = compileRequestMapping({ "overwrite:path": value }, scope);
    expect(mapping && mappedPath(mapping, factsOf())).toBe(expected);
  });
});

describe("responses", () => {
  const response = (parts: Partial<HttpResponseFacts> = {}): HttpResponseFacts => ({
    request: factsOf(),
    status: 200,
    headers: ["Set-Cookie", "a=1", "set-cookie", "b=2", "Date", "now"],
    body: '{"name":"Rex","list":[1,2]}',
    document: undefined,
    ...parts,
  });

  function headersWith(mappings: Record<string, string>, facts = response()): readonly string[] {
    const headers = [...facts.headers];
    mapHeaders(headers, compileResponseMappings({ 200: mappings }, scope)?.get(200)?.headers ?? [], facts);
    return headers.slice(6);
  }

  it.each([
    ["$response.header.set-cookie", "a=1,b=2"],
    ["$response.header.missing", undefined],
    ["$response.body", '{"name":"Rex","list":[1,2]}'],
    ["$response.body.name", "Rex"],
    ["$response.body.list[0]", "1"],
    ["$response.body.missing", undefined],
    ["$context.requestId", "ERERESIiQzOERFU="],
    ["$stageVariables.color", "red"],
    ["static", "static"],
    ["${response.body.name} is ${stageVariables.color}", "Rex is red"],
    ["$request.header.x-one", undefined],
  ])("append:header.x: %s", (value, expected) => expect(headersWith({ "append:header.x": value })).toEqual(expected === undefined ? [] : ["x", expected]));

  it("are read as bytes too, and selected from within 100 KB", () => {
    expect(headersWith({ "append:header.x": "$response.body.a" }, response({ body: Buffer.from('{"a":"b"}') }))).toEqual(["x", "b"]);
    expect(headersWith({ "append:header.x": "$response.body.a" }, response({ body: `{"a":"b","c":"${"x".repeat(102_400)}"}` }))).toEqual([]);
  });

  it("keep their date and reserved headers", () => {
    expect(headersWith({ "overwrite:header.date": "then", "append:header.access-control-allow-origin": "*", "append:header.apigw-requestid": "mine" })).toEqual([]);
  });

  it.each([
    ["403", 403],
    ["$response.body.code", 418],
    ["$response.body.missing", 200],
    ["$response.body.text", 200],
    ["99", 200],
    ["600", 200],
    ["1e2", 200],
  ])("overwrite:statuscode: %s", (value, expected) => {
    const mapping = compileResponseMappings({ 200: { "overwrite:statuscode": value } }, scope)?.get(200);
    expect(mapping && mappedStatus(mapping, response({ body: '{"code":418,"text":"teapot"}' }))).toBe(expected);
  });

  it("are changed by the status codes that have mappings", () => {
    const mappings = compileResponseMappings({ 500: { "overwrite:statuscode": "403" }, 404: {} }, scope);
    expect([...(mappings ?? new Map<number, unknown>()).keys()]).toEqual([500]);
    expect(compileResponseMappings({ 404: {} }, scope)).toBeUndefined();
    expect(compileResponseMappings(undefined, scope)).toBeUndefined();
    expect(compileRequestMapping({}, scope)).toBeUndefined();
  });
});

describe("whatever is mapped", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("$request.header.any", "$request.querystring.any", "$request.body", "$request.body.any", "$request.path", "$request.path.id", "/${request.body.any}?${request.header.any}"),
  );
  const target = fc.constantFrom("append:header.x", "overwrite:header.Host", "append:header.host", "overwrite:header.content-type", "append:querystring.a&b", "overwrite:querystring.é", "overwrite:path");
  const any = fc.string({ unit: "binary" });

  it("the request can travel", () => {
    fc.assert(
      fc.property(fc.dictionary(target, value), any, any, (mappings, text, path) => {
        const facts = factsOf({
          headers: ["any", text],
          rawQuery: `any=${encodeURIComponent(text.toWellFormed())}&x=1`,
          body: Buffer.from(JSON.stringify({ any: text })),
          pathValues: [encodeURIComponent(path.toWellFormed()), "p"],
        });
        const mapping = compileRequestMapping(mappings, scope);
        if (mapping === undefined) return;
        const headers: string[] = [];
        mapHeaders(headers, mapping.headers, facts);
        expect(headers.filter((each, i) => i % 2 === 1 && !/^[\t\x20-\x7e\x80-\xff]*$/.test(each))).toEqual([]);
        expect(mapQuery(facts.rawQuery, mapping, facts)).toMatch(/^[\w.~!$'()*+,;=:@/?&%-]*$/);
        expect(mappedPath(mapping, facts) ?? "/").toMatch(/^\/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/);
        expect(mappedHost(mapping, facts) ?? "h").toMatch(/^[\w.:[\]-]+$/);
      }),
    );
  });
});
