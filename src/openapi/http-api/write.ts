// An HTTP API as an OpenAPI 3.0 document (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html).
import { apiEndpoint, type Cors, type HttpApi, type HttpApiSnapshot, type HttpAuthorizer, type HttpIntegration, type HttpRoute, targetIntegration } from "../../domain/http-api.ts";
import { DEFAULT_ROUTE_KEY, parseRouteKey } from "../../domain/route-key.ts";
import { EXTENSIONS, PATH_ITEM_METHODS, SIGV4_AUTHTYPE, UNUSED_SCHEME_NAME } from "../extensions.ts";
import { defined, type JsonObject, timestamp, unlessEmpty } from "../write/source.ts";
import { DEFAULT_ROUTE_PATH, HTTP_EXTENSIONS } from "./extensions.ts";

export interface HttpExportSource {
  readonly api: HttpApi;
  /** What a stage shows, or the API as it now is. */
  readonly snapshot: HttpApiSnapshot;
  /** Absent for the API as it now is. */
  readonly stageName?: string;
  /** When that was made, in milliseconds since the epoch: the version of APIs that have none. */
  readonly madeAt: number;
  readonly includeExtensions: boolean;
}

interface Writing extends HttpExportSource {
  /** Integrations that several routes go to, by the names that they have in the document. */
  readonly shared: ReadonlyMap<string, string>;
  readonly sigv4: string;
}

/** The document, its members in the order of AWS's. */
export function writeHttpApi(source: HttpExportSource): JsonObject {
  const { api, snapshot, stageName, includeExtensions: isExtended } = source;
  const writing: Writing = { ...source, shared: sharedIntegrations(snapshot), sigv4: freeName("sigv4", snapshot.authorizers) };
  const endpoint = { disableExecuteApiEndpoint: snapshot.disableExecuteApiEndpoint || undefined, ipAddressType: api.ipAddressType === "ipv4" ? undefined : api.ipAddressType };
  const server = {
    url: `${apiEndpoint(api)}/{basePath}`,
    variables: { basePath: { default: stageName === undefined || stageName === "$default" ? "" : stageName } },
    ...(isExtended ? defined({ [EXTENSIONS.endpointConfiguration]: unlessEmpty(defined(endpoint)) }) : {}),
  };
  const tags = Object.entries(api.tags).map(([name, value]) => ({ name, ...(isExtended ? { [HTTP_EXTENSIONS.tagValue]: value } : {}) }));
  const components = defined({
    securitySchemes: unlessEmpty(securitySchemes(writing)),
    [HTTP_EXTENSIONS.integrations]: isExtended ? unlessEmpty(integrationComponents(writing)) : undefined,
  });
  return defined({
    openapi: "3.0.1",
    info: defined({ title: api.name, description: api.description, version: api.version ?? timestamp(source.madeAt) }),
    servers: [server],
    tags: unlessEmpty(tags),
    paths: paths(writing),
    components: unlessEmpty(components),
    ...(isExtended ? { [HTTP_EXTENSIONS.cors]: snapshot.corsConfiguration && writeCors(snapshot.corsConfiguration), [EXTENSIONS.importExportVersion]: "1.0" } : {}),
  });
}

const freeName = (name: string, authorizers: readonly HttpAuthorizer[]): string => (authorizers.some((each) => each.name === name) ? freeName(`${name}_`, authorizers) : name);

function sharedIntegrations({ routes }: HttpApiSnapshot): ReadonlyMap<string, string> {
  const users = Map.groupBy(routes, ({ target }) => targetIntegration(target) ?? "");
  const ids = [...users].filter(([id, some]) => id !== "" && some.length > 1).map(([id]) => id);
  return new Map(ids.map((id, place) => [id, `integration${place + 1}`]));
}

const integrationComponents = ({ shared, snapshot }: Writing): JsonObject =>
  Object.fromEntries(
    [...shared].flatMap(([id, name]) => {
      const integration = snapshot.integrations.find(({ integrationId }) => integrationId === id);
      return integration === undefined ? [] : [[name, writeIntegration(integration)]];
    }),
  );

const VERBS: readonly string[] = [...PATH_ITEM_METHODS, EXTENSIONS.anyMethod];

/** Paths by name, and the operations of each in a fixed order. */
function paths(writing: Writing): JsonObject {
  const placed = writing.snapshot.routes.map((route) => ({ route, ...placeOf(route) }));
  const byPath = [...Map.groupBy(placed, ({ path }) => path)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byPath.map(([path, own]) => {
      const sorted = own.toSorted((a, b) => VERBS.indexOf(a.verb) - VERBS.indexOf(b.verb));
      return [path, Object.fromEntries(sorted.map(({ route, verb }) => [verb, writeOperation(writing, route)]))];
    }),
  );
}

function placeOf({ routeKey }: HttpRoute): { readonly path: string; readonly verb: string } {
  const parsed = parseRouteKey(routeKey);
  if (parsed?.type !== "path") return { path: DEFAULT_ROUTE_PATH, verb: EXTENSIONS.anyMethod };
  return { path: parsed.path, verb: parsed.method === "ANY" ? EXTENSIONS.anyMethod : parsed.method.toLowerCase() };
}

