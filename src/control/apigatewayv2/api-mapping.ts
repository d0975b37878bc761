// ApiMapping: which API, and which stage of it, the paths of a domain name stand for. The records are the V1 API's base path
// mappings, here with paths of several levels and for HTTP and WebSocket APIs too
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html, websocket-api-mappings.html).
import { createHash } from "node:crypto";
import type { Call } from "../../domain/call.ts";
import { type BasePathMapping, basePathMappings, type DomainName, domainNames, NO_BASE_PATH } from "../../domain/domain-name.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { httpApis } from "../../domain/http-api.ts";
import { scoped } from "../../domain/record.ts";
import { type RestApi, restApis, stages } from "../../domain/rest-api.ts";
import { webSocketApis } from "../../domain/websocket-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { assertTakesMappings, checkMappedApi, MIXED_PROTOCOLS } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayV2Context, limitExceeded, pageOf, shownPage } from "./context.ts";
import { httpProtocol } from "./definition.ts";
import { findDomainName } from "./domain-name.ts";
import { held, type Protocol, type V2Api } from "./protocol.ts";
import { webSocketProtocol } from "./websocket/definition.ts";

interface MappingInput {
  readonly DomainName: string;
  readonly ApiMappingId: string;
}

interface Found {
  readonly domain: Stored<DomainName>;
  readonly mapping: Stored<BasePathMapping>;
}

export function apiMappingOperations(context: ApiGatewayV2Context) {
  const { publication, store } = context;
  const find = async (input: MappingInput, call: Call): Promise<Found> => {
    const domain = await findDomainName(context, input, call);
    const { items } = await store.list(basePathMappings, { prefix: domain.key });
    const mapping = items.find((each) => idOf(each) === input.ApiMappingId);
    if (mapping === undefined) throw notFound("Invalid API mapping identifier specified");
    return { domain, mapping };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateApiMappingRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ mapping }) => show(mapping)),
    list: async (input: Model.GetApiMappingsRequest, call: Call): Promise<Model.GetApiMappingsResponse> => {
      const domain = await findDomainName(context, input, call);
      return shownPage(await verbs.page(store, basePathMappings, domain.key, pageOf(input)), show);
    },
    merge: verbs.merging(store, {
      find: (input: Model.UpdateApiMappingRequest, call) => find(input, call),
      of: ({ mapping }): BasePathMapping => mapping.value,
      rules,
      keep: async ({ domain, mapping }, merged, _input, call): Promise<verbs.Decision<Model.UpdateApiMappingResponse>> => {
        const next = { ...merged, apiMappingId: idOf(mapping) };
        const touched = await checkedMapping(context, domain, next, call);
        const key = [...domain.key, next.basePath];
        const moves = next.basePath !== mapping.value.basePath;
        if (moves) await assertFree(context, domain, next);
        const changes = moves
          ? [remove(basePathMappings, mapping.key, mapping.version), put(basePathMappings, key, next, "absent")]
          : [put(basePathMappings, key, next, mapping.version)];
        return { changes: [...touched, ...changes], answer: show({ key, value: next }), afterwards: () => publication.domainChanged(domain.value) };
      },
    }),
    remove: verbs.removing(store, find, ({ domain, mapping }) => ({
      changes: [remove(basePathMappings, mapping.key, mapping.version)],
      afterwards: () => publication.domainChanged(domain.value),
    })),
  };
}

async function creation(context: ApiGatewayV2Context, input: Model.CreateApiMappingRequest, call: Call): Promise<verbs.Decision<Model.CreateApiMappingResponse>> {
  const { ids, limits, publication, store } = context;
  const domain = await findDomainName(context, input, call);
  assertTakesMappings(domain.value);
  const mapping: BasePathMapping = {
    basePath: input.ApiMappingKey || NO_BASE_PATH,
    restApiId: input.ApiId,
    stage: input.Stage,
    apiMappingId: ids.alphanumeric(6),
  };
  const touched = await checkedMapping(context, domain, mapping, call);
  await assertFree(context, domain, mapping);
  if ((await store.count(basePathMappings, { prefix: domain.key })) >= limits.apiMappingsPerDomainName) {
    throw limitExceeded("Maximum number of API mappings for this domain name has been reached. Please contact AWS if you need additional API mappings.");
  }
  const key = [...domain.key, mapping.basePath];
  const changes = [...touched, put(basePathMappings, key, mapping, "absent")];
  return { changes, answer: show({ key, value: mapping }), afterwards: () => publication.domainChanged(domain.value) };
}

const rules: verbs.MergeRules<BasePathMapping, Model.UpdateApiMappingRequest> = {
  ApiId: verbs.taken("restApiId"),
  ApiMappingKey: (mapping, key) => ({ ...mapping, basePath: key || NO_BASE_PATH }),
  Stage: verbs.taken("stage"),
};

/** A mapping that the V1 API made has no id of its own: it follows from its domain name and base path. */
const idOf = ({ key, value }: Pick<Stored<BasePathMapping>, "key" | "value">): string =>
  value.apiMappingId ?? createHash("sha256").update(scoped(...key)).digest("hex").slice(0, 10);

