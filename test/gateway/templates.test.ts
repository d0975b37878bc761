// Mapping templates over real sockets: what they see, what they override, how they fail
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
import { describe, expect, it } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, HOST, NOW, OWN_HEADERS, REQUEST_ID, resultOf, startGateway, TRACE_ID } from "../harness/gateway.ts";
import type { Answer, Asked } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { MethodParts, PlanParts } from "../harness/rest-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f";
const FUNCTION_URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const ok = { 200: { statusCode: "200" } };
const internalError = {
  status: 500,
  headers: { "content-type": "application/json", "x-amzn-errortype": "InternalServerErrorException", ...OWN_HEADERS },
  body: '{"message": "Internal server error"}',
};

/** What a request template makes of a request: the payload that the function gets. */
async function rendered(template: string, asked: Asked = {}, parts: PlanParts = {}, path = "/things/{id}"): Promise<string> {
  let payload = "";
  const method: MethodParts = {
    integration: { type: "AWS", uri: FUNCTION_URI, requestTemplates: { "application/json": template }, integrationResponses: ok },
  };
  await using gate = await startGateway([planOf({ [`ANY ${path}`]: method }, parts)], {
    invoke: (invocation) => {
      payload = Buffer.from(invocation.payload).toString("utf8");
      return Promise.resolve(resultOf(null));
    },
  });
  const answer = await gate.ask({ path: "/things/abc", ...asked });
  expect([answer.status, gate.logged]).toEqual([200, []]);
  return payload;
}

/** What a response template makes of a backend's answer. */
async function responded(template: string, body: string, asked: Asked = {}): Promise<Answer> {
  await using backend = await startBackend((response) => response.end(body));
  const integration = {
    type: "HTTP",
    httpMethod: "GET",
    uri: backend.url,
    integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": template } } },
  } as const;
  await using gate = await startGateway([planOf({ "GET /": { integration } })]);
  return await gate.ask(asked);
}

