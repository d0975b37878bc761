// How every operation of the REST control plane refuses: what its URL names is not there, a required member is missing, or a
// value is of another type. The cases come from the model's table of operations, so that no operation is left out.
import { beforeAll, describe, expect, test } from "vitest";
import { apiGateway, type ApiGatewayOperations } from "../../src/model/apigateway.gen.ts";
import type { Member, OperationTable, Shape } from "../../src/model/table.ts";
import { apiGatewayDialect, createControlPlane, createGuard, createService } from "../../src/wire/index.ts";
import { call, petStore, startControlPlane } from "../harness/control-plane.ts";

const table: OperationTable = apiGateway;
const operations = Object.values(table.operations);
const { api } = startControlPlane();
const plane = createControlPlane({
  services: [createService<ApiGatewayOperations>({ ...apiGatewayDialect, table, handlers: api })],
  guard: createGuard({ allowedHosts: [] }),
  defaults: { account: call.account, region: call.region },
  ids: { uuid: () => "8f5e0d3c-0000-4000-8000-000000000000", alphanumeric: (length) => "a".repeat(length) },
  log: { debug() {}, info() {}, warn() {}, error: (_message, error) => expect.fail(String(error)) },
});

const AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=00";

/** Status, code and message of an answer. */
async function send(method: string, target: string, body: string | undefined): Promise<readonly [number, string | undefined, unknown]> {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const answer = await plane.handle({
    method,
    target,
    headers: ["Host", "localhost:4566", "Authorization", AUTHORIZATION, "X-Amz-Date", "20260101T000000Z"],
    protocol: "HTTP/1.1",
    encrypted: false,
    remoteAddress: "127.0.0.1",
    remotePort: 1,
    hasBody: bytes !== undefined,
    signal: new AbortController().signal,
    readBody: () => Promise.resolve(bytes ?? Buffer.alloc(0)),
  });
  const place = answer.headers.indexOf("x-amzn-ErrorType");
  const message: unknown = place < 0 ? answer.body : (JSON.parse(answer.body as string) as { message?: unknown }).message;
  return [answer.status, place < 0 ? undefined : answer.headers[place + 1], message];
}

/** What stands at a URL's labels: things that are there. */
const there: Record<string, string> = {};
let bare: Record<string, string> = {};

const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/one";
const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
const id = async (made: Promise<{ readonly id?: string | undefined }>): Promise<string> => (await made).id as string;

beforeAll(async () => {
  const { restApiId, rootId, method } = await petStore(api);
  const usagePlanId = await id(api.CreateUsagePlan({ name: "p", quota: { limit: 1, period: "DAY" } }, call));
  const apiKey = await id(api.CreateApiKey({}, call));
  await api.CreateUsagePlanKey({ usagePlanId, keyId: apiKey, keyType: "API_KEY" }, call);
  await api.PutMethodResponse({ ...method, statusCode: "200" }, call);
  await api.PutIntegrationResponse({ ...method, statusCode: "200" }, call);
  const deploymentId = await id(api.CreateDeployment({ restApiId, stageName: "prod" }, call));
  await api.CreateDomainName({ domainName: "api.example.com", certificateArn: ARN }, call);
  await api.CreateBasePathMapping({ domainName: "api.example.com", restApiId, basePath: "v1" }, call);
  await api.CreateDocumentationVersion({ restApiId, documentationVersion: "v1" }, call);
  const authorizer = { restApiId, name: "a", type: "COGNITO_USER_POOLS", providerARNs: [POOL], identitySource: "method.request.header.a" } as const;
  Object.assign(there, {
    ...method,
    statusCode: "200",
    apiKey,
    keyId: apiKey,
    usagePlanId,
    deploymentId,
    authorizerId: await id(api.CreateAuthorizer(authorizer, call)),
    parentId: rootId,
    stageName: "prod",
    domainName: "api.example.com",
    basePath: "v1",
    documentationPartId: await id(api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: "{}" }, call)),
    documentationVersion: "v1",
    modelName: "Empty",
    requestValidatorId: await id(api.CreateRequestValidator({ restApiId }, call)),
    responseType: "DEFAULT_4XX",
    exportType: "oas30",
    sdkType: "ruby",
    resourceArn: encodeURIComponent(`arn:aws:apigateway:us-east-1::/restapis/${restApiId}`),
  });
  const resourceId = await id(api.CreateResource({ restApiId, parentId: rootId, pathPart: "bare" }, call));
  await api.PutMethod({ restApiId, resourceId, httpMethod: "GET", authorizationType: "NONE" }, call);
  bare = { ...there, resourceId };
});

