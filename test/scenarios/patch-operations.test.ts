// AWS's whole table of patch operations through the AWS SDK, on the started program: what the page lists is done and reads
// back, what it does not list is refused and changes nothing, and wrong values are refused in whole words.
import type { APIGatewayServiceException } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { throughSdk } from "../harness/control-plane-through-sdk.ts";
import type { ControlPlane } from "../harness/control-plane.ts";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { changesBetween, changesBy, type Op, pathOf, patchOf, preparationOf, refusalOf, requestOf, type Row } from "../harness/patch-case.ts";
import { PATCH_TABLE } from "../harness/patch-table.ts";
import { type Deployed, deployed, type Patch, type Sort, type Updatable, UPDATABLES } from "../harness/updatable.ts";

/** The paths that refusals name, in their order. */
const NAMED: Readonly<Record<string, Partial<Readonly<Record<Op, string>>>>> = {
  UpdateAccount: { add: "/features", replace: "/cloudwatchRoleArn", remove: "/features" },
  UpdateApiKey: { add: "/labels, /stages", replace: "/customerId, /description, /enabled, /name", remove: "/labels, /stages" },
  UpdateAuthorizer: {
    add: "/identitySource, /providerARNs",
    replace: "/authType, /authorizerCredentials, /authorizerResultTtlInSeconds, /authorizerUri, /identitySource, /identityValidationExpression, /jwtConfiguration, /name, /type",
    remove: "/identitySource, /providerARNs",
  },
  UpdateBasePathMapping: { replace: "/basePath, /basepath, /restapiId, /stage" },
  UpdateClientCertificate: { replace: "/description" },
  UpdateDeployment: { replace: "/description" },
  UpdateDocumentationPart: { replace: "/properties" },
  UpdateDocumentationVersion: { replace: "/description" },
  UpdateDomainName: {
    add: "/certificateName, /certificateArn, /endpointConfiguration/types, /endpointConfiguration/types/{type}, /mutualTlsAuthentication/truststoreUri, /mutualTlsAuthentication/truststoreVersion, /regionalCertificateName, /regionalCertificateArn, /ownershipVerificationCertificateArn",
    replace: "/certificateName, /certificateArn, /endpointConfiguration/types/{type}, /endpointConfiguration/ipAddressType, /endpointAccessMode, /managementPolicy, /mutualTlsAuthentication/truststoreUri, /mutualTlsAuthentication/truststoreVersion, /policy, /regionalCertificateName, /regionalCertificateArn, /routingMode, /securityPolicy, /ownershipVerificationCertificateArn",
    remove: "/certificateName, /certificateArn, /endpointConfiguration/types, /endpointConfiguration/types/{type}, /mutualTlsAuthentication/truststoreUri, /mutualTlsAuthentication/truststoreVersion, /regionalCertificateName, /regionalCertificateArn, /ownershipVerificationCertificateArn",
  },
  UpdateGatewayResponse: {
    add: "/responseParameters/{name}, /responseTemplates/{contentType}",
    replace: "/statusCode, /responseParameters/{name}, /responseTemplates/{contentType}",
    remove: "/responseParameters/{name}, /responseTemplates/{contentType}",
  },
  UpdateIntegration: {
    add: "/cacheKeyParameters, /cacheKeyParameters/{parameter}, /requestParameters/{name}, /requestTemplates/{contentType}",
    replace: "/cacheKeyParameters, /cacheKeyParameters/{parameter}, /cacheNamespace, /connectionId, /connectionType, /contentHandling, /credentials, /httpMethod, /integrationTarget, /passthroughBehavior, /requestParameters/{name}, /requestTemplates/{contentType}, /responseTransferMode, /timeoutInMillis, /tlsConfig/insecureSkipVerification, /uri",
    remove: "/cacheKeyParameters, /cacheKeyParameters/{parameter}, /requestParameters/{name}, /requestTemplates/{contentType}",
  },
  UpdateIntegrationResponse: {
    add: "/responseParameters/{name}, /responseTemplates/{contentType}",
    replace: "/contentHandling, /responseParameters/{name}, /responseTemplates/{contentType}, /selectionPattern",
    remove: "/responseParameters/{name}, /responseTemplates/{contentType}",
  },
  UpdateMethod: {
    add: "/authorizationScopes, /requestParameters/{name}, /requestModels/{contentType}",
    replace: "/authorizationType, /authorizerId, /apiKeyRequired, /operationName, /requestParameters/{name}, /requestModels/{contentType}, /requestValidatorId",
    remove: "/authorizationScopes, /requestParameters/{name}, /requestModels/{contentType}",
  },
  UpdateMethodResponse: {
    add: "/responseModels/{contentType}, /responseParameters/{name}",
    replace: "/responseModels/{contentType}, /responseParameters/{name}",
    remove: "/responseModels/{contentType}, /responseParameters/{name}",
  },
  UpdateModel: { replace: "/description, /schema" },
  UpdateRequestValidator: { replace: "/name, /validateRequestBody, /validateRequestParameters" },
  UpdateResource: { replace: "/parentId, /pathPart" },
  UpdateRestApi: {
    add: "/binaryMediaTypes, /binaryMediaTypes/{mediaType}, /description, /endpointConfiguration/vpcEndpointIds, /endpointConfiguration/vpcEndpointIds/{vpcEndpointId}",
    replace: "/apiKeySource, /binaryMediaTypes, /binaryMediaTypes/{mediaType}, /description, /disableExecuteApiEndpoint, /endpointConfiguration/types/{type}, /endpointConfiguration/ipAddressType, /endpointAccessMode, /minimumCompressionSize, /name, /policy, /securityPolicy",
    remove: "/binaryMediaTypes, /binaryMediaTypes/{mediaType}, /description, /endpointConfiguration/vpcEndpointIds, /endpointConfiguration/vpcEndpointIds/{vpcEndpointId}",
  },
  UpdateStage: {
    add: "/accessLogSettings/destinationArn, /accessLogSettings/format",
    replace: "/accessLogSettings/destinationArn, /accessLogSettings/format, /cacheClusterEnabled, /cacheClusterSize, /canarySettings/deploymentId, /canarySettings/percentTraffic, /canarySettings/stageVariableOverrides, /canarySettings/stageVariableOverrides/{name}, /canarySettings/useStageCache, /clientCertificateId, /deploymentId, /description, /documentationVersion, /variables, /variables/{name}, /tracingEnabled, /methodSettings, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit, /{resourcePath}/{httpMethod}/throttling/rateLimit, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy",
    remove: "/accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /canarySettings, /canarySettings/stageVariableOverrides/{name}, /variables, /variables/{name}, /{resourcePath}/{httpMethod}",
    copy: "/deploymentId, /variables",
  },
  UpdateUsage: { replace: "/remaining" },
  UpdateUsagePlan: {
    add: "/apiStages, /productCode, /apiStages/<apidId:stageName>/throttle, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/rateLimit, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/burstLimit, /quota/limit, /quota/offset, /quota/period, /throttle/burstLimit, /throttle/rateLimit",
    replace: "/productCode, /apiStages/<apidId:stageName>/throttle, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/rateLimit, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/burstLimit, /description, /name, /quota/limit, /quota/offset, /quota/period, /throttle/burstLimit, /throttle/rateLimit",
    remove: "/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle",
  },
  UpdateVpcLink: { replace: "/name, /description" },
};

