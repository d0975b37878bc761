// Reading what was written gives the same API, for all that OpenAPI documents of AWS carry: whatever the definition, in both
// versions and both layouts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { api as baseApi } from "../../test/harness/rest-api.ts";
import { type Authorizer, authorizationTypeOf, type JwtIssuer } from "../domain/authorizer.ts";
import { type DataModel, modelUrl } from "../domain/data-model.ts";
import { completeLocation, type DocumentationPartLocation, type DocumentationVersion } from "../domain/documentation.ts";
import type { GatewayResponse } from "../domain/gateway-response.ts";
import type { RequestValidator } from "../domain/request-validator.ts";
import { byId, resourcePath } from "../domain/resource-path.ts";
import type { Integration, Method, Resource, RestApi, RestApiSnapshot } from "../domain/rest-api.ts";
import { type ExportFormat, type ImportedApi, printJson, printYaml, readOpenApi, writeDocument } from "./index.ts";

const DEPLOYED = Date.UTC(2020, 0, 2, 3, 4, 5);
const JSON_TYPE = "application/json";

interface Defined {
  readonly api: RestApi;
  readonly snapshot: RestApiSnapshot;
  readonly documentation: DocumentationVersion;
}

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/).filter((each) => !["sigv4", "NONE"].includes(each));
const text = fc.string({ minLength: 1, maxLength: 40 });
const names = (most: number) => fc.uniqueArray(name, { maxLength: most });
const map = <T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>) => fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });
/** Members that may be missing. */
const some = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(members, { requiredKeys: [] as never[] }) as fc.Arbitrary<Partial<T>>;

const contentType = fc.constantFrom(JSON_TYPE, "text/plain", "application/x-www-form-urlencoded");
const templates = map(contentType, text);
const status = fc.constantFrom("200", "201", "400", "404", "500");

const validators: fc.Arbitrary<readonly RequestValidator[]> = names(2).chain((all) =>
  fc.tuple(...all.map((each) => fc.record({ id: fc.constant(`v-${each}`), name: fc.constant(each), validateRequestBody: fc.boolean(), validateRequestParameters: fc.boolean() }))),
);

const jwtIssuer: fc.Arbitrary<JwtIssuer> = fc
  .record({ issuer: fc.webUrl(), audiences: fc.array(text, { minLength: 1, maxLength: 2 }) })
  .chain((its) =>
    some({
      additionalClaims: fc.array(
        fc.record({ claimName: name, format: fc.constant("SINGLE_STRING" as const) }).chain((claim) => some({ expectedValues: fc.array(text, { maxLength: 2 }), required: fc.boolean() }).map((more) => ({ ...claim, ...more }))),
        { minLength: 1, maxLength: 2 },
      ),
    }).map((more) => ({ ...its, ...more })),
  );

const authorizer = (own: string): fc.Arbitrary<Authorizer> =>
  fc.oneof(
    fc.record({
      id: fc.constant(`a-${own}`),
      name: fc.constant(own),
      type: fc.constant("TOKEN" as const),
      authType: fc.constantFrom("custom", "oauth2"),
      authorizerUri: fc.constant("arn:aws:apigateway:us-east-1:lambda:path/f"),
      identitySource: name.map((each) => `method.request.header.${each}`),
      authorizerResultTtlInSeconds: fc.nat(3600),
      identityValidationExpression: text,
    }),
    fc.record({
      id: fc.constant(`a-${own}`),
      name: fc.constant(own),
      type: fc.constant("REQUEST" as const),
      authType: fc.constant("custom"),
      authorizerUri: fc.constant("arn:aws:apigateway:us-east-1:lambda:path/f"),
      authorizerCredentials: fc.constant("arn:aws:iam::123456789012:role/r"),
      identitySource: fc.constantFrom("method.request.header.A", "method.request.querystring.b", "method.request.header.A, stageVariables.c", "context.accountId"),
    }),
    fc.record({
      id: fc.constant(`a-${own}`),
      name: fc.constant(own),
      type: fc.constant("COGNITO_USER_POOLS" as const),
      authType: fc.constant("cognito_user_pools"),
      providerARNs: fc.constant(["arn:aws:cognito-idp:us-east-1:123456789012:userpool/p"]),
      identitySource: fc.constant("method.request.header.Authorization"),
    }),
    fc.record({
      id: fc.constant(`a-${own}`),
      name: fc.constant(own),
      type: fc.constant("JWT" as const),
      authType: fc.constant("jwt"),
      identitySource: fc.constantFrom("method.request.header.A", "method.request.querystring.b"),
      jwtConfiguration: fc.record({ issuers: fc.array(jwtIssuer, { minLength: 1, maxLength: 2 }), defaultAlgorithms: fc.constantFrom(["RS256" as const], ["ES256" as const, "RS512" as const]) }),
    }),
  );

