// Requests signed by AWS's own clients and by curl, over real sockets: accepted, and refused when any one place is another.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { APIGatewayClient, GetRestApisCommand, TagResourceCommand } from "@aws-sdk/client-api-gateway";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listen } from "../../src/adapters/http-listener/index.ts";
import type { HttpListener } from "../../src/ports/http-server.ts";
import { type ReceivedRequest, verifyRequest } from "../../src/sigv4/index.ts";
import { awsInstalled, runAws } from "../harness/aws-command.ts";

const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: "to/ken+==" };
const environment = {
  PATH: process.env["PATH"], HOME: "/nonexistent", AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_SESSION_TOKEN: key.sessionToken, AWS_DEFAULT_REGION: "eu-west-1", AWS_EC2_METADATA_DISABLED: "true", AWS_MAX_ATTEMPTS: "1",
};
const run = promisify(execFile);

const verify = (request: ReceivedRequest) => verifyRequest(request, { region: "eu-west-1", now: Date.now(), skewMinutes: 5 }, () => key);

let listener: HttpListener;
let url: string;
let received: ReceivedRequest[] = [];
const log = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  listener = await listen({
    host: "127.0.0.1",
    port: 0,
    log,
    async handler(request) {
      const { method, target, headers } = request;
      const seen = { method, target, headers, body: request.hasBody ? await request.readBody(1_000_000) : undefined };
      received.push(seen);
      const outcome = await verify(seen);
      const refused = outcome.kind === "refused" ? outcome : undefined;
      return {
        status: refused === undefined ? 200 : 403,
        headers: ["Content-Type", "application/json"],
        body: JSON.stringify(refused === undefined ? {} : { message: refused.message + (refused.explanation ?? "") }),
      };
    },
  });
  url = `http://127.0.0.1:${String(listener.port)}`;
});
afterAll(() => listener.close(0));
beforeEach(() => {
  received = [];
});

/** All that was received was good, and is not with any one change. */
async function expectGoodAndTamperProof(count: number): Promise<void> {
  expect(received).toHaveLength(count);
  for (const request of received) {
    expect(await verify(request)).toMatchObject({ kind: "verified" });
    for (const [change, tampered] of tamperings(request)) {
      expect(await verify(tampered), `${change}: ${JSON.stringify(tampered)}`).toMatchObject({ kind: "refused" });
    }
  }
}

function* tamperings(request: ReceivedRequest): Generator<readonly [string, ReceivedRequest]> {
  const { method, target, headers, body } = request;
  yield ["method", { ...request, method: method === "GET" ? "PUT" : "GET" }];
  yield ["path", { ...request, target: `/x${target}` }];
  yield ["query", { ...request, target: `${target}${target.includes("?") ? "&" : "?"}x=` }];
  yield ["body", { ...request, body: Buffer.concat([Buffer.from(body ?? ""), Buffer.from(" ")]) }];
  if (body !== undefined && body.length > 0) yield ["no body", { ...request, body: undefined }];
  const authorization = headers.findIndex((name) => name.toLowerCase() === "authorization");
  const signed = /SignedHeaders=([^,]*)/.exec(headers[authorization + 1] ?? "")?.[1]?.split(";") ?? ["host"];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (!signed.includes(name) && name !== "authorization") continue;
    yield [name, { ...request, headers: headers.with(i + 1, `${headers[i + 1] as string}0`) }];
    yield [`no ${name}`, { ...request, headers: headers.toSpliced(i, 2) }];
  }
  for (const [from, to] of [["Signature=", "Signature=0"], ["/eu-west-1/", "/us-east-1/"], ["AKID", "AKIX"]] as const) {
    if (authorization < 0) yield [from, { ...request, target: target.replace(from === "/eu-west-1/" ? "%2Feu-west-1%2F" : from, to) }];
    else if (from !== "AKID") yield [from, { ...request, headers: headers.with(authorization + 1, (headers[authorization + 1] as string).replace(from, to)) }];
  }
}

test("the JavaScript SDK's", async () => {
  const settings = { endpoint: url, region: "eu-west-1", credentials: key, maxAttempts: 1 };
  const sent = [
    new APIGatewayClient(settings).send(new GetRestApisCommand({ limit: 5, position: "a b/+é=" })),
    new APIGatewayClient(settings).send(new TagResourceCommand({ resourceArn: "arn:aws:apigateway:eu-west-1::/restapis/a", tags: { "ünï": "" } })),
    new LambdaClient(settings).send(new GetFunctionCommand({ FunctionName: "arn:aws:lambda:eu-west-1:1:function:f", Qualifier: "$LATEST" })),
    new LambdaClient(settings).send(new InvokeCommand({ FunctionName: "f", Payload: Buffer.from('{"a":"é"}') })),
    new IAMClient(settings).send(new CreateUserCommand({ UserName: "u", Path: "/a b/" })),
  ];
  // Not every client can read the answer.
  await Promise.allSettled(sent);
  await expectGoodAndTamperProof(5);
});

