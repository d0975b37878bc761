// Access log formats: those that the guide prints, every variable, and values that mean to break the line.
import { describe, expect, it, test } from "vitest";
import { planOf, stageOf } from "../../test/harness/rest-api.ts";
import { compileAccessLog, compileAccessLogFormat, type LoggedFacts } from "./access-log.ts";
import type { EarlyFacts } from "./facts.ts";

const stage = planOf({ "GET /pets/{id}": {} });
const method = stage.route("/pets/7", "GET")?.method;

const request: EarlyFacts = {
  stage,
  method,
  requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
  extendedRequestId: "Lf_IZH6dPHcEWow=",
  receivedAt: Date.UTC(2020, 2, 4, 19, 15, 17, 135),
  httpMethod: "GET",
  protocol: "HTTP/1.1",
  path: "/prod/pets/7",
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  sourceIp: "192.0.2.7",
  identity: { accountId: "210987654321", caller: "AIDAEXAMPLE", user: "AIDAUSER", userArn: "arn:aws:iam::210987654321:user/ann" },
  authorizer: undefined,
  headers: ["User-Agent", "curl/8.0"],
  pathValues: ["7"],
  rawQuery: "",
  query: undefined,
  body: Buffer.alloc(0),
};

const facts = (parts: Partial<LoggedFacts> = {}, ofRequest: Partial<LoggedFacts["request"]> = {}): LoggedFacts => ({
  request: { ...request, overrides: undefined, ...ofRequest },
  status: 200,
  responseLength: 1234,
  responseLatencyMs: 30.4,
  error: undefined,
  integration: { latencyMs: 28.6, integrationStatus: 200, status: 201, requestId: "f00-ba4", error: undefined },
  basePathMatched: undefined,
  routingRuleIdMatched: undefined,
  ...parts,
});

describe("set-up-logging: the formats of the guide", () => {
  test.each([
    [
      "CLF",
      '$context.identity.sourceIp $context.identity.caller  $context.identity.user [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId\n',
      '192.0.2.7 AIDAEXAMPLE  AIDAUSER [04/Mar/2020:19:15:17 +0000] "GET /pets/{id} HTTP/1.1" 200 1234 c6af9ac6-7b61-11e6-9a41-93e8deadbeef Lf_IZH6dPHcEWow=',
    ],
    [
      "JSON",
      '{ "requestId":"$context.requestId", "extendedRequestId":"$context.extendedRequestId", "ip": "$context.identity.sourceIp", "caller":"$context.identity.caller", "user":"$context.identity.user", "requestTime":"$context.requestTime", "httpMethod":"$context.httpMethod", "resourcePath":"$context.resourcePath", "status":"$context.status", "protocol":"$context.protocol", "responseLength":"$context.responseLength" }',
      '{ "requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "extendedRequestId":"Lf_IZH6dPHcEWow=", "ip": "192.0.2.7", "caller":"AIDAEXAMPLE", "user":"AIDAUSER", "requestTime":"04/Mar/2020:19:15:17 +0000", "httpMethod":"GET", "resourcePath":"/pets/{id}", "status":"200", "protocol":"HTTP/1.1", "responseLength":"1234" }',
    ],
    [
      "XML",
      '<request id="$context.requestId"> <extendedRequestId>$context.extendedRequestId</extendedRequestId> <ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> <user>$context.identity.user</user> <requestTime>$context.requestTime</requestTime> <httpMethod>$context.httpMethod</httpMethod> <resourcePath>$context.resourcePath</resourcePath> <status>$context.status</status> <protocol>$context.protocol</protocol> <responseLength>$context.responseLength</responseLength> </request>',
      '<request id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef"> <extendedRequestId>Lf_IZH6dPHcEWow=</extendedRequestId> <ip>192.0.2.7</ip> <caller>AIDAEXAMPLE</caller> <user>AIDAUSER</user> <requestTime>04/Mar/2020:19:15:17 +0000</requestTime> <httpMethod>GET</httpMethod> <resourcePath>/pets/{id}</resourcePath> <status>200</status> <protocol>HTTP/1.1</protocol> <responseLength>1234</responseLength> </request>',
    ],
    [
      "CSV",
      "$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,$context.httpMethod,$context.resourcePath,$context.protocol,$context.status,$context.responseLength,$context.requestId,$context.extendedRequestId",
      "192.0.2.7,AIDAEXAMPLE,AIDAUSER,04/Mar/2020:19:15:17 +0000,GET,/pets/{id},HTTP/1.1,200,1234,c6af9ac6-7b61-11e6-9a41-93e8deadbeef,Lf_IZH6dPHcEWow=",
    ],
  ])("%s", (_name, format, line) => {
    expect(compileAccessLogFormat(format)(facts())).toBe(line);
  });
});

