import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import { iam, type IamOperations } from "../../model/iam.gen.ts";
import { sts } from "../../model/sts.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { HttpRequest } from "../../ports/http-server.ts";
import { createControlPlane, createGuard, createService, identityDialect } from "../index.ts";

let inputs: unknown[] = [];
let failures: unknown[] = [];
beforeEach(() => {
  inputs = [];
  failures = [];
});

const seen = <Output>(output: Output) => async (input: unknown): Promise<Output> => {
  inputs.push(input);
  return output;
};
const fails = (error: Error) => async (): Promise<never> => {
  throw error;
};

const handlers: Partial<Handlers<IamOperations, Call>> = {
  CreateUser: seen({ User: { Path: "/", UserName: "<&>\"'\r\n\u0001ü😀", UserId: "i", Arn: "a", CreateDate: 1_440_938_160_123 } }),
  ListUsers: seen({ Users: [], IsTruncated: false }),
  DeleteUser: seen({}),
  TagUser: seen({}),
  GetUser: fails(new ServiceError("NoSuchEntityException", "The user with name <x> cannot be found.")),
  GetRole: fails(new Error("a bug")),
  GetAccountSummary: seen({ SummaryMap: { Users: 3 } }),
};

const REQUEST_ID = "8f5e0d3c-0000-4000-8000-000000000000";
const plane = createControlPlane({
  services: [
    createService<IamOperations>({ table: iam, handlers, ...identityDialect }),
    createService({ table: sts, handlers: {}, ...identityDialect }),
  ],
  guard: createGuard({ allowedHosts: [] }),
  defaults: { account: "000000000000", region: "us-east-1" },
  ids: { uuid: () => REQUEST_ID, alphanumeric: (length) => "a".repeat(length) },
  log: { debug() {}, info() {}, warn() {}, error: (_message, error) => void failures.push(error) },
});

async function send(form: string, { method = "POST", service = "iam", target = "/" } = {}) {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  const body = Buffer.from(form, "latin1");
  const request: HttpRequest = {
    method, target, protocol: "HTTP/1.1", encrypted: false, remoteAddress: "127.0.0.1", remotePort: 1, signal: new AbortController().signal,
    headers: ["Host", "localhost", "Authorization", authorization, "X-Amz-Date", "20260101T000000Z"],
    hasBody: body.length > 0,
    readBody: async () => body,
  };
  const { status, headers, body: answer } = await plane.handle(request);
  return { status, headers, body: answer };
}