/** A schema of an object or a list, which may refer to other models. */
const schema = (others: readonly string[]): fc.Arbitrary<object> => {
  const reference = others.map((each) => fc.constant({ $ref: modelUrl(baseApi.id, each) }));
  const leaf = fc.oneof(fc.constantFrom({ type: "string" }, { type: "integer" }, { type: "number" }), some({ type: fc.constant("string"), description: text, enum: fc.constant(["a", "b"]) }), ...reference);
  return fc.oneof(
    fc.record({ type: fc.constant("object"), properties: map(name, leaf), title: text }),
    fc.record({ type: fc.constant("array"), items: leaf }),
  );
};

const models: fc.Arbitrary<readonly DataModel[]> = names(3).chain((all) =>
  fc.tuple(...all.map((each) => schema(all).map((its): DataModel => ({ id: each, name: each, contentType: JSON_TYPE, schema: JSON.stringify(its) })))),
);

const integration = (resourceId: string): fc.Arbitrary<Integration> =>
  fc
    .record({
      type: fc.constantFrom("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"),
      connectionType: fc.constantFrom("INTERNET", "VPC_LINK"),
      passthroughBehavior: fc.constantFrom("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
      timeoutInMillis: fc.integer({ min: 50, max: 29_000 }),
      cacheNamespace: fc.constantFrom(resourceId, "ns"),
      cacheKeyParameters: fc.uniqueArray(name.map((each) => `method.request.path.${each}`), { maxLength: 2 }),
      responseTransferMode: fc.constantFrom("BUFFERED", "STREAM"),
      integrationResponses: fc.uniqueArray(status, { maxLength: 3 }).chain((all) =>
        fc.tuple(
          ...all.map((statusCode, i) =>
            some({ responseParameters: map(name.map((each) => `method.response.header.${each}`), text), responseTemplates: templates, contentHandling: fc.constantFrom("CONVERT_TO_BINARY", "CONVERT_TO_TEXT") }).map(
              (parts) => [statusCode, { statusCode, ...parts, ...(i === 0 ? {} : { selectionPattern: `${i}\\d{2}` }) }] as const,
            ),
          ),
        ).map((entries) => Object.fromEntries(entries)),
      ),
    })
    .chain((its) =>
      some({
        httpMethod: fc.constantFrom("GET", "POST"),
        uri: fc.webUrl(),
        connectionId: name,
        credentials: fc.constant("arn:aws:iam::123456789012:role/r"),
        requestParameters: map(name.map((each) => `integration.request.header.${each}`), text),
        requestTemplates: templates,
        contentHandling: fc.constantFrom("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"),
        tlsConfig: fc.record({ insecureSkipVerification: fc.boolean() }),
      }).map((more) => ({ ...its, ...more })),
    );

interface Known {
  readonly validators: readonly RequestValidator[];
  readonly authorizers: readonly Authorizer[];
  readonly models: readonly DataModel[];
}

function method(resource: Resource, path: string, known: Known): fc.Arbitrary<Method> {
  const anyModel = known.models.length === 0 ? undefined : fc.constantFrom(...known.models.map((each) => each.name)).map((each) => ({ [JSON_TYPE]: each }));
  const variables = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, variable]) => [`method.request.path.${variable}`, true] as const);
  const authorization = fc.oneof(
    fc.constantFrom({ authorizationType: "NONE" }, { authorizationType: "AWS_IAM" }),
    ...known.authorizers.map(({ id, type }) => {
      const authorizationType = authorizationTypeOf({ type });
      return fc.constant({ authorizationType, authorizerId: id, ...(authorizationType === "CUSTOM" ? {} : { authorizationScopes: ["a/b"] }) });
    }),
  );
  const parameter = fc.oneof(name.map((each) => `method.request.querystring.${each}`), name.map((each) => `method.request.header.${each}`));
  const response = (statusCode: string) =>
    some({ responseParameters: map(name.map((each) => `method.response.header.${each}`), fc.constant(false)), ...(anyModel ? { responseModels: anyModel } : {}) }).map((parts) => [statusCode, { statusCode, ...parts }] as const);
  return fc
    .record({
      resourceId: fc.constant(resource.id),
      httpMethod: fc.constantFrom("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "ANY"),
      apiKeyRequired: fc.boolean(),
      methodIntegration: integration(resource.id),
      requestParameters: map(parameter, fc.boolean()).map((its) => ({ ...its, ...Object.fromEntries(variables) })),
      methodResponses: fc.uniqueArray(status, { maxLength: 3 }).chain((all) => fc.tuple(...all.map(response))).map((all) => Object.fromEntries(all)),
    })
    .chain((its) => authorization.chain((how) =>
      some({
        operationName: name,
        ...(anyModel ? { requestModels: anyModel } : {}),
        ...(known.validators.length > 0 ? { requestValidatorId: fc.constantFrom(...known.validators.map(({ id }) => id)) } : {}),
      }).map((more) => ({ ...its, ...how, ...more })),
    ));
}