let gatehouse: Gatehouse;
let api: ControlPlane;
beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  api = throughSdk(gatehouse.apiGateway());
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

const OPS: readonly Op[] = ["add", "replace", "remove", "copy"];
const opsOf = ({ ops, also = [] }: Row): readonly Op[] => [...ops, ...also];

/** The API that everything of an operation's rows is made in. */
const homes = new Map<string, Promise<Deployed>>();
function homeOf(operation: string): Promise<Deployed> {
  const home = homes.get(operation) ?? deployed(api);
  homes.set(operation, home);
  return home;
}

/** Makes one of what an operation updates, for as long as it is looked at. */
async function withOne(operation: string, given: Sort | undefined, look: (thing: Updatable, home: Deployed) => Promise<void>): Promise<void> {
  const home = await homeOf(operation);
  const thing = await (UPDATABLES[operation] as (typeof UPDATABLES)[string])(api, home, given);
  try {
    await look(thing, home);
  } finally {
    await thing.remove?.(api);
  }
}

/** How an update is refused: `400 BadRequestException: ...`. */
async function refusal({ update }: Updatable, ...operations: readonly Patch[]): Promise<string> {
  return update(api, operations).then(
    (answer) => `accepted: ${JSON.stringify(answer)}`,
    ({ name, message, $metadata }: APIGatewayServiceException) => `${$metadata.httpStatusCode} ${name}: ${message}`,
  );
}