describe("$input of a request", () => {
  const post = (body: string): Asked => ({ method: "POST", body });

  it.each([
    ["$input.body", '{"a": 1.50}', '{"a": 1.50}'],
    ["$input.body", "", "{}"],
    ["$input.json('$')", "", "{}"],
    ["$input.json('$')", '{ "b" : 1, "2": [true, null, "\\u00e9\\n"], "1": {} }', '{"b":1,"2":[true,null,"é\\n"],"1":{}}'],
    ["$input.json('$')", '{"n":[9007199254740993,123456789012345678901234567890,1.0,0.19]}', '{"n":[9007199254740993,123456789012345678901234567890,1.0,0.19]}'],
    ["$input.json('$.missing')", '{"a":1}', '""'],
    ["$input.json('$.a.b.c')", '{"a":1}', '""'],
    ["$input.json('$.a')", '{"a":null}', "null"],
    ["$input.json('a')", '{"a":"x"}', '"x"'],
    ["$input.json(\"$['a b']\")", '{"a b":2}', "2"],
    ["$input.json('$..id')", '[{"id":1},{"id":2}]', "[1,2]"],
    ["[$input.path('$.missing')]", '{"a":1}', "[]"],
    ["#if($input.path('$.missing') == '')empty#end", '{"a":1}', "empty"],
    ["$input.path('$.a')", '{"a":"x"}', "x"],
    ["$input.path('$').a.b[1].c", '{"a":{"b":[0,{"c":"deep"}]}}', "deep"],
    ["$input.path('$.things').size()", '{"things":{"1":{},"2":{},"3":{}}}', "3"],
    // The request that the current models-mappings page shows has a comma too many.
    ["$input.json('$')", '{ "id": 1, "type": "dog", "Age": 11, }', '{"id":1,"type":"dog","Age":11}'],
    // What a template changes in the document, `$input.json` shows (qiita.com/makisyu/items/649f2c1945bde57c129f).
    ["#set($root = $input.path('$'))#set($root.added = 'new')$input.json('$')", '{"a":1}', '{"a":1,"added":"new"}'],
    // A form's body is a text: that is how templates of many make JSON of it.
    ["#foreach($pair in $input.path('$').split('&'))<$pair>#end", "a=1&b=2", "<a=1><b=2>"],
    ["$input.json('$')", "a=1&b=2", '"a=1&b=2"'],
    ["[$input.nothing][$input.path('$').x.y][$nothing][$input.path()]", "{}", "[][][][]"],
  ])("%s of %s is %s", async (template, body, expected) => {
    expect(await rendered(template, body === "" ? { method: "POST" } : post(body))).toBe(expected);
  });

  it("$input.params(x) searches path, query string and headers, in that order", async () => {
    const asked = { path: "/things/abc?id=q&name=J%20D&name=Jane", headers: ["Host", HOST, "id", "h", "name", "h", "X-Only", "h1", "X-Only", "h2"] };
    const template = "$input.params('id')|$input.params('name')|$input.params('X-Only')|$input.params('x-only')|$input.params('none')|";
    expect(await rendered(template, asked)).toBe("abc|Jane|h2|h2||");
  });

  it("$input.params() has three maps, and they have their methods", async () => {
    const asked = { path: "/things/abc?b=2&a=1", headers: ["Host", HOST, "X-One", "1"] };
    expect(await rendered("$input.params().path|$input.params().querystring|$input.params().header", asked)).toBe(
      "{id=abc}|{b=2, a=1}|" +
        `{Host=${HOST}, X-One=1, X-Amzn-Trace-Id=${TRACE_ID}, X-Forwarded-For=127.0.0.1, X-Forwarded-Port=80, X-Forwarded-Proto=http}`,
    );
    expect(await rendered("$input.params().keySet() $input.params('path') $input.params().path.get('id').length() $input.params().get('querystring').size()", asked)).toBe(
      "[path, querystring, header]  3 2",
    );
  });

  it("api-gateway-payload-encodings-workflow: is base64 of a binary body that is converted to text", async () => {
    const integration = {
      type: "AWS",
      uri: FUNCTION_URI,
      contentHandling: "CONVERT_TO_TEXT",
      requestTemplates: { "image/png": '{"data": "$input.body"}' },
      integrationResponses: ok,
    } as const;
    let payload = "";
    await using gate = await startGateway([planOf({ "POST /": { integration } }, { snapshot: { binaryMediaTypes: ["image/png"] } })], {
      invoke: (invocation) => ((payload = Buffer.from(invocation.payload).toString()), Promise.resolve(resultOf(null))),
    });
    await gate.ask({ method: "POST", headers: ["Content-Type", "image/png"], body: Buffer.from([0x89, 0x50, 0xff]) });
    expect(payload).toBe('{"data": "iVD/"}');
  });
});