const authorizer = {
  principalId: "ann",
  context: { tier: "gold" },
  claims: undefined,
  usageIdentifierKey: undefined,
  status: 200,
  error: "no",
  latencyMs: 12,
  integrationLatencyMs: 11,
  integrationStatus: 200,
  integrationRequestId: "au7h",
};
const rejection = { responseType: "BAD_REQUEST_BODY", message: "Invalid request body", validationErrors: "[a]" };
const overrides = {
  request: {
    header: new Map([["x-a", { name: "x-a", value: "1" }]]),
    querystring: new Map([["q", { name: "q", value: ["1", "2"] }]]),
    path: new Map([["id", { name: "id", value: "8" }]]),
  },
  response: { header: new Map([["x-b", { name: "x-b", value: "2" }]]), status: "404" },
} as unknown as NonNullable<LoggedFacts["request"]["overrides"]>;

const whole = facts(
  { error: rejection, basePathMatched: "v1/orders", routingRuleIdMatched: "abc123", integration: { latencyMs: 28.6, integrationStatus: 200, status: 201, requestId: "f00-ba4", error: "timeout" } },
  { authorizer, overrides, trace: { root: "1-5e5ffe45-222243338444555555555555" } },
);
const withClaims = facts({}, { authorizer: { ...authorizer, claims: { sub: "s-1", "cognito:username": "ann", "custom:x y": "z" } } });