/** What is not there, by the label that names it, and how AWS says so. */
const MISSING: Readonly<Record<string, readonly [value: string, message: string]>> = {
  restApiId: ["nowhere", "Invalid API identifier specified 000000000000:nowhere"],
  resourceId: ["nowhere", "Invalid Resource identifier specified"],
  parentId: ["nowhere", "Invalid Resource identifier specified"],
  httpMethod: ["PUT", "Invalid Method identifier specified"],
  statusCode: ["599", "Invalid Response status code specified"],
  apiKey: ["nowhere", "Invalid API Key identifier specified"],
  authorizerId: ["nowhere", "Invalid Authorizer identifier specified"],
  basePath: ["nowhere", "Invalid base path mapping identifier specified"],
  clientCertificateId: ["nowhere", "Invalid Client Certificate identifier specified"],
  deploymentId: ["nowhere", "Invalid Deployment identifier specified"],
  documentationPartId: ["nowhere", "Invalid Documentation part identifier specified"],
  documentationVersion: ["nowhere", "Invalid Documentation version specified"],
  domainName: ["no.example.com", "Invalid domain name identifier specified"],
  domainNameAccessAssociationArn: ["nowhere", "Invalid domain name access association identifier specified"],
  id: ["nowhere", "Invalid SDK Type identifier specified"],
  keyId: ["nowhere", "Invalid Key identifier specified"],
  modelName: ["Nothing", "Invalid model name specified: Nothing"],
  requestValidatorId: ["nowhere", "Invalid Request Validator identifier specified"],
  resourceArn: [encodeURIComponent("arn:aws:apigateway:us-east-1::/restapis/nowhere"), "Invalid API identifier specified 000000000000:nowhere"],
  stageName: ["nowhere", "Invalid stage identifier specified"],
  usagePlanId: ["nowhere", "Invalid Usage Plan ID specified"],
  vpcLinkId: ["nowhere", "Invalid Vpc Link identifier specified"],
};

/** Where AWS says it in other words. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  "GetUsagePlanKey keyId": "Invalid API Key identifier specified",
  "DeleteUsagePlanKey keyId": "Invalid API Key identifier specified",
};

/** Labels that name no thing of their own: what is put there, and the words of a fixed list. */
const FREE: Readonly<Record<string, readonly string[]>> = {
  PutMethod: ["httpMethod"],
  PutMethodResponse: ["statusCode"],
  PutIntegrationResponse: ["statusCode"],
  DeleteGatewayResponse: ["responseType"],
  GetGatewayResponse: ["responseType"],
  PutGatewayResponse: ["responseType"],
  UpdateGatewayResponse: ["responseType"],
  GetExport: ["exportType"],
  GetSdk: ["sdkType"],
};

/** A body with which an operation would be done, but for the thing that is not there. */
const BODIES: Readonly<Record<string, object>> = {
  CreateAuthorizer: { name: "b", type: "COGNITO_USER_POOLS", providerARNs: [POOL], identitySource: "method.request.header.a" },
  CreateBasePathMapping: { restApiId: "there", basePath: "v2" },
  CreateDocumentationPart: { location: { type: "RESOURCE", path: "/a" }, properties: "{}" },
  CreateDocumentationVersion: { documentationVersion: "v2" },
  CreateModel: { name: "M", contentType: "application/json", schema: "{}" },
  CreateResource: { pathPart: "more" },
  CreateStage: { stageName: "more", deploymentId: "there" },
  CreateUsagePlanKey: { keyId: "{apiKey}", keyType: "API_KEY" },
  PutIntegration: { type: "MOCK" },
  PutMethod: { authorizationType: "NONE" },
  PutRestApi: { openapi: "3.0.1", info: { title: "a", version: "1" }, paths: {} },
  ImportDocumentationParts: { openapi: "3.0.1", info: { title: "a", version: "1" }, paths: {} },
  TagResource: { tags: { a: "b" } },
};
const QUERIES: Readonly<Record<string, string>> = { GetUsage: "?startDate=2026-01-02&endDate=2026-01-02", UntagResource: "?tagKeys=a" };

const labelsOf = (uri: string): readonly string[] => [...uri.matchAll(/\{(\w+)\+?\}/g)].map(([, label]) => label as string);
const targetOf = (uri: string, values: Readonly<Record<string, string>>): string => uri.replaceAll(/\{(\w+)\+?\}/g, (_, label: string) => values[label] ?? "x");
/** What an operation's request carries: nothing, or the body with which it would be done. */
const bodyOf = ({ name, method }: { readonly name: string; readonly method: string }): string | undefined =>
  hasBody(method) ? JSON.stringify(BODIES[name] ?? {}).replace("{apiKey}", there["apiKey"] as string) : undefined;
const hasBody = (method: string): boolean => method !== "GET" && method !== "DELETE";

const named = operations.flatMap((operation) => labelsOf(operation.uri).map((label) => ({ ...operation, label })));