/** Paths and queries as they travel, their values percent-encoded as AWS asks: empty and repeated values, Unicode, escapes, what looks like other parts. */
const TARGETS = [
  "/", "/prod/pets/1", "/prod/a%20b/c%2Fd", "/prod/%C3%A9/%E4%BD%A0", "/prod//double///", "/prod/./dot/../up", "/prod/a+b;c=d,e@f:g!$'()*",
  "/prod/%7Bproxy+%7D", "/prod/~tilde-_.", "/prod?a=&b", "/prod?b=2&a=1&a=0&A=3", "/prod?a=%20x%2B&%C3%A9=%E4%BD%A0", "/prod?list=1&list=&list=2",
  "/prod?path=%2Fa%2Fb&url=http%3A%2F%2Fh%3Fx%3D1", "/prod?x-amz-meta=1", "/prod?a=b%3Dc", "/prod/a%2520b?c=%2525",
];

const botocore = spawnSync("python3", ["-c", "import botocore"]).status === 0;

describe.skipIf(!botocore)("botocore's", { timeout: 60_000 }, () => {
  /** Reads `[class, method, target, body]` lines, signs each request as its class does, and sends it as it is. */
  const SCRIPT = `
import http.client, json, sys
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
port, *key = sys.argv[1:]
for line in sys.stdin:
    kind, method, target, body = json.loads(line)
    host = '127.0.0.1:' + port
    request = AWSRequest(method=method, url='http://' + host + target, data=body.encode() if body else None, headers={'X-Custom': ' a  b '})
    auth = SigV4QueryAuth if kind == 'query' else SigV4Auth
    auth(Credentials(*key), 'execute-api', 'eu-west-1').add_auth(request)
    sent = request.url[len('http://' + host):]
    connection = http.client.HTTPConnection(host)
    headers = {name: value for name, value in request.headers.items()}
    connection.request(method, sent, body=body.encode() if body else None, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    if response.status != 200: print(kind, method, target, text)
`;

  test.each(["header", "query"])("by %s, whatever the path and query", async (kind) => {
    // Presigning parses the query: it keeps no parameter without a value apart, and no order among repeated ones.
    const targets = kind === "header" ? TARGETS : TARGETS.filter((target) => !/[?&](?:b$|a=&|list=)|x-amz-meta/.test(target));
    const gets = targets.map((target) => [kind, "GET", target, ""]);
    // ... and makes parameters of a body.
    const posts = kind === "query" ? [] : targets.map((target) => [kind, "POST", target, '{"a":"é"}']);
    const lines = [...gets, ...posts];
    const child = run("python3", ["-c", SCRIPT, String(listener.port), key.accessKeyId, key.secretAccessKey, key.sessionToken], { env: environment });
    child.child.stdin?.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect((await child).stdout).toBe("");
    await expectGoodAndTamperProof(lines.length);
  });
});

describe.skipIf(!awsInstalled)("the aws command's", { timeout: 60_000 }, () => {
  test("for REST APIs, Lambda and STS", async () => {
    const commands = [
      ["apigateway", "get-resources", "--rest-api-id", "a b", "--embed", "methods", "x&y", "--no-paginate"],
      ["apigateway", "update-stage", "--rest-api-id", "a", "--stage-name", "é", "--patch-operations", "op=replace,path=/description,value=ü"],
      ["lambda", "get-function", "--function-name", "arn:aws:lambda:eu-west-1:1:function:f"],
      ["sts", "get-caller-identity"],
    ];
    await Promise.allSettled(commands.map((command) => runAws([...command, "--endpoint-url", url], environment)));
    await expectGoodAndTamperProof(commands.length);
  });
});

const curl = spawnSync("curl", ["--aws-sigv4", "aws:amz:eu-west-1:execute-api", "--version"]).status === 0;

describe.skipIf(!curl)("curl's", () => {
  // Versions before 8.2 sign paths as they travel, which only for unreserved characters is what AWS asks for, and queries
  // in the order that they travel in.
  test.each([
    ["GET", "/prod/pets/1", undefined],
    ["GET", "/prod/pets?a=1&b=2", undefined],
    ["POST", "/prod/~tilde-_.", '{"a":"é"}'],
    ["PUT", "/prod/pets", "x=1"],
  ] as const)("%s %s", async (method, target, body) => {
    const token = ["-H", `X-Amz-Security-Token: ${key.sessionToken}`];
    const data = body === undefined ? [] : ["--data-binary", body, "-H", "Content-Type: application/json"];
    const user = ["--user", `${key.accessKeyId}:${key.secretAccessKey}`, "--aws-sigv4", "aws:amz:eu-west-1:execute-api"];
    const { stdout } = await run("curl", ["-sS", "-X", method, ...user, ...token, ...data, `${url}${target}`]);
    expect(stdout).toBe("{}");
    await expectGoodAndTamperProof(1);
  });
});