/** A tree of at most four resources; each has methods. */
const resources: fc.Arbitrary<readonly Resource[]> = fc.array(fc.record({ parent: fc.nat(3), part: fc.oneof(name, fc.constant("{id}"), fc.constant("{proxy+}")) }), { maxLength: 4 }).map((all) => {
  const tree: Resource[] = [{ id: "root" }];
  for (const [i, { parent, part }] of all.entries()) {
    const under = tree[parent % tree.length] as Resource;
    const pathPart = part === "{id}" ? `{id${i}}` : part;
    const taken = tree.some((each) => each.parentId === under.id && (each.pathPart === pathPart || (each.pathPart?.startsWith("{") && pathPart.startsWith("{"))));
    if (!taken && !under.pathPart?.endsWith("+}")) tree.push({ id: `r${i}`, parentId: under.id, pathPart });
  }
  return tree;
});

const gatewayResponses: fc.Arbitrary<readonly GatewayResponse[]> = fc
  .uniqueArray(fc.constantFrom("DEFAULT_4XX", "ACCESS_DENIED", "THROTTLED"), { maxLength: 2 })
  .chain((types) =>
    fc.tuple(
      ...types.map((responseType) =>
        fc
          .record({ responseParameters: map(name.map((each) => `gatewayresponse.header.${each}`), text), responseTemplates: templates, statusCode: fc.option(fc.constantFrom("403", "429"), { nil: undefined }) })
          .map(({ statusCode, ...its }) => ({ responseType, ...its, ...(statusCode === undefined ? {} : { statusCode }) })),
      ),
    ),
  );

const documentation: fc.Arbitrary<DocumentationVersion> = fc
  .uniqueArray(fc.constantFrom<DocumentationPartLocation>({ type: "API" }, { type: "METHOD" }, { type: "METHOD", path: "/a", method: "GET" }, { type: "RESPONSE", statusCode: "400" }, { type: "MODEL", name: "Pet" }), { maxLength: 3 })
  .chain((locations) => fc.tuple(...locations.map((location) => fc.tuple(fc.constant(location), some({ description: text, summary: text, "x-a": fc.integer(), foo: fc.boolean() })))))
  .map((parts) => ({
    version: "1",
    createdDate: DEPLOYED,
    parts: parts.map(([location, properties], i) => ({ id: `d${i}`, location: completeLocation(location) as DocumentationPartLocation, properties: JSON.stringify(properties) })),
  }));