describe("$context", () => {
  const headers = ["Host", HOST, "User-Agent", "curl/8"];

  it.each<readonly [string, string]>([
    ["accountId", "123456789012"],
    ["apiId", "a1b2c3d4e5"],
    ["deploymentId", "d3pl0y"],
    ["domainName", HOST],
    ["domainPrefix", "a1b2c3d4e5"],
    ["extendedRequestId", EXTENDED_REQUEST_ID],
    ["httpMethod", "PUT"],
    ["identity.sourceIp", "127.0.0.1"],
    ["identity.userAgent", "curl/8"],
    ["path", "/prod/things/abc"],
    ["protocol", "HTTP/1.1"],
    ["requestId", REQUEST_ID],
    ["requestTime", "04/Mar/2020:19:15:17 +0000"],
    ["requestTimeEpoch", String(NOW)],
    ["resourceId", "r2"],
    ["resourcePath", "/things/{id}"],
    ["stage", "prod"],
    // Nobody has signed in, and nothing has failed.
    ...[
      "authorizer", "authorizer.principalId", "authorizer.property", "authorizer.claims", "authorizer.claims.sub", "awsEndpointRequestId",
      "error.message", "error.messageString", "error.responseType", "error.validationErrorString", "identity.accessKey", "identity.accountId",
      "identity.apiKey", "identity.apiKeyId", "identity.caller", "identity.clientCert.clientCertPem", "identity.clientCert.validity.notBefore",
      "identity.cognitoAuthenticationProvider", "identity.cognitoIdentityId", "identity.principalOrgId", "identity.user", "identity.userArn",
      "wafResponseCode", "webaclArn", "nothing", "identity.nothing", "requestOverride.header.x", "responseOverride.status",
    ].map((name) => [name, ""] as const),
  ])("$context.%s is %s", async (name, expected) => {
    const inBrackets = name.split(".").map((part) => `['${part}']`).join("");
    expect(await rendered(`$context.${name}|$context${inBrackets}`, { method: "PUT", headers })).toBe(`${expected}|${expected}`);
  });

  it("$context.requestTimeEpoch is a number", async () => {
    expect(await rendered("#set($seconds = $context.requestTimeEpoch / 1000)$seconds")).toBe(String(Math.floor(NOW / 1000)));
  });
});

describe("$stageVariables and $util", () => {
  const stage = { variables: { color: "blue", "with-dash": "d" } };

  it.each([
    ["$stageVariables.color $stageVariables['with-dash'] ${stageVariables['color']} [$stageVariables.none]", "blue d blue []"],
    ["#foreach($key in $stageVariables.keySet())$key=$stageVariables.get($key);#end", "color=blue;with-dash=d;"],
    ["#set($dollar = '$')#set($stage = 'stage')#evaluate(\"${dollar}${stage}Variables.color\")", "blue"],
    ['$util.escapeJavaScript("it\'s ""quoted"" / é")', "it\\'s \\\"quoted\\\" \\/ \\u00E9"],
    [`$util.escapeJavaScript("it's").replaceAll("\\\\'","'")`, "it's"],
    ["$util.urlEncode('a b&c/é') $util.urlDecode('a+b%26c%2F%C3%A9')", "a+b%26c%2F%C3%A9 a b&c/é"],
    ["$util.base64Encode('héllo') $util.base64Decode('aMOpbGxv')", "aMOpbGxv héllo"],
    [`$util.parseJson('{"a":{"b":[1,2]}}').a.b[1]`, "2"],
  ])("%s is %s", async (template, expected) => {
    expect(await rendered(template, {}, { stage })).toBe(expected);
  });

  it("a template that changes its stage variables changes them for itself alone", async () => {
    const template = "$stageVariables.color#set($stageVariables.color = 'red')$stageVariables.color";
    const method: MethodParts = {
      integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200", responseTemplates: { "text/plain": template } } } },
    };
    await using gate = await startGateway([planOf({ "GET /": method }, { stage })]);
    expect([(await gate.ask({})).body, (await gate.ask({})).body]).toEqual(["bluered", "bluered"]);
  });
});

describe("a MOCK's request template", () => {
  it("computes the status that selects the response", async () => {
    const template = "#if($input.params('scope') == 'internal'){\"statusCode\": 200}#else{\"statusCode\": 500}#end";
    const integration = {
      requestTemplates: { "application/json": template },
      integrationResponses: { 200: { statusCode: "200" }, 500: { statusCode: "500", selectionPattern: "5\\d{2}", responseTemplates: { "application/json": '{"statusCode": 500, "message": "$context.resourcePath"}' } } },
    };
    await using gate = await startGateway([planOf({ "GET /": { integration, methodResponses: { 200: { statusCode: "200" }, 500: { statusCode: "500" } } } })]);
    expect((await gate.ask({ path: "/?scope=internal" })).status).toBe(200);
    expect(await gate.ask({ path: "/?scope=public" })).toMatchObject({ status: 500, body: '{"statusCode": 500, "message": "/"}' });
  });
});