function writeOperation(writing: Writing, route: HttpRoute): JsonObject {
  const { includeExtensions, shared, snapshot } = writing;
  const id = targetIntegration(route.target);
  const integration = includeExtensions ? snapshot.integrations.find(({ integrationId }) => integrationId === id) : undefined;
  const name = id === undefined ? undefined : shared.get(id);
  const written = integration && (name === undefined ? writeIntegration(integration) : { $ref: `#/components/${HTTP_EXTENSIONS.integrations}/${name}` });
  return defined({
    operationId: route.operationName,
    parameters: unlessEmpty(pathParameters(route)),
    responses: { default: { description: `Default response for ${route.routeKey === DEFAULT_ROUTE_KEY ? "$default" : route.routeKey}` } },
    security: writeSecurity(writing, route),
    isDefaultRoute: route.routeKey === DEFAULT_ROUTE_KEY || undefined,
    [EXTENSIONS.integration]: written,
  });
}

function pathParameters({ routeKey }: HttpRoute): readonly JsonObject[] {
  const parsed = parseRouteKey(routeKey);
  if (parsed?.type !== "path") return [];
  return parsed.segments.flatMap((segment) =>
    segment.type === "literal"
      ? []
      : [
          {
            name: segment.type === "greedy" ? `${segment.name}+` : segment.name,
            in: "path",
            description: `Generated path parameter for ${segment.type === "greedy" ? `${segment.name}+` : segment.name}`,
            required: true,
            schema: { type: "string" },
          },
        ],
  );
}

function writeSecurity({ sigv4, snapshot }: Writing, { authorizationScopes, authorizationType, authorizerId }: HttpRoute): readonly JsonObject[] | undefined {
  if (authorizationType === "AWS_IAM") return [{ [sigv4]: [] }];
  const authorizer = snapshot.authorizers.find((each) => each.authorizerId === authorizerId);
  return authorizer && [{ [authorizer.name]: authorizationScopes ?? [] }];
}

function securitySchemes({ includeExtensions, sigv4, snapshot }: Writing): JsonObject {
  const isSigned = snapshot.routes.some(({ authorizationType }) => authorizationType === "AWS_IAM");
  return {
    ...(isSigned ? { [sigv4]: { type: "apiKey", name: "Authorization", in: "header", [EXTENSIONS.authtype]: SIGV4_AUTHTYPE } } : {}),
    ...Object.fromEntries(snapshot.authorizers.map((each) => [each.name, { ...scheme(each), ...(includeExtensions ? { [EXTENSIONS.authorizer]: writeAuthorizer(each) } : {}) }])),
  };
}

function scheme({ authorizerType, identitySource }: HttpAuthorizer): JsonObject {
  if (authorizerType === "JWT") return { type: "oauth2", flows: {} };
  const [, place, name] = identitySource.length === 1 ? (/^\$request\.(header|querystring)\.(.+)$/.exec(identitySource[0] ?? "") ?? []) : [];
  return { type: "apiKey", name: name ?? UNUSED_SCHEME_NAME, in: place === "querystring" ? "query" : "header" };
}

const writeAuthorizer = (authorizer: HttpAuthorizer): JsonObject =>
  defined({
    identitySource: unlessEmpty(authorizer.identitySource)?.join(","),
    authorizerUri: authorizer.authorizerUri,
    authorizerCredentials: authorizer.authorizerCredentialsArn,
    authorizerPayloadFormatVersion: authorizer.authorizerPayloadFormatVersion,
    authorizerResultTtlInSeconds: authorizer.authorizerResultTtlInSeconds,
    type: authorizer.authorizerType.toLowerCase(),
    enableSimpleResponses: authorizer.enableSimpleResponses || undefined,
    jwtConfiguration: authorizer.jwtConfiguration,
  });

/** In the order of AWS's own (examples of `aws apigatewayv2 import-api`). */
const writeIntegration = (integration: HttpIntegration): JsonObject =>
  defined({
    integrationSubtype: integration.integrationSubtype,
    credentials: integration.credentialsArn,
    description: integration.description,
    requestParameters: integration.requestParameters,
    responseParameters: integration.responseParameters,
    payloadFormatVersion: integration.payloadFormatVersion,
    type: integration.integrationType.toLowerCase(),
    httpMethod: integration.integrationMethod,
    uri: integration.integrationUri,
    connectionId: integration.connectionId,
    connectionType: integration.connectionType,
    timeoutInMillis: integration.timeoutInMillis,
    tlsConfig: integration.tlsConfig,
  });

const writeCors = ({ allowCredentials, allowHeaders, allowMethods, allowOrigins, exposeHeaders, maxAge }: Cors): JsonObject =>
  defined({ allowMethods, maxAge, allowHeaders, allowOrigins, exposeHeaders, allowCredentials });
