// AWS's whole table of patch operations, path by path and op by op: what it lists is done, what it does not list is refused
// (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html).
import { describe, expect, test } from "vitest";
import { refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { add, deployed, EDGE_CERTIFICATE, FUNCTION, MUTUAL_URI, type Patch, POOL, ROLE, set, type Sort, UPDATABLES } from "../../../test/harness/updatable.ts";

type Op = "add" | "replace" | "remove" | "copy";

interface Row {
  /** As the page has it. */
  readonly path: string;
  /** The ops that the page lists. */
  readonly ops: readonly Op[];
  /** Ops that AWS takes too, by other pages. */
  readonly also?: readonly Op[];
  /** One path of this form; the same when absent. */
  readonly at?: string;
  readonly value?: string | ((made: Made) => string);
  readonly from?: string;
  /** What is there before. */
  readonly before?: readonly Patch[];
  /** What the request holds besides, as the page's table asks. */
  readonly besides?: readonly Patch[];
  /** Ops that change nothing that answers show. */
  readonly unseen?: readonly Op[];
  /** What `remove` names; the value when absent. */
  readonly removes?: string;
  readonly given?: Sort;
}

interface Made {
  readonly restApiId: string;
  readonly secondDeployment: string;
  readonly otherResource: string;
  readonly update: (patchOperations: readonly Patch[]) => Promise<unknown>;
}

const OTHER_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/two";
const POLICY = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}';
const ALL = ["add", "replace", "remove"] as const;
const REPLACE = ["replace"] as const;
const CHANGE = ["add", "replace"] as const;
const ADD_REMOVE = ["add", "remove"] as const;
const REMOVE = ["remove"] as const;

const METHOD_SETTING = "/{resourcePath}/{httpMethod}";
const setting = (name: string, value: string): Row => ({ path: `${METHOD_SETTING}/${name}`, ops: REPLACE, at: `/~1pets/GET/${name}`, value });
const toEdge = { given: "regional", besides: [add("/endpointConfiguration/types", "EDGE")] } as const;
const TWO_TYPES = [add("/endpointConfiguration/types", "REGIONAL"), add("/regionalCertificateArn", EDGE_CERTIFICATE)];
const fromEdge: Partial<Row> = { given: "edge", before: TWO_TYPES, besides: [{ op: "remove", path: "/endpointConfiguration/types", value: "EDGE" }] };