describe("$input of a response", () => {
  it.each([
    ["$input.body|$input.json('$.a')|$input.path('$.a').get(0).b", '{"a":[{"b":1}]}', '{"a":[{"b":1}]}|[{"b":1}]|1'],
    ["$input.json('$')", "", "{}"],
    ["$input.params('q')", "{}", "v"],
  ])("%s of %s is %s", async (template, body, expected) => {
    expect((await responded(template, body, { path: "/?q=v" })).body).toBe(expected);
  });

  it("reads a function's error", async () => {
    const integration = {
      type: "AWS",
      uri: FUNCTION_URI,
      integrationResponses: { 400: { statusCode: "200", selectionPattern: "Malformed.*", responseTemplates: { "application/json": '{"because": $input.json(\'$.errorMessage\')}' } } },
    } as const;
    await using gate = await startGateway([planOf({ "GET /": { integration } })], {
      invoke: () => Promise.resolve(resultOf({ errorMessage: "Malformed input ...", errorType: "Error" }, { functionError: "Unhandled" })),
    });
    expect(await gate.ask({})).toMatchObject({ status: 200, body: '{"because": "Malformed input ..."}' });
  });
});

describe("overrides (apigateway-override-request-response-parameters)", () => {
  const overriding = `
    #set($context.requestOverride.header.X-One = "template")
    #set($context.requestOverride.header.x-two = ["a", "b"])
    #set($context.requestOverride.header.Content-Length = "1")
    #set($context.requestOverride.header['bad name'] = "x")
    #set($context.requestOverride.querystring.q = "template")
    #set($context.requestOverride.querystring.new = $input.path('$.n'))
    #set($context.requestOverride.path.id = "tem/plate")
    #set($context.requestOverride.path.other = "o")
    $input.json('$')`;

  it("take the place of mapped parameters in a request, and add to them", async () => {
    await using backend = await startBackend();
    const integration = {
      type: "HTTP",
      httpMethod: "POST",
      uri: `${backend.url}/{id}/{other}/{kept}`,
      requestParameters: {
        "integration.request.header.x-one": "'mapped'",
        "integration.request.header.X-Two": "'mapped'",
        "integration.request.header.X-Kept": "'mapped'",
        "integration.request.querystring.q": "'mapped'",
        "integration.request.querystring.kept": "'mapped'",
        "integration.request.path.id": "'mapped'",
        "integration.request.path.kept": "'mapped'",
      },
      requestTemplates: { "application/json": overriding.trimEnd() },
      integrationResponses: ok,
    } as const;
    await using gate = await startGateway([planOf({ "POST /": { integration } })]);
    expect((await gate.ask({ method: "POST", body: '{"n":7}' })).status).toBe(200);
    const [reached] = backend.reached;
    expect(reached?.url).toBe("/tem/plate/o/mapped?kept=mapped&q=template&new=7");
    expect(reached?.body.toString().trim()).toBe('{"n":7}');
    const pairs = reached?.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 && /^(?:x-|bad|content-l)/i.test(name) && !/amzn/i.test(name) ? [[name, all[i + 1]]] : []));
    expect(pairs).toEqual([
      ["X-Kept", "mapped"],
      ["X-One", "template"],
      ["x-two", "a"],
      ["x-two", "b"],
      ["content-length", String(reached?.body.length)],
    ]);
  });

  it("set a function's invocation type", async () => {
    const types: string[] = [];
    const integration = {
      type: "AWS",
      uri: FUNCTION_URI,
      requestTemplates: { "application/json": "#set($context.requestOverride.header.x-amz-invocation-type = $input.params('type')){}" },
      integrationResponses: ok,
    } as const;
    await using gate = await startGateway([planOf({ "GET /": { integration } })], {
      invoke: ({ type }) => (types.push(type), Promise.resolve(resultOf(null))),
    });
    await gate.ask({ path: "/?type=Event" });
    await gate.ask({ path: "/?type=Other" });
    expect(types).toEqual(["Event", "RequestResponse"]);
  });

  it("take the place of mapped headers and of the status in a response", async () => {
    const template = `#set($context.responseOverride.status = 418)#set($context.responseOverride.header.x-a = "template")
#set($context.responseOverride.header.Content-Type = "text/plain")#set($context.responseOverride.header.Server = "mine")
#set($context.responseOverride.header.X-New = $input.path('$.n'))done`;
    const integration = {
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      integrationResponses: {
        200: {
          statusCode: "200",
          responseParameters: { "method.response.header.X-A": "'mapped'", "method.response.header.X-B": "'mapped'", "method.response.header.Content-Type": "'mapped'" },
          responseTemplates: { "text/html": template },
        },
      },
    };
    await using gate = await startGateway([planOf({ "GET /": { integration } })]);
    const { status, headers, body } = await gate.ask({});
    expect({ status, headers, body: body.trim() }).toEqual({
      status: 418,
      headers: { "x-b": "mapped", "x-a": "template", "content-type": "text/plain", "x-amzn-remapped-server": "mine", "x-new": "", ...OWN_HEADERS },
      body: "done",
    });
  });

  it("of a request can be read in the response", async () => {
    const integration = {
      requestTemplates: { "application/json": '#set($context.requestOverride.path.body = $input.body){"statusCode": 200}' },
      integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": "$context.requestOverride.path.body" } } },
    };
    await using gate = await startGateway([planOf({ "POST /": { integration } })]);
    expect((await gate.ask({ method: "POST", body: '{"echo":true}' })).body).toBe('{"echo":true}');
  });

  it.each([
    ["a header", "#set($context.responseOverride.header.a = '1')#set($context.responseOverride.header.a = '2')", "$context.responseOverride.header.a is overridden more than once"],
    ["the status", "#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 202)", "$context.responseOverride.status is overridden more than once"],
  ])("are final: overriding %s twice is a 500", async (_, template, reason) => {
    expect(await failing(template)).toEqual({ ...internalError, reason: `Unable to transform response: ${reason}` });
  });

  it.each(["abc", "199", "600", "20"])("with a status of %s are a 500", async (status) => {
    expect(await failing(`#set($context.responseOverride.status = "${status}")`)).toEqual({ ...internalError, reason: `A template overrides the status with ${status}` });
  });
});

