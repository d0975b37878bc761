// ImportApi and ReimportApi: an HTTP API made of an OpenAPI document, or made anew of another one
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html).
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import { type HttpApi, type HttpApiDefinition, type HttpAuthorizer, httpApiKey, type HttpIntegration, type HttpRoute } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { BASE_PATH_MODES, type BasePathMode, type HttpReadResult, type ImportedHttpApi, type ImportedHttpAuthorizer, type ImportedHttpIntegration, type ImportedRoute, type HttpReadOptions, type Problem } from "../../openapi/index.ts";
import type { Change } from "../../ports/store.ts";
import { attempt, checkedTags, noteRefusal, refused, warningsOf } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { assertQuota, checkedApi, newApi, show } from "./api.ts";
import { checkedAuthorizer, newAuthorizer } from "./authorizer-rules.ts";
import { type ApiGatewayV2Context, given } from "./context.ts";
import { definitionOf, findDefinition, redefined, undefinedApi } from "./definition.ts";
import { checkedIntegration, newIntegration } from "./integration-rules.ts";
import { assertAllDiscoverable } from "./jwt-issuers.ts";
import { tooMany } from "./route.ts";
import { checkedRoute } from "./route-rules.ts";
import { holdVpcLink } from "./vpc-link.ts";

/** What importing has at hand: the definition before, and where it notes what is wrong. */
interface Importing {
  readonly context: ApiGatewayV2Context;
  readonly base: HttpApiDefinition;
  readonly problems: Problem[];
}

/** Where documents are read: large ones where they hold up nobody. @throws {ServiceError} for one that takes more than it may */
export type HttpReading = (body: Uint8Array, options: HttpReadOptions) => Promise<HttpReadResult>;

interface ImportContext extends ApiGatewayV2Context {
  readonly readHttpApi: HttpReading;
}

export function importOperations(context: ImportContext) {
  const { store } = context;
  return {
    import: verbs.writing(store, async (input: Model.ImportApiRequest, call): Promise<verbs.Decision<Model.ImportApiResponse>> => {
      const api = newApi(context, { Name: "" }, call);
      const base = { api, routes: [], integrations: [], authorizers: [] };
      const { definition, links } = await imported(context, base, input, call);
      await assertQuota(context, call);
      const decision = await redefined(context, undefinedApi(httpApiKey(call, api.apiId)), definition);
      return { ...decision, changes: [...links, ...decision.changes], answer: show(definition.api) };
    }),
    /** All that the API had and the document does not define is gone; stages and deployments stay. */
    reimport: verbs.writing(store, async (input: Model.ReimportApiRequest, call): Promise<verbs.Decision<Model.ReimportApiResponse>> => {
      const found = await findDefinition(context, input, call);
      const { definition, links } = await imported(context, definitionOf(found), input, call);
      const decision = await redefined(context, found, definition);
      return { ...decision, changes: [...links, ...decision.changes], answer: show(definition.api) };
    }),
  };
}

type Input = Pick<Model.ImportApiRequest, "Basepath" | "Body" | "FailOnWarnings">;

async function imported(context: ImportContext, base: HttpApiDefinition, input: Input, call: Call) {
  const { api: read, problems } = await readBody(context, input, call);
  if (read === undefined) return refused(problems);
  const importing = { context, base, problems };
  const authorizersAt = new Map(read.authorizers.flatMap((each) => importAuthorizer(importing, each) ?? []));
  const authorizers = [...authorizersAt.values()];
  const { integrations, links } = await importIntegrations(importing, read.integrations, call);
  const api = attempt(importing, read.settings.pointer, "", () => checkedApi(importSettings(base.api, read))) ?? base.api;
  const parts = { api, authorizers, integrations: [...integrations.values()] };
  const routes = read.routes.reduce<readonly HttpRoute[]>((all, each) => [...all, ...(importRoute(importing, { ...parts, routes: all }, integrations, each) ?? [])], []);
  assertPartQuotas(context, { ...parts, routes });
  await assertAllDiscoverable(context, input, authorizersAt, problems);
  const warnings = warningsOf(problems, input.FailOnWarnings ?? false);
  const importInfo = problems.filter(({ severity }) => severity === "note").map(({ message }) => message);
  const noted = { ...api, ...given({ warnings: warnings.length === 0 ? undefined : warnings, importInfo: importInfo.length === 0 ? undefined : importInfo }) };
  checkedTags(noted.tags, context.limits);
  return { definition: { ...parts, api: noted, routes }, links };
}