const TABLE: Readonly<Record<string, readonly Row[]>> = {
  UpdateAccount: [
    { path: "/cloudwatchRoleArn", ops: REPLACE, value: ROLE },
    // The one feature that there is cannot be removed, as the page says.
    { path: "/features", ops: ["add"], also: REMOVE, value: "UsagePlans", unseen: ["add"] },
  ],
  UpdateApiKey: [
    { path: "/customerId", ops: REPLACE, value: "c" },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/enabled", ops: REPLACE, value: "false" },
    { path: "/labels", ops: ADD_REMOVE, value: "l", unseen: ADD_REMOVE },
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/stages", ops: ["add"], value: ({ restApiId }) => `${restApiId}/prod` },
    { path: "/stages", ops: REMOVE, also: ["add"], value: ({ restApiId }) => `${restApiId}/prod`, unseen: REMOVE },
  ],
  UpdateAuthorizer: [
    { path: "/authorizerUri", ops: REPLACE, value: FUNCTION.replace(":auth/", ":other/") },
    { path: "/authorizerCredentials", ops: REPLACE, value: ROLE },
    { path: "/authorizerResultTtlInSeconds", ops: REPLACE, value: "7" },
    { path: "/authType", ops: REPLACE, value: "oauth2" },
    { path: "/identitySource", ops: ALL, value: "method.request.querystring.q", given: "request", removes: "method.request.header.Authorization" },
    { path: "/identityValidationExpression", ops: REPLACE, value: "[a-z]+" },
    // Developer guide: rest-api-jwt-authorizer-update.
    { path: "/jwtConfiguration", ops: [], also: REPLACE, value: "{}" },
    { path: "/name", ops: REPLACE, value: "other" },
    { path: "/providerARNs", ops: ADD_REMOVE, value: `${POOL}2`, given: "userPools", removes: `${POOL}1` },
    { path: "/type", ops: REPLACE, value: "REQUEST" },
  ],
  UpdateBasePathMapping: [
    { path: "/basepath", ops: REPLACE, value: "v2" },
    { path: "/restapiId", ops: REPLACE, value: ({ restApiId }) => restApiId, unseen: REPLACE },
    { path: "/stage", ops: REPLACE, value: "prod" },
  ],
  UpdateClientCertificate: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDeployment: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDocumentationPart: [{ path: "/properties", ops: REPLACE, value: '{"description":"d"}' }],
  UpdateDocumentationVersion: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDomainName: [
    { path: "/certificateName", ops: ["add"], value: "named", ...toEdge, besides: [...toEdge.besides, add("/certificateArn", EDGE_CERTIFICATE)] },
    { path: "/certificateName", ops: REPLACE, also: ["add"], value: "named", given: "edge" },
    { path: "/certificateName", ops: REMOVE, also: CHANGE, ...fromEdge, besides: [...(fromEdge.besides ?? []), { op: "remove", path: "/certificateArn" }] },
    { path: "/certificateArn", ops: ["add"], value: EDGE_CERTIFICATE, ...toEdge },
    { path: "/certificateArn", ops: REPLACE, also: ["add"], value: OTHER_CERTIFICATE, given: "edge" },
    { path: "/certificateArn", ops: REMOVE, also: CHANGE, ...fromEdge },
    { path: "/endpointConfiguration/types", ops: ["add"], also: REMOVE, value: "EDGE", given: "regional", besides: [add("/certificateArn", EDGE_CERTIFICATE)] },
    { path: "/endpointConfiguration/types", ops: REMOVE, also: ["add"], value: "EDGE", given: "edge", before: TWO_TYPES, besides: [{ op: "remove", path: "/certificateArn" }] },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack" },
    { path: "/endpointAccessMode", ops: REPLACE, value: "STRICT", given: "enhanced" },
    { path: "/managementPolicy", ops: REPLACE, value: POLICY, given: "private" },
    { path: "/mutualTlsAuthentication/truststoreUri", ops: ALL, value: `${MUTUAL_URI}2`, given: "mutual" },
    { path: "/mutualTlsAuthentication/truststoreVersion", ops: ALL, value: "2", given: "mutual" },
    { path: "/policy", ops: REPLACE, value: POLICY, given: "private" },
    { path: "/regionalCertificateName", ops: ALL, value: "named", given: "regional", before: [set("/regionalCertificateName", "before")] },
    { path: "/regionalCertificateArn", ops: ["add"], value: EDGE_CERTIFICATE, given: "edge", besides: [add("/endpointConfiguration/types", "REGIONAL")] },
    { path: "/regionalCertificateArn", ops: REPLACE, also: ["add"], value: OTHER_CERTIFICATE, given: "regional" },
    {
      path: "/regionalCertificateArn",
      ops: REMOVE,
      also: CHANGE,
      given: "edge",
      before: TWO_TYPES,
      besides: [{ op: "remove", path: "/endpointConfiguration/types", value: "REGIONAL" }],
    },
    { path: "/routingMode", ops: REPLACE, value: "ROUTING_RULE_ONLY" },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_0" },
    {
      path: "/ownershipVerificationCertificateArn",
      ops: ALL,
      value: OTHER_CERTIFICATE,
      given: "mutual",
      before: [set("/ownershipVerificationCertificateArn", EDGE_CERTIFICATE)],
    },
  ],
  UpdateGatewayResponse: [
    { path: "/statusCode", ops: REPLACE, value: "418" },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/gatewayresponse.header.a", value: "'b'" },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "{}" },
  ],
  UpdateIntegration: [
    { path: "/cacheKeyParameters", ops: ALL, value: "method.request.header.b", removes: "method.request.header.a" },
    { path: "/cacheNamespace", ops: REPLACE, value: "n" },
    { path: "/connectionId", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/connectionType", ops: REPLACE, value: "INTERNET", unseen: REPLACE },
    { path: "/contentHandling", ops: REPLACE, value: "CONVERT_TO_TEXT" },
    { path: "/httpMethod", ops: REPLACE, value: "POST" },
    { path: "/integrationTarget", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/passthroughBehavior", ops: REPLACE, value: "NEVER" },
    { path: "/requestParameters", ops: ALL, at: "/requestParameters/integration.request.header.a", value: "'b'" },
    { path: "/requestTemplates", ops: ALL, at: "/requestTemplates/application~1json", value: "$input.body" },
    { path: "/responseTransferMode", ops: REPLACE, value: "STREAM" },
    { path: "/timeoutInMillis", ops: REPLACE, value: "500" },
    { path: "/tlsConfig/insecureSkipVerification", ops: REPLACE, value: "true" },
    { path: "/type", ops: [], value: "MOCK" },
    { path: "/uri", ops: REPLACE, value: "http://other.example" },
  ],
  UpdateIntegrationResponse: [
    { path: "/contentHandling", ops: REPLACE, value: "CONVERT_TO_TEXT" },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/method.response.header.a", value: "'b'" },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "$input.body" },
    { path: "/selectionPattern", ops: REPLACE, value: "2.." },
  ],
  UpdateMethod: [
    { path: "/authorizationScopes", ops: ADD_REMOVE, value: "s", before: [add("/authorizationScopes", "before")], removes: "before" },
    { path: "/authorizationType", ops: REPLACE, value: "AWS_IAM" },
    { path: "/authorizerId", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/apiKeyRequired", ops: REPLACE, value: "true" },
    { path: "/operationName", ops: REPLACE, value: "op" },
    { path: "/requestParameters", ops: ALL, at: "/requestParameters/method.request.header.c", value: "true", before: [add("/requestParameters/method.request.header.c", "false")] },
    { path: "/requestModels", ops: ALL, at: "/requestModels/application~1json", value: "Empty", before: [add("/requestModels/application~1json", "Error")] },
    { path: "/requestValidatorId", ops: REPLACE, value: "", unseen: REPLACE },
  ],
  UpdateMethodResponse: [
    { path: "/responseModels", ops: ALL, at: "/responseModels/application~1json", value: "Empty", before: [add("/responseModels/application~1json", "Error")] },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/method.response.header.b", value: "true", before: [add("/responseParameters/method.response.header.b", "false")] },
  ],
  UpdateModel: [
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/schema", ops: REPLACE, value: '{"type":"object"}' },
  ],
  UpdateRequestValidator: [
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/validateRequestBody", ops: REPLACE, value: "true" },
    { path: "/validateRequestParameters", ops: REPLACE, value: "true" },
  ],
  UpdateResource: [
    { path: "/parentId", ops: REPLACE, value: ({ otherResource }) => otherResource },
    { path: "/pathPart", ops: REPLACE, value: "cats" },
  ],
  UpdateRestApi: [
    { path: "/apiKeySource", ops: REPLACE, value: "AUTHORIZER" },
    { path: "/binaryMediaTypes", ops: ["add"], at: "/binaryMediaTypes/image~1png" },
    { path: "/binaryMediaTypes", ops: ["replace", "remove"], at: "/binaryMediaTypes/image~1png", value: "image/gif", before: [{ op: "add", path: "/binaryMediaTypes/image~1png" }] },
    { path: "/description", ops: ALL, value: "d", before: [set("/description", "before")] },
    { path: "/disableExecuteApiEndpoint", ops: REPLACE, value: "true" },
    { path: "/endpointConfiguration/types/{type}", ops: REPLACE, at: "/endpointConfiguration/types/EDGE", value: "REGIONAL" },
    { path: "/endpointConfiguration/vpcEndpointIds", ops: ADD_REMOVE, value: "vpce-2", given: "private", removes: "vpce-1" },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack" },
    { path: "/endpointAccessMode", ops: REPLACE, value: "BASIC", given: "strictable" },
    { path: "/minimumCompressionSize", ops: REPLACE, value: "0" },
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/policy", ops: REPLACE, value: POLICY },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_2" },
  ],
  UpdateStage: [
    { path: "/accessLogSettings", ops: REMOVE },
    { path: "/accessLogSettings/*", ops: REPLACE, also: ADD_REMOVE, at: "/accessLogSettings/format", value: "$context.requestId $context.status" },
    { path: "/accessLogSettings/destinationArn", ops: ALL, value: "arn:aws:logs:us-east-1:000000000000:log-group:other" },
    { path: "/accessLogSettings/format", ops: ALL, value: "$context.requestId $context.status" },
    { path: "/cacheClusterEnabled", ops: REPLACE, value: "true" },
    { path: "/cacheClusterSize", ops: REPLACE, value: "1.6" },
    { path: "/canarySettings", ops: REMOVE },
    { path: "/canarySettings/deploymentId", ops: REPLACE, value: ({ secondDeployment }) => secondDeployment, unseen: REPLACE },
    { path: "/canarySettings/percentTraffic", ops: REPLACE, value: "12.5" },
    { path: "/canarySettings/stageVariableOverrides", ops: REPLACE, value: '{"a":"b"}' },
    // Guide: update-canary-deployment.
    { path: "/canarySettings/stageVariableOverrides/{name}", ops: [], also: ["replace", "remove"], at: "/canarySettings/stageVariableOverrides/a", value: "c" },
    { path: "/canarySettings/useStageCache", ops: REPLACE, value: "true" },
    { path: "/clientCertificateId", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/deploymentId", ops: ["replace", "copy"], value: ({ secondDeployment }) => secondDeployment, from: "/canarySettings/deploymentId" },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/documentationVersion", ops: REPLACE, value: "1" },
    { path: "/methodSettings", ops: REPLACE, value: '{"*/*":{"metricsEnabled":true}}' },
    // Guide: promote-canary-deployment, for copy.
    { path: "/variables", ops: ["replace", "remove"], also: ["copy"], value: '{"a":"c"}', from: "/canarySettings/stageVariableOverrides" },
    // Guide: aws-api-gateway-stage-variables-reference has no removal; Terraform's provider removes.
    { path: "/variables/*", ops: REPLACE, also: REMOVE, at: "/variables/b", value: "c" },
    { path: "/tracingEnabled", ops: REPLACE, value: "true" },
    setting("metrics/enabled", "true"),
    setting("logging/dataTrace", "true"),
    setting("logging/loglevel", "INFO"),
    setting("throttling/burstLimit", "7"),
    setting("throttling/rateLimit", "7.5"),
    setting("caching/enabled", "true"),
    setting("caching/dataEncrypted", "true"),
    setting("caching/ttlInSeconds", "7"),
    setting("caching/requireAuthorizationForCacheControl", "false"),
    setting("caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"),
  ],
  UpdateUsage: [{ path: "/remaining", ops: REPLACE, value: "77" }],
  UpdateUsagePlan: [
    { path: "/apiStages", ops: ADD_REMOVE, value: ({ restApiId }) => `${restApiId}:beta`, removes: "prod" },
    { path: "/apiStages/{apidId:stageName}/throttle/{resourcePath}/{httpMethod}", ops: REMOVE, at: "throttle/~1pets/GET" },
    { path: "/apiStages/{apidId:stageName}/throttle/{resourcePath}/{httpMethod}/rateLimit", ops: CHANGE, at: "throttle/~1pets/GET/rateLimit", value: "7.5" },
    { path: "/apiStages/{apidId:stageName}/throttle/{resourcePath}/{httpMethod}/burstLimit", ops: CHANGE, at: "throttle/~1pets/GET/burstLimit", value: "7" },
    { path: "/apiStages/{apidId:stageName}/throttle", ops: ALL, at: "throttle", value: '{"/pets/GET":{"rateLimit":1.5,"burstLimit":7}}' },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/productCode", ops: ALL, value: "p", before: [set("/productCode", "before")] },
    { path: "/quota", ops: REMOVE },
    { path: "/quota/limit", ops: CHANGE, value: "7" },
    { path: "/quota/offset", ops: CHANGE, value: "2" },
    { path: "/quota/period", ops: CHANGE, value: "MONTH" },
    // Method throttles need the plan's own.
    { path: "/throttle", ops: REMOVE, given: "bare" },
    { path: "/throttle/burstLimit", ops: CHANGE, value: "7" },
    { path: "/throttle/rateLimit", ops: CHANGE, value: "7.5" },
  ],
  UpdateVpcLink: [
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/description", ops: REPLACE, value: "d" },
  ],
};

async function make(operation: string, given?: Sort): Promise<Made> {
  const { api } = startControlPlane();
  const made = await deployed(api);
  const { update } = await (UPDATABLES[operation] as (typeof UPDATABLES)[string])(api, made, given);
  return { ...made, update: (patchOperations) => update(api, patchOperations) };
}

/** Where a row's operation is done; a usage plan's paths name the API. */
const placeOf = ({ path, at = path }: Row, { restApiId }: Made): string => (at.startsWith("throttle") ? `/apiStages/${restApiId}:prod/${at}` : at);

function patchOf(row: Row, op: Op, made: Made): Patch {
  const { value, from, removes } = row;
  const given = op === "remove" && removes !== undefined ? (removes === "prod" ? `${made.restApiId}:prod` : removes) : value;
  const text = typeof given === "function" ? given(made) : given;
  return { op, path: placeOf(row, made), ...(op === "copy" ? { from: from ?? "/name" } : text === undefined ? {} : { value: text }) };
}

const rows = Object.entries(TABLE).flatMap(([operation, all]) => all.map((row) => ({ operation, row })));
const OPS: readonly Op[] = ["add", "replace", "remove", "copy"];
const cases = rows.flatMap(({ operation, row }) => OPS.map((op) => ({ operation, row, op, name: `${operation} ${op} ${row.path}` })));
const isListed = ({ row, op }: (typeof cases)[number]) => row.ops.includes(op);
const isKnown = ({ operation, row, op }: (typeof cases)[number]) =>
  (TABLE[operation] ?? []).some((each) => (each.at ?? each.path) === (row.at ?? row.path) && (each.ops.includes(op) || each.also?.includes(op)));

test("every Update operation is in the table", () => {
  const { api } = startControlPlane();
  expect(Object.keys(TABLE).sort()).toEqual(Object.keys(api).filter((name) => name.startsWith("Update")).sort());
});

describe("the ops that the page lists are done", () => {
  test.each(cases.filter(isListed))("$name", async ({ operation, row, op }) => {
    const made = await make(operation, row.given);
    if (row.before) await made.update(row.before);
    const before = await made.update([]);
    const answer = await made.update([...(row.besides ?? []), patchOf(row, op, made)]);
    if (row.unseen?.includes(op)) expect(answer).toEqual(before);
    else expect(answer).not.toEqual(before);
  });
});

describe("the ops that it does not list are refused, and change nothing", () => {
  test.each(cases.filter((each) => !isKnown(each)))("$name", async ({ operation, row, op }) => {
    const made = await make(operation, row.given);
    const before = await made.update([]);
    const patch = patchOf(row, op, made);
    const refused = await refusal(made.update([patch]));
    const unknown = `BadRequestException: Invalid patch path  '${patch.path}' specified for op '${op}'. Must be one of: [`;
    // Removals of what may also be the path of a method with slashes.
    const noSuchMethod = [`BadRequestException: Invalid method setting path: ${patch.path}`, `NotFoundException: Method throttle not found: /pets/GET/`];
    expect([unknown, ...(op === "remove" ? noSuchMethod : [])].some((expected) => refused.startsWith(expected)), refused).toBe(true);
    expect(await made.update([])).toEqual(before);
  });
});

describe("everywhere", () => {
  test.each(Object.keys(TABLE))("%s refuses other paths, move, test and an op that is none", async (operation) => {
    const { update } = await make(operation);
    const [{ path }] = TABLE[operation] as [Row];
    for (const op of OPS) {
      expect(await refusal(update([{ op, path: "/no~1such", value: "" }]))).toMatch(
        new RegExp(String.raw`^BadRequestException: Invalid patch path  '/no~1such' specified for op '${op}'\. Must be one of: \[`),
      );
    }
    for (const op of ["move", "test"] as const) {
      expect(await refusal(update([{ op, path, value: "x", from: path }]))).toBe(
        `BadRequestException: Invalid patch path  '${path}' specified for op '${op}'. Must be one of: []`,
      );
    }
  });
});