const HEADERS = ["x-amzn-RequestId", REQUEST_ID, "Content-Type", "text/xml"];
const IAM = "https://iam.amazonaws.com/doc/2010-05-08/";
const METADATA = `<ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata>`;
const action = (name: string, rest = "") => `Action=${name}&Version=2010-05-08${rest}`;
const error = (code: string, message: string, type = "Sender", namespace = IAM) =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error>` +
  `<RequestId>${REQUEST_ID}</RequestId></ErrorResponse>\n`;

test("a form becomes an input: lists by their numbers, structures by their names", async () => {
  const tags = "&Tags.member.10.Key=c&Tags.member.10.Value=&Tags.member.2.Key=b&Tags.member.2.Value=%C3%BC+%2B&Tags.member.x.Key=d";
  await send(action("TagUser", `&UserName=u${tags}&Unknown.member.1=x&Tags.member.2.Other=y`));
  expect(inputs).toEqual([{ UserName: "u", Tags: [{ Key: "b", Value: "ü +" }, { Key: "c", Value: "" }] }]);
});

test("an empty list travels as an empty value, and numbers are numbers", async () => {
  await send(action("CreateUser", "&UserName=u&Tags="));
  await send(action("ListUsers", "&MaxItems=7"));
  expect(inputs).toEqual([{ UserName: "u", Tags: [] }, { MaxItems: 7 }]);
});

test("an output becomes XML: escaped, with times of ISO 8601", async () => {
  expect(await send(action("CreateUser", "&UserName=u"))).toEqual({
    status: 200,
    headers: HEADERS,
    body:
      `<CreateUserResponse xmlns="${IAM}"><CreateUserResult><User><Path>/</Path>` +
      "<UserName>&lt;&amp;&gt;&quot;'&#xD;\n\uFFFDü😀</UserName><UserId>i</UserId><Arn>a</Arn>" +
      `<CreateDate>2015-08-30T12:36:00Z</CreateDate></User></CreateUserResult>${METADATA}</CreateUserResponse>\n`,
  });
});

test("without a result there is none, and an empty list is an empty element", async () => {
  expect((await send(action("DeleteUser", "&UserName=u"))).body).toBe(`<DeleteUserResponse xmlns="${IAM}">${METADATA}</DeleteUserResponse>\n`);
  expect((await send(action("ListUsers"))).body).toBe(
    `<ListUsersResponse xmlns="${IAM}"><ListUsersResult><Users/><IsTruncated>false</IsTruncated></ListUsersResult>${METADATA}</ListUsersResponse>\n`,
  );
});

test("maps are entries of keys and values", async () => {
  expect((await send(action("GetAccountSummary"))).body).toContain("<SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap>");
});

test("a GET asks by its query", async () => {
  const target = `/?${action("ListUsers", "&PathPrefix=%2Fa%2F")}`;
  expect(await send("", { method: "GET", target })).toMatchObject({ status: 200 });
  expect(inputs).toEqual([{ PathPrefix: "/a/" }]);
});

test.each([
  ["an error of the model, by awsQuery's name", action("GetUser"), 404, error("NoSuchEntity", "The user with name &lt;x&gt; cannot be found.")],
  ["an unknown action", action("Nope"), 400, error("InvalidAction", "Could not find operation Nope for version 2010-05-08")],
  ["another version", "Action=ListUsers&Version=2011-06-15", 400, error("InvalidAction", "Could not find operation ListUsers for version 2011-06-15")],
  ["no version", "Action=ListUsers", 400, error("InvalidAction", "Could not find operation ListUsers for version NO_VERSION_SPECIFIED")],
  ["an inherited name", action("constructor"), 400, error("InvalidAction", "Could not find operation constructor for version 2010-05-08")],
  ["no action", "", 400, error("MissingAction", "The request is missing an action or a required parameter.")],
  ["what is not built", action("ListInstanceProfiles"), 501, error("NotImplementedException", "Gatehouse has not built ListInstanceProfiles yet.", "Receiver")],
  ["a value of another type", action("ListUsers", "&MaxItems=x"), 400, error("MalformedInput", "STRING_VALUE can not be converted to an Integer")],
  [
    "values against the model", action("ListUsers", "&MaxItems=0"), 400,
    error("ValidationError", "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1"),
  ],
  [
    "a missing member", action("DeleteUser"), 400,
    error("ValidationError", "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"),
  ],
  ["a body that is no UTF-8", "Action=\xff", 400, error("MalformedInput", "The request body is not valid UTF-8.")],
] as const)("%s is answered in XML", async (_what, form, status, body) => {
  expect(await send(form)).toEqual({ status, headers: HEADERS, body });
});

test("a bug is told to the log alone", async () => {
  expect(await send(action("GetRole", "&RoleName=r"))).toEqual({
    status: 500, headers: HEADERS, body: error("InternalFailure", "Internal server error", "Receiver"),
  });
  expect(failures).toEqual([new Error("a bug")]);
});

test("without a signature the one path of awsQuery is nobody's", () => {
  expect(plane.isOperation({ method: "POST", target: "/" })).toBe(false);
});

test("whatever the form, the answer is of the caller's making", async () => {
  const part = fc.constantFrom("Action", "Tags", "member", "entry", "1", "999999999", "__proto__", "constructor", "Key", "Value", "UserName", "");
  const name = fc.array(part, { maxLength: 25 }).map((parts) => parts.join("."));
  const pair = fc.tuple(name, fc.string()).map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`);
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { maxLength: 10 }), async (pairs) => {
      const { status } = await send(action("TagUser", `&UserName=u&${pairs.join("&")}`));
      expect([200, 400]).toContain(status);
    }),
  );
  expect(failures).toEqual([]);
});