/** The words: github.com/aws/aws-cdk/issues/9077. Slashes stand between levels. */
function checkKey(key: string): void {
  if (key === NO_BASE_PATH) return;
  if (key.length > 300 || !/^[A-Za-z0-9$\-_.+!*'()]+(?:\/[A-Za-z0-9$\-_.+!*'()]+)*$/.test(key)) {
    throw badRequest("An ApiMapping key may contain only letters, numbers and one of $-_.+!*'()");
  }
}

/**
 * Checks a mapping. Gives changes that write what it needs as it is, so that neither the domain name, nor the API, nor the
 * stage is deleted at the same moment. The words: github.com/aws/aws-sam-cli/issues/7030 and github.com/aws/aws-cdk/issues/8983.
 * @throws {ServiceError} BadRequestException, NotFoundException
 */
async function checkedMapping(context: ApiGatewayV2Context, domain: Stored<DomainName>, mapping: BasePathMapping, call: Call): Promise<readonly Change[]> {
  const { store } = context;
  checkKey(mapping.basePath);
  const key = [call.account, call.region, mapping.restApiId];
  const [restApi, httpApi, webSocketApi] = await Promise.all([store.get(restApis, key), store.get(httpApis, key), store.get(webSocketApis, key)]);
  const touched =
    (restApi && (await mappedRestApi(context, domain, restApi, mapping))) ??
    (httpApi && (await mappedV2Api(context, httpProtocol, httpApi, mapping))) ??
    (webSocketApi && (await mappedV2Api(context, webSocketProtocol, webSocketApi, mapping)));
  if (touched === undefined) throw notFound(`Invalid API identifier specified ${call.account}:${mapping.restApiId}`);
  await assertUnmixed(context, domain, webSocketApi !== undefined, mapping);
  return [put(domainNames, domain.key, domain.value, domain.version), ...touched];
}

async function mappedV2Api({ store }: ApiGatewayV2Context, protocol: Protocol, api: Stored<V2Api>, { stage = "" }: BasePathMapping): Promise<readonly Change[]> {
  if ((await store.get(protocol.stages, [...api.key, stage])) === undefined) throw badRequest("Invalid stage identifier specified");
  return [held(protocol, api)];
}

/** Guide: websocket-api-mappings, restrictions. @throws {ServiceError} BadRequestException */
async function assertUnmixed({ store }: ApiGatewayV2Context, domain: Stored<DomainName>, isWebSocket: boolean, mapping: BasePathMapping): Promise<void> {
  const { items } = await store.list(basePathMappings, { prefix: domain.key });
  const others = items.filter(({ value }) => value.apiMappingId === undefined || value.apiMappingId !== mapping.apiMappingId);
  const [account = "", region = ""] = domain.key;
  const found = await store.getAll(webSocketApis, others.map(({ value }) => [account, region, value.restApiId]));
  if (found.some((each) => (each !== undefined) !== isWebSocket)) throw badRequest(MIXED_PROTOCOLS);
}

async function mappedRestApi({ store }: ApiGatewayV2Context, domain: Stored<DomainName>, api: Stored<RestApi>, { stage = "" }: BasePathMapping): Promise<readonly Change[]> {
  checkMappedApi(domain.value, api.value);
  const mapped = await store.get(stages, [...api.key, stage]);
  if (mapped === undefined) throw badRequest("Invalid stage identifier specified");
  return [put(restApis, api.key, api.value, api.version), put(stages, mapped.key, mapped.value, mapped.version)];
}

/** The words: github.com/aws/aws-cdk/issues/22660. @throws {ServiceError} ConflictException */
async function assertFree({ store }: ApiGatewayV2Context, domain: Stored<DomainName>, { basePath }: BasePathMapping): Promise<void> {
  const taken = await store.get(basePathMappings, [...domain.key, basePath]);
  if (taken !== undefined) throw conflict("ApiMapping key already exists for this domain name");
}

/** An API that is mapped is not deleted. The words follow the V1 API's. @throws {ServiceError} BadRequestException */
export async function assertApiUnmapped(context: ApiGatewayV2Context, apiId: string): Promise<void> {
  await assertUnmapped(context, "api", apiId, `Deleting API ${apiId} failed.`, "API");
}

/** Nor is a stage. @throws {ServiceError} BadRequestException */
export async function assertStageUnmapped(context: ApiGatewayV2Context, apiId: string, stageName: string): Promise<void> {
  await assertUnmapped(context, "stage", scoped(apiId, stageName), `Deleting stage ${stageName} failed.`, "stage");
}

async function assertUnmapped({ store }: ApiGatewayV2Context, index: "api" | "stage", value: string, failure: string, what: string): Promise<void> {
  const { items } = await store.list(basePathMappings, { index: { name: index, value } });
  const names = [...new Set(items.map(({ key }) => key[2] as string))];
  if (names.length > 0) throw badRequest(`${failure} Please remove all base path mappings related to the ${what} in your domains: ${names.join(", ")}`);
}

/** A mapping as answers carry it. */
const show = (stored: Pick<Stored<BasePathMapping>, "key" | "value">): Model.ApiMapping => ({
  ApiId: stored.value.restApiId,
  ApiMappingId: idOf(stored),
  ApiMappingKey: stored.value.basePath === NO_BASE_PATH ? "" : stored.value.basePath,
  Stage: stored.value.stage ?? "",
});