/** @throws {ServiceError} BadRequestException */
async function readBody({ limits, readHttpApi }: ImportContext, { Basepath = "ignore", Body }: Input, { account, region }: Call): Promise<HttpReadResult> {
  const basePath = Basepath.toLowerCase() as BasePathMode;
  if (!BASE_PATH_MODES.includes(basePath)) throw badRequest(`Invalid basepath specified: ${basePath}. Must be one of: [${BASE_PATH_MODES.join(", ")}]`);
  return readHttpApi(Buffer.from(Body), { account, region, basePath, maxRoutes: limits.routesPerApi });
}

/** The document's own, in the place of what was there; tags stay where it names none. */
function importSettings(before: HttpApi, { settings }: ImportedHttpApi): HttpApi {
  const { apiId, account, region, protocolType, createdDate } = before;
  const { pointer: _pointer, disableExecuteApiEndpoint = false, ipAddressType = before.ipAddressType, tags = before.tags, ...said } = settings;
  return { apiId, account, region, protocolType, createdDate, ...said, disableExecuteApiEndpoint, ipAddressType, tags };
}

/** With its place in the document. One with the name of another keeps that one's id. */
function importAuthorizer({ context: { ids, limits }, base, problems }: Importing, { pointer, ...authorizer }: ImportedHttpAuthorizer) {
  return attempt({ problems }, pointer, `Unable to create authorizer '${authorizer.name}'`, (): [string, HttpAuthorizer][] => {
    if (authorizer.authorizerType !== "JWT" && authorizer.authorizerType !== "REQUEST") {
      throw badRequest(`Invalid authorizer type specified: ${authorizer.authorizerType.toLowerCase()}. Must be one of: [jwt, request]`);
    }
    const { authorizerType } = authorizer;
    const made = newAuthorizer(ids, { Name: authorizer.name, AuthorizerType: authorizerType, IdentitySource: authorizer.identitySource });
    const before = base.authorizers.find(({ name }) => name === authorizer.name);
    return [[pointer, checkedAuthorizer({ ...made, ...authorizer, authorizerType, authorizerId: before?.authorizerId ?? made.authorizerId }, limits)]];
  });
}

/** Integrations by their pointers, and changes that hold the VPC links that they name. */
async function importIntegrations({ context, problems }: Importing, all: readonly ImportedHttpIntegration[], call: Call) {
  const integrations = new Map<string, HttpIntegration>();
  const links = new Map<string, readonly Change[]>();
  for (const { pointer, integrationType = "AWS_PROXY", ...members } of all) {
    try {
      const made = newIntegration(context.ids, { IntegrationType: integrationType, ...given({ IntegrationSubtype: members.integrationSubtype }) });
      const integration = checkedIntegration({ ...made, ...members } as HttpIntegration);
      const { connectionId = "" } = integration;
      if (!links.has(connectionId)) links.set(connectionId, await holdVpcLink(context, integration, call));
      integrations.set(pointer, integration);
    } catch (error) {
      noteRefusal(problems, pointer, "Unable to create integration", error);
    }
  }
  return { integrations, links: [...links.values()].flat() };
}

/** A route with the key of another keeps that one's id. */
function importRoute(
  { base, context: { ids, limits }, problems }: Importing,
  definition: HttpApiDefinition,
  integrations: ReadonlyMap<string, HttpIntegration>,
  { pointer, authorizer, integration, ...route }: ImportedRoute,
): readonly HttpRoute[] | undefined {
  return attempt({ problems }, pointer, `Unable to create route '${route.routeKey}'`, () => {
    const before = base.routes.find(({ routeKey }) => routeKey === route.routeKey);
    const target = integration === undefined ? undefined : integrations.get(integration)?.integrationId;
    const authorizerId = definition.authorizers.find(({ name }) => name === authorizer)?.authorizerId;
    const made: HttpRoute = {
      routeId: before?.routeId ?? ids.alphanumeric(7),
      ...route,
      ...given({ authorizerId, target: target === undefined ? undefined : `integrations/${target}` }),
    };
    return [checkedRoute(made, definition, limits)];
  });
}

/** @throws {ServiceError} TooManyRequestsException */
function assertPartQuotas({ limits }: ApiGatewayV2Context, { authorizers, integrations, routes }: HttpApiDefinition): void {
  if (routes.length > limits.routesPerApi) throw tooMany("Routes");
  if (integrations.length > limits.integrationsPerApi) throw tooMany("Integrations");
  if (authorizers.length > limits.authorizersPerApi) throw tooMany("Authorizers");
}