describe("api-gateway-variables-for-access-logging: every variable", () => {
  test.each([
    ["accountId", "123456789012"],
    ["apiId", "a1b2c3d4e5"],
    ["authenticate.error", "-"],
    ["authenticate.latency", "-"],
    ["authenticate.status", "-"],
    ["authorize.error", "-"],
    ["authorize.latency", "-"],
    ["authorize.status", "-"],
    ["authorizer.error", "no"],
    ["authorizer.integrationLatency", "11"],
    ["authorizer.integrationStatus", "200"],
    ["authorizer.latency", "12"],
    ["authorizer.principalId", "ann"],
    ["authorizer.requestId", "au7h"],
    ["authorizer.status", "200"],
    ["authorizer.tier", "gold"],
    ["authorizer.claims", "-"],
    ["awsEndpointRequestId", "f00-ba4"],
    ["customDomain.basePathMatched", "v1/orders"],
    ["customDomain.routingRuleIdMatched", "abc123"],
    ["deploymentId", "d3pl0y"],
    ["domainName", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"],
    ["domainPrefix", "a1b2c3d4e5"],
    ["error.message", "Invalid request body"],
    ["error.messageString", '"Invalid request body"'],
    ["error.responseType", "BAD_REQUEST_BODY"],
    ["error.validationErrorString", "[a]"],
    ["extendedRequestId", "Lf_IZH6dPHcEWow="],
    ["httpMethod", "GET"],
    ["identity.accountId", "210987654321"],
    ["identity.apiKey", "-"],
    ["identity.apiKeyId", "-"],
    ["identity.caller", "AIDAEXAMPLE"],
    ["identity.clientCert.subjectDN", "-"],
    ["identity.cognitoIdentityId", "-"],
    ["identity.principalOrgId", "-"],
    ["identity.sourceIp", "192.0.2.7"],
    ["identity.user", "AIDAUSER"],
    ["identity.userAgent", "curl/8.0"],
    ["identity.userArn", "arn:aws:iam::210987654321:user/ann"],
    ["integration.error", "timeout"],
    ["integration.integrationStatus", "200"],
    ["integration.latency", "29"],
    ["integration.requestId", "f00-ba4"],
    ["integration.status", "201"],
    ["integrationErrorMessage", "timeout"],
    ["integrationLatency", "29"],
    ["integrationStatus", "200"],
    ["isCanaryRequest", "-"],
    ["path", "/prod/pets/7"],
    ["protocol", "HTTP/1.1"],
    ["requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"],
    ["requestOverride.header.x-a", "1"],
    ["requestOverride.path.id", "8"],
    ["requestOverride.querystring.q", "1,2"],
    ["requestTime", "04/Mar/2020:19:15:17 +0000"],
    ["requestTimeEpoch", "1583349317135"],
    ["resourceId", method?.resourceId],
    ["resourcePath", "/pets/{id}"],
    ["responseLatency", "30"],
    ["responseLength", "1234"],
    ["responseOverride.header.x-b", "2"],
    ["responseOverride.status", "404"],
    ["stage", "prod"],
    ["status", "200"],
    ["waf.error", "-"],
    ["waf.latency", "-"],
    ["waf.status", "-"],
    ["wafResponseCode", "-"],
    ["webaclArn", "-"],
    ["xrayTraceId", "1-5e5ffe45-222243338444555555555555"],
    ["routeKey", "-"],
    ["no.such.variable", "-"],
  ])("$context.%s", (name, value) => {
    expect(compileAccessLogFormat(`<$context.${name}>`)(whole)).toBe(`<${value}>`);
  });

  test.each([
    ["authorizer.claims.sub", "s-1"],
    ["authorizer.claims.cognito:username", "ann"],
    ["authorizer.claims['custom:x y']", "z"],
    ["authorizer.claims.nothing", "-"],
  ])("$context.%s of a token", (name, value) => {
    expect(compileAccessLogFormat(`<$context.${name}>`)(withClaims)).toBe(`<${value}>`);
  });
});

describe("a request that got nowhere", () => {
  it("leaves a dash for each thing that it does not have", () => {
    const names = ["resourcePath", "integrationLatency", "integration.status", "error.messageString", "awsEndpointRequestId", "authorizer.tier", "requestOverride.header.x-a"];
    const early = facts({ integration: undefined }, { method: undefined, pathValues: undefined });
    expect(compileAccessLogFormat(names.map((name) => `$context.${name}`).join(" "))(early)).toBe("- - - - - - -");
  });
});

describe("values that mean to break the line", () => {
  test.each([
    ['""This is a special user-agent""', String.raw`\"\"This is a special user-agent\"\"`],
    ["a\\b", String.raw`a\\b`],
    ["a\r\n{\"forged\":1}", String.raw`a\r\n{\"forged\":1}`],
    ["\u001b[2J\u0000", String.raw`\u001b[2J\u0000`],
    ["a\u0085b\u2028c\u007f", String.raw`a\u0085b\u2028c\u007f`],
    ["$context.requestId", "$context.requestId"],
    ["é😀", "é😀"],
    ["", "-"],
  ])("are escaped as in JSON strings: %j", (value, logged) => {
    const line = compileAccessLogFormat('{"a":"$context.identity.userAgent"}')(facts({}, { headers: ["User-Agent", value] }));
    expect(line).toBe(`{"a":"${logged}"}`);
    expect(JSON.parse(line)).toEqual({ a: value === "" ? "-" : value });
  });

  it("messageString brings its quotes, and what is in them escaped", () => {
    const error = { responseType: "DEFAULT_4XX", message: 'say "no"\n', validationErrors: undefined };
    expect(compileAccessLogFormat("$context.error.messageString")(facts({ error }))).toBe(String.raw`"say \"no\"\n"`);
  });
});

describe("text around variables", () => {
  test.each([
    ["$context.status.", "200."],
    ["$context.authorizer.principalId-$context.status", "--200"],
    ["$$context.status $input.body ${context.status}", "$200 $input.body ${context.status}"],
    ["$context", "$context"],
    ["no variable\n", "no variable"],
    ["", ""],
  ])("%j", (format, line) => {
    expect(compileAccessLogFormat(format)(facts())).toBe(line);
  });
});

describe("a stage's access log", () => {
  const group = { account: "123456789012", region: "us-east-1", name: "/aws/pets" };
  const destinationArn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/pets";

  it("goes to the log group, with or without the end that CloudWatch shows", () => {
    for (const arn of [destinationArn, `${destinationArn}:*`]) {
      expect(compileAccessLog(stageOf({ accessLogSettings: { destinationArn: arn, format: "$context.status" } }), false)?.groups).toEqual([group]);
    }
  });

  it("canary-release: that of a canary's requests goes to the stage's group and to its own", () => {
    const plan = compileAccessLog(stageOf({ accessLogSettings: { destinationArn, format: "$context.status" } }), true);
    expect(plan?.groups).toEqual([group, { ...group, name: "/aws/pets/Canary" }]);
  });

  it.each([[undefined], [{}], [{ destinationArn }], [{ format: "$context.status" }]])("is none with %j", (accessLogSettings) => {
    expect(compileAccessLog(stageOf(accessLogSettings === undefined ? {} : { accessLogSettings }), false)).toBeUndefined();
  });
});