const unknownPath = (operation: string, op: Patch["op"], path: string) =>
  `400 BadRequestException: Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${NAMED[operation]?.[op as Op] ?? ""}]`;

const asMatchers = (changes: object): object =>
  Object.fromEntries(Object.entries(changes).map(([where, value]) => [where, value instanceof RegExp ? (expect.stringMatching(value) as unknown) : (value as unknown)]));

/** Updates of resources do not show their methods. */
const comparable = (operation: string, answer: object) => (operation === "UpdateResource" ? { ...answer, resourceMethods: undefined } : answer);

test("every Update operation is in the table, and every path that a refusal names", () => {
  expect(Object.keys(PATCH_TABLE).sort()).toEqual(Object.keys(UPDATABLES).sort());
  for (const [operation, named] of Object.entries(NAMED)) {
    const rows = PATCH_TABLE[operation] ?? [];
    for (const [op, paths] of Object.entries(named) as [Op, string][]) {
      for (const path of paths.split(", ")) {
        const pattern = new RegExp(`^${path.replaceAll(/[{<][^/]*[}>]/g, "[^/]+")}$`);
        const shown = rows.some((row) => [...opsOf(row), ...(row.elsewhere ?? [])].includes(op) && pattern.test(row.at ?? row.path));
        expect(shown, `${operation} ${op} ${path}`).toBe(true);
      }
    }
  }
});

const cases = Object.entries(PATCH_TABLE).flatMap(([operation, rows]) => rows.map((row) => ({ operation, row })));

describe("what the page lists is done, and reads back", () => {
  const listed = cases.flatMap(({ operation, row }) => opsOf(row).map((op) => ({ operation, row, op, name: `${operation} ${op} ${row.at ?? row.path}` })));
  test.each(listed)("$name", async ({ operation, row, op }) => {
    await withOne(operation, row.given, async (thing, home) => {
      if (row.before) await thing.update(api, preparationOf(row, home));
      const before = await thing.read(api);
      const answer = await thing.update(api, requestOf(row, op, home));
      const after = await thing.read(api);
      expect(changesBetween(before, after)).toStrictEqual(asMatchers(changesBy(row, op, home)));
      expect(comparable(operation, answer as object)).toEqual(comparable(operation, after as object));
    });
  });
});