async function failing(template: string) {
  const integration = {
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": template } } },
  };
  await using gate = await startGateway([planOf({ "GET /": { integration } })]);
  const { status, headers, body } = await gate.ask({});
  return { status, headers, body, reason: gate.logged[0]?.fields?.["reason"] };
}

describe("a template that fails while it runs", () => {
  it.each([
    ["$input.json('$.[')", "{}", "Invalid JSONPath"],
    ["$input.json('$')", '{"a":', "Not JSON"],
    ["$util.urlDecode('%zz')", "{}", "Illegal hex characters"],
    ["$util.parseJson('{')", "{}", "Not JSON"],
    ["#foreach($i in [1..1001])$i#end", "{}", "1000"],
    ["#macro(m)#m()#end#m()", "{}", "levels deep"],
    ["#set($a = 'x')#foreach($i in [1..100])#set($a = $a + $a)#end", "{}", "more than"],
    ["$input.path('$').a.substring(9)", '{"a":"x"}', "IndexOutOfBounds"],
  ])("%s of %s is a 500 that says no more to the client", async (template, body, reason) => {
    const integration = { type: "AWS", uri: FUNCTION_URI, requestTemplates: { "application/json": template }, integrationResponses: ok } as const;
    await using gate = await startGateway([planOf({ "POST /": { integration } })]);
    const answer = await gate.ask({ method: "POST", body });
    expect({ status: answer.status, headers: answer.headers, body: answer.body }).toEqual(internalError);
    expect(gate.logged).toMatchObject([{ level: "warn", message: "execution failed", fields: { type: "API_CONFIGURATION_ERROR" } }]);
    expect(gate.logged[0]?.fields?.["reason"]).toMatch(/^Unable to transform request: /);
    expect(gate.logged[0]?.fields?.["reason"]).toContain(reason);
  });
});