describe("what is named and not there:", () => {
  test("every label of every operation is in the table", () => {
    const known = named.filter(({ name, label }) => Object.hasOwn(MISSING, label) || FREE[name]?.includes(label));
    expect(known).toEqual(named);
  });

  test.each(named.filter(({ name, label }) => !FREE[name]?.includes(label)))("$name of another $label", async ({ name, method, uri, label }) => {
    const [value, message] = MISSING[label] as (typeof MISSING)[string];
    const target = targetOf(uri, { ...there, [label]: value }) + (QUERIES[name] ?? "");
    expect(await send(method, target, bodyOf({ name, method }))).toEqual([404, "NotFoundException", OTHER_WORDS[`${name} ${label}`] ?? message]);
  });

  test.each(operations.filter(({ name, uri }) => uri.includes("/integration") && name !== "PutIntegration"))("$name of a method without an integration", async ({ method, uri }) => {
    expect(await send(method, targetOf(uri, bare), hasBody(method) ? "{}" : undefined)).toEqual([404, "NotFoundException", "Invalid Integration identifier specified"]);
  });
});

const membersOf = ({ input }: { readonly input: string }): readonly (readonly [string, Member])[] => {
  const shape = table.shapes[input];
  return shape?.type === "structure" ? Object.entries(shape.members) : [];
};

describe("required members that are missing:", () => {
  const asking = operations.flatMap((operation) => {
    const missing = membersOf(operation).flatMap(([name, { required, in: place }]) => (required && place !== "uri" && place !== "payload" ? [name] : []));
    return missing.length === 0 ? [] : [{ ...operation, missing }];
  });

  test.each(asking)("$name without $missing", async ({ name, method, uri, missing }) => {
    const where = name.charAt(0).toLowerCase() + name.slice(1);
    const errors = missing.map((member) => `Value null at '${where}Input.${member}' failed to satisfy constraint: Member must not be null`);
    expect(await send(method, targetOf(uri, there), hasBody(method) ? "{}" : undefined)).toEqual([
      400,
      "ValidationException",
      `${errors.length} validation error${errors.length === 1 ? "" : "s"} detected: ${errors.join("; ")}`,
    ]);
  });
});

describe("payloads that are missing are empty ones:", () => {
  const payloads = operations.filter((operation) => membersOf(operation).some(([, member]) => member.in === "payload"));

  test.each(payloads)("$name", async ({ name, method, uri }) => {
    const message = name === "ImportApiKeys" ? "Missing required column 'Key'" : "Invalid OpenAPI input.";
    const query = name === "ImportApiKeys" ? "&format=csv" : "";
    expect(await send(method, targetOf(uri, there) + query, undefined)).toEqual([400, "BadRequestException", message]);
  });
});

describe("values of another type:", () => {
  /** A value that is none of a shape's, and what AWS's services say. */
  const WRONG: Readonly<Partial<Record<Shape["type"], readonly [value: unknown, message: string]>>> = {
    string: [5, "NUMBER_VALUE can not be converted to a String"],
    boolean: ["true", "STRING_VALUE can not be converted to a Boolean"],
    integer: ["5", "STRING_VALUE can not be converted to an Integer"],
    double: ["5", "STRING_VALUE can not be converted to a Double"],
    list: ["a", "Expected list or null"],
    map: [[], "Start of list found where not expected"],
    structure: [[], "Start of list found where not expected"],
  };
  const typed = operations.flatMap((operation) =>
    membersOf(operation).flatMap(([member, { in: place, wireName, shape }]) =>
      place === "body" ? [{ ...operation, member, wireName, type: (table.shapes[shape] as Shape).type }] : [],
    ),
  );

  test.each(typed)("$name with $member that is no $type", async ({ method, uri, wireName, type }) => {
    const [value, message] = WRONG[type] as readonly [unknown, string];
    expect(await send(method, targetOf(uri, there), JSON.stringify({ [wireName]: value }))).toEqual([400, "SerializationException", message]);
  });

  const queried = operations.flatMap((operation) =>
    membersOf(operation).flatMap(([member, { in: place, wireName, shape }]) => {
      const { type } = table.shapes[shape] as Shape;
      return place === "query" && (type === "integer" || type === "boolean") ? [{ ...operation, member, wireName, type }] : [];
    }),
  );

  test.each(queried)("$name with $member that is no $type", async ({ name, method, uri, wireName, type }) => {
    const query = `${uri.includes("?") ? "&" : "?"}${wireName}=yes`;
    expect(await send(method, targetOf(uri, there) + query, bodyOf({ name, method }))).toEqual([
      400,
      "SerializationException",
      `STRING_VALUE can not be converted to ${type === "integer" ? "an Integer" : "a Boolean"}`,
    ]);
  });
});