describe.each(Object.entries(PATCH_TABLE))("%s", (operation, rows) => {
  /** Whether some row has it done, on the same path or another one of its form. */
  const isDone = ({ path, at = path }: Row, op: Op) =>
    rows.some((each) => (each.path === path || (each.at ?? each.path) === at) && [...opsOf(each), ...(each.elsewhere ?? [])].includes(op));

  test("refuses other ops and other paths, move, test and an op that is none", async () => {
    for (const given of new Set(rows.map((row) => row.given))) {
      await withOne(operation, given, async (thing, home) => {
        const before = await thing.read(api);
        for (const row of rows.filter((each) => each.given === given)) {
          for (const op of OPS.filter((each) => !isDone(row, each))) {
            const patch = patchOf(row, op, home);
            expect(await refusal(thing, patch)).toBe(removalOfNone(operation, patch) ?? unknownPath(operation, op, patch.path ?? ""));
          }
        }
        for (const op of OPS) expect(await refusal(thing, { op, path: "/no~1such", value: "" })).toBe(unknownPath(operation, op, "/no~1such"));
        for (const op of ["move", "test"] as const) expect(await refusal(thing, { op, path: "/name", value: "x", from: "/name" })).toBe(unknownPath(operation, op, "/name"));
        expect(await thing.read(api)).toEqual(before);
      });
    }
  });

  test("refuses wrong values", async () => {
    const wrong = rows.filter((row) => row.wrong !== undefined);
    for (const given of new Set(wrong.map((row) => row.given))) {
      await withOne(operation, given, async (thing, home) => {
        const before = await thing.read(api);
        for (const row of wrong.filter((each) => each.given === given)) {
          const op = opsOf(row).find((each) => each !== "remove") as Op;
          for (const [value, words] of Object.entries(row.wrong ?? {})) {
            expect(await refusal(thing, ...(row.besides ?? []), { op, path: pathOf(row, home), value })).toBe(refusalOf(row, value, words, home));
          }
        }
        expect(await thing.read(api)).toEqual(before);
      });
    }
  });
});

/** Removals of what may also be the path of a method with slashes. */
function removalOfNone(operation: string, { op, path = "" }: Patch): string | undefined {
  if (op !== "remove") return undefined;
  if (operation === "UpdateStage" && path.split("/").length > 2) return `400 BadRequestException: Invalid method setting path: ${path}`;
  if (operation === "UpdateUsagePlan" && path.endsWith("Limit") && path.startsWith("/apiStages/")) {
    return `404 NotFoundException: Method throttle not found: /pets/GET/${path.split("/").at(-1)}`;
  }
  return undefined;
}

test("refuses the removal of the one feature, and copies that are none", async () => {
  await withOne("UpdateAccount", undefined, async (account) => {
    expect(await refusal(account, { op: "remove", path: "/features", value: "UsagePlans" })).toBe("400 BadRequestException: The UsagePlans feature cannot be removed");
  });
  await withOne("UpdateStage", undefined, async (stage) => {
    for (const from of ["/description", "/canarySettings/stageVariableOverrides", undefined]) {
      expect(await refusal(stage, { op: "copy", path: "/deploymentId", ...(from ? { from } : {}) })).toBe(
        `400 BadRequestException: Invalid patch path  '${from ?? ""}' specified for op 'copy' to '/deploymentId'. Must be one of: [/canarySettings/deploymentId]`,
      );
    }
    await stage.update(api, [{ op: "remove", path: "/canarySettings" }]);
    expect(await refusal(stage, { op: "copy", path: "/deploymentId", from: "/canarySettings/deploymentId" })).toBe(
      "400 BadRequestException: Stage updated has no canary settings to copy from",
    );
  });
});

test("does all of a request's operations in their order, or none", async () => {
  await withOne("UpdateApiKey", undefined, async (key) => {
    const names = ["one", "two", "three"].map((value): Patch => ({ op: "replace", path: "/name", value }));
    expect(await key.update(api, names)).toMatchObject({ name: "three" });
    const before = await key.read(api);
    expect(await refusal(key, { op: "replace", path: "/name", value: "four" }, { op: "replace", path: "/enabled", value: "maybe" })).toBe(
      "400 BadRequestException: Invalid patch value 'maybe' specified for path '/enabled'. Must be true or false",
    );
    expect(await key.read(api)).toEqual(before);
    expect(await refusal(key, { path: "/name", value: "x" })).toBe("400 BadRequestException: Invalid patch operation specified: op must be one of: [add, remove, replace, copy]");
    expect(await refusal(key, { op: "replace", value: "x" })).toBe("400 BadRequestException: Invalid patch operation specified: path is required for op 'replace'");
  });
});