describe("parameters mapped from bodies (request-response-data-mappings)", () => {
  it("of requests and responses are the guide's", async () => {
    await using backend = await startBackend((response) => response.end('{"redirect":{"url":"/there"},"n":1.0,"list":[1,"a"],"nothing":null}'));
    const integration = {
      type: "HTTP",
      httpMethod: "POST",
      uri: `${backend.url}/{pet-name}`,
      passthroughBehavior: "NEVER",
      requestTemplates: { "application/json": "none" },
      requestParameters: {
        "integration.request.header.body-header": "method.request.body",
        "integration.request.path.pet-name": "method.request.body.petstore.pets[0].name",
        "integration.request.header.absent": "method.request.body.absent",
      },
      integrationResponses: {
        200: {
          statusCode: "200",
          responseParameters: {
            "method.response.header.location": "integration.response.body.redirect.url",
            "method.response.header.n": "integration.response.body.n",
            "method.response.header.list": "integration.response.body.list",
            "method.response.header.object": "integration.response.body.redirect",
            "method.response.header.nothing": "integration.response.body.nothing",
            "method.response.header.absent": "integration.response.body.x.y",
          },
        },
      },
    } as const;
    await using gate = await startGateway([planOf({ "POST /": { integration } })]);
    const body = '{"petstore":{"pets":[{"name":"Rex"}]}}';
    const { headers } = await gate.ask({ method: "POST", body });
    expect([backend.reached[0]?.url, backend.reached[0]?.rawHeaders.includes("absent")]).toEqual(["/Rex", false]);
    expect(backend.reached[0]?.rawHeaders).toContain(body);
    expect(headers).toMatchObject({ "content-type": "application/json", location: "/there", n: "1.0", list: '[1,"a"]', object: '{"url":"/there"}' });
    expect(Object.keys(headers)).not.toContain("nothing");
    expect(Object.keys(headers)).not.toContain("absent");
    // A body that is no JSON has no members.
    expect((await gate.ask({ method: "POST", body: "{" })).status).toBe(200);
    expect(backend.reached[1]?.url).toBe("/");
  });

  it("handle-errors-in-lambda-integration: see a custom error through the text it has to be", async () => {
    const custom = { errorType: "InternalServerError", httpStatus: 500, requestId: "e5849002-39a0-11e7-a419-5bb5807c9fb2", trace: { function: "abc()", line: 123, file: "abc.js" } };
    const integration = {
      type: "AWS",
      uri: FUNCTION_URI,
      integrationResponses: {
        200: {
          statusCode: "200",
          responseParameters: {
            "method.response.header.error_trace_function": "integration.response.body.errorMessage.trace.function",
            "method.response.header.error_status": "integration.response.body.errorMessage.httpStatus",
            "method.response.header.error_type": "integration.response.body.errorMessage.errorType",
            "method.response.header.error_trace": "integration.response.body.errorMessage.trace",
          },
        },
      },
    } as const;
    const payload = { errorMessage: JSON.stringify(custom) };
    await using gate = await startGateway([planOf({ "GET /": { integration } })], {
      invoke: () => Promise.resolve(resultOf(payload, { functionError: "Unhandled" })),
    });
    const { headers, body } = await gate.ask({});
    expect(headers).toMatchObject({
      error_status: "500",
      error_trace: '{"function":"abc()","line":123,"file":"abc.js"}',
      error_trace_function: "abc()",
      error_type: "InternalServerError",
    });
    // "does not apply to body-to-body mappings"
    expect(body).toBe(JSON.stringify(payload));
  });
});