const definition: fc.Arbitrary<Defined> = fc
  .record({ validators, authorizers: names(3).chain((all) => fc.tuple(...all.map(authorizer))), models, resources, gatewayResponses, documentation })
  .chain(({ resources: tree, gatewayResponses: responses, documentation: version, ...known }) => {
    const byResource = byId(tree);
    const own = tree.map((each) => fc.uniqueArray(method(each, resourcePath(byResource, each.id), known), { minLength: 1, maxLength: 2, selector: ({ httpMethod }) => httpMethod }));
    const settings = some({
      binaryMediaTypes: fc.uniqueArray(fc.constantFrom("image/png", "*/*"), { minLength: 1 }),
      minimumCompressionSize: fc.nat(1000),
      apiKeySource: fc.constantFrom("HEADER", "AUTHORIZER"),
      policy: fc.constant('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}'),
      disableExecuteApiEndpoint: fc.boolean(),
    });
    return fc.record({ methods: fc.tuple(...own), settings, title: text.filter((each) => each.trim() !== ""), description: text }).map(({ methods: all, settings: chosen, title, description }): Defined => ({
      api: { ...baseApi, name: title, description },
      documentation: version,
      snapshot: {
        apiId: baseApi.id,
        binaryMediaTypes: [],
        apiKeySource: "HEADER",
        disableExecuteApiEndpoint: false,
        resources: tree,
        methods: all.flat(),
        models: known.models,
        requestValidators: known.validators,
        authorizers: known.authorizers,
        gatewayResponses: responses,
        ...(chosen as Partial<RestApiSnapshot>),
      },
    }));
  });

/** OpenAPI 2.0 has one list of content types for the bodies and templates of a method: these are all of JSON then. */
function ofJsonAlone(defined: Defined): Defined {
  const only = (its: object | undefined) => its && Object.fromEntries(Object.entries(its).filter(([type]) => type === JSON_TYPE));
  const methods = defined.snapshot.methods.map((each) => {
    const its = each.methodIntegration as Integration;
    const responses = Object.entries(its.integrationResponses).map(([code, response]) => [code, { ...response, responseTemplates: only(response.responseTemplates) }]);
    return { ...each, methodIntegration: { ...its, requestTemplates: only(its.requestTemplates), integrationResponses: Object.fromEntries(responses) as object } } as Method;
  });
  return { ...defined, snapshot: { ...defined.snapshot, methods } };
}

/** The definition without what only ids say, and without what no export has: models that nothing refers to. */
function expectedOf({ api, snapshot, documentation: version }: Defined, models: ReadonlySet<string>) {
  const tree = byId(snapshot.resources);
  const nameOf = (all: readonly { readonly id: string; readonly name?: string }[] | undefined, id: string | undefined) => all?.find((each) => each.id === id)?.name;
  return {
    settings: {
      name: api.name,
      version: "2020-01-02T03:04:05Z",
      description: api.description,
      binaryMediaTypes: snapshot.binaryMediaTypes,
      apiKeySource: snapshot.apiKeySource,
      minimumCompressionSize: snapshot.minimumCompressionSize,
      policy: snapshot.policy,
      disableExecuteApiEndpoint: snapshot.disableExecuteApiEndpoint,
    },
    models: Object.fromEntries((snapshot.models ?? []).filter((each) => models.has(each.name)).map((each) => [each.name, JSON.parse(each.schema as string) as unknown])),
    requestValidators: sorted((snapshot.requestValidators ?? []).map(({ id, name: own = id, ...its }) => ({ name: own, ...its }))),
    authorizers: sorted((snapshot.authorizers ?? []).map(({ id: _id, ...its }) => its)),
    gatewayResponses: Object.fromEntries((snapshot.gatewayResponses ?? []).map(({ responseType, ...its }) => [responseType, { statusCode: undefined, ...its }])),
    methods: Object.fromEntries(
      snapshot.methods.map(({ resourceId, httpMethod, authorizerId, requestValidatorId, methodIntegration, methodResponses, ...its }) => [
        `${httpMethod} ${resourcePath(tree, resourceId)}`,
        plain({
          ...its,
          authorizer: nameOf(snapshot.authorizers, authorizerId),
          requestValidator: nameOf(snapshot.requestValidators, requestValidatorId),
          responses: byStatus(Object.values(methodResponses)),
          integration: methodIntegration && integrationOf(methodIntegration),
        }),
      ]),
    ),
    documentation: version.parts.map(({ location, properties }) => ({ location, properties: JSON.parse(properties) as unknown })),
  };
}

function foundOf({ settings, models, requestValidators, authorizers, gatewayResponses, methods, documentation: parts }: ImportedApi, snapshot: RestApiSnapshot) {
  const tree = byId(snapshot.resources);
  const { pointer: _pointer, ...chosen } = settings;
  return {
    settings: { binaryMediaTypes: [], apiKeySource: "HEADER", minimumCompressionSize: undefined, policy: undefined, disableExecuteApiEndpoint: false, ...chosen },
    models: Object.fromEntries(models.map((each) => [each.name, JSON.parse(each.schema as string) as unknown])),
    requestValidators: sorted(requestValidators.map(({ pointer: _own, ...its }) => its)),
    authorizers: sorted(authorizers.map(({ pointer: _own, ...its }) => its)),
    gatewayResponses: Object.fromEntries(gatewayResponses.map(({ responseType, pointer: _own, ...its }) => [responseType, { statusCode: undefined, ...its }])),
    methods: Object.fromEntries(
      methods.map(({ path, httpMethod, pointer: _own, responses, integration: its, ...method }) => {
        const resourceId = snapshot.resources.find(({ id }) => resourcePath(tree, id) === path)?.id as string;
        const { pointer: _its, responses: integrationResponses, ...members } = its ?? { pointer: "", responses: [] };
        const whole = { connectionType: "INTERNET", timeoutInMillis: 29_000, cacheNamespace: resourceId, cacheKeyParameters: [], integrationResponses: byStatus(integrationResponses), ...members };
        return [`${httpMethod} ${path}`, plain({ ...method, responses: byStatus(responses), integration: integrationOf(whole as unknown as Integration) })];
      }),
    ),
    documentation: parts.map(({ location, properties }) => ({ location: completeLocation(location), properties })),
  };
}

const integrationOf = (its: Integration) => plain({ ...its, integrationResponses: byStatus(Object.values(its.integrationResponses)) });

const byStatus = (all: readonly { readonly statusCode: string }[]) =>
  Object.fromEntries(all.map((each) => [each.statusCode, plain(Object.fromEntries(Object.entries(each).filter(([key]) => key !== "pointer")))]));

/** Without members that are undefined, or maps and lists with nothing in them: neither says anything. */
function plain(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && !(typeof value === "object" && value !== null && Object.keys(value).length === 0)));
}

const sorted = <T extends { readonly name: string }>(all: readonly T[]): readonly T[] => [...all].sort((a, b) => (a.name < b.name ? -1 : 1));

function read(bytes: Buffer) {
  const { api, problems } = readOpenApi(bytes, { apiId: baseApi.id, account: baseApi.account, region: baseApi.region });
  if (api === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return { api, problems: problems.filter(({ severity }) => severity !== "note") };
}

describe.each(["swagger", "oas30"] satisfies ExportFormat[])("an API as %s", (format) => {
  it.each([
    ["JSON", printJson],
    ["YAML", printYaml],
  ])("in %s reads back as it was", { timeout: 60_000 }, (_name, print) => {
    fc.assert(
      fc.property(format === "swagger" ? definition.map(ofJsonAlone) : definition, (defined) => {
        const document = writeDocument({ ...defined, stageName: "prod", deployedAt: DEPLOYED, domainSuffix: "amazonaws.com", extensions: new Set(["apigateway"]) }, format);
        const { api, problems } = read(Buffer.from(print(document)));
        expect(problems).toEqual([]);
        expect(foundOf(api, defined.snapshot)).toEqual(expectedOf(defined, new Set(api.models.map((each) => each.name))));
      }),
      { numRuns: 30 },
    );
  });
});
