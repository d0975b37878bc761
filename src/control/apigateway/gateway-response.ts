// GatewayResponse: what API Gateway answers by itself. An API has one of each type, and customizes some.
import type { Call } from "../../domain/call.ts";
import { notFound } from "../../domain/errors.ts";
import type { GatewayResponse, GatewayResponseType } from "../../domain/gateway-response.ts";
import { DEFAULT_RESPONSE_TEMPLATES, DEFAULT_STATUS_CODES, GATEWAY_RESPONSE_TYPES, gatewayResponses } from "../../domain/gateway-response.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, type ApiInput, findApi, unchanged } from "./context.ts";
import { checkGatewayResponseParameters } from "./mapping-expressions.ts";
import { checkStatusCode } from "./method-response.ts";

interface TypeInput extends ApiInput {
  readonly responseType: GatewayResponseType;
}

interface Found {
  readonly api: Stored<RestApi>;
  readonly responseType: GatewayResponseType;
  /** Absent when the API does not customize it. */
  readonly custom: Stored<GatewayResponse> | undefined;
}

export function gatewayResponseOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: TypeInput, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    return { api, responseType: input.responseType, custom: await store.get(gatewayResponses, [...api.key, input.responseType]) };
  };
  return {
    /** Puts a customization in the place of the one before. */
    put: verbs.writing(store, async (input: Model.PutGatewayResponseRequest, call): Promise<verbs.Decision<Model.GatewayResponse>> => {
      const { responseType, statusCode, responseParameters = {}, responseTemplates = {} } = input;
      const found = await find(input, call);
      return keep(found, { responseType, ...(statusCode ? { statusCode } : {}), responseParameters, responseTemplates });
    }),
    read: verbs.reading(find, ({ responseType, custom }) => show(responseType, custom?.value)),
    /** All of them: the collection has no pages (model: GatewayResponses). */
    list: async (input: Model.GetGatewayResponsesRequest, call: Call): Promise<Model.GatewayResponses> => {
      const api = await findApi(context, input, call);
      const { items } = await store.list(gatewayResponses, { prefix: api.key });
      const custom = new Map(items.map(({ value }) => [value.responseType, value]));
      return { items: GATEWAY_RESPONSE_TYPES.map((type) => show(type, custom.get(type))) };
    },
    /** A default response becomes a customized one (its `gatewayresponse:update` link in GetGatewayResponses' sample). */
    patch: verbs.patching(store, {
      find: (input: Model.UpdateGatewayResponseRequest, call) => find(input, call),
      of: ({ responseType, custom }) => custom?.value ?? defaultOf(responseType),
      rules,
      keep,
    }),
    remove: verbs.removing(store, find, ({ responseType, custom }) => {
      if (custom === undefined) throw notFound(`Gateway response ${responseType} is not customized for this API`);
      return { changes: [remove(gatewayResponses, custom.key, custom.version)] };
    }),
  };
}

function keep({ api, custom }: Found, next: GatewayResponse): verbs.Decision<Model.GatewayResponse> {
  checkGatewayResponse(next);
  const key = [...api.key, next.responseType];
  return { changes: [unchanged(api), put(gatewayResponses, key, next, custom?.version ?? "absent")], answer: show(next.responseType, next) };
}

/** @throws {ServiceError} BadRequestException */
export function checkGatewayResponse({ statusCode, responseParameters }: GatewayResponse): void {
  if (statusCode !== undefined) checkStatusCode(statusCode);
  checkGatewayResponseParameters(responseParameters);
}

function defaultOf(responseType: GatewayResponseType): GatewayResponse {
  const statusCode = DEFAULT_STATUS_CODES[responseType]?.toString();
  return {
    responseType,
    ...(statusCode === undefined ? {} : { statusCode }),
    responseParameters: {},
    responseTemplates: DEFAULT_RESPONSE_TEMPLATES,
  };
}

const show = (responseType: GatewayResponseType, custom: GatewayResponse | undefined): Model.GatewayResponse => ({
  ...(custom ?? defaultOf(responseType)),
  defaultResponse: custom === undefined,
});

const rules: verbs.PatchRules<GatewayResponse> = {
  "/statusCode": { replace: verbs.set("statusCode", verbs.optionalText) },
  "/responseParameters/{name}": verbs.entries<GatewayResponse, "responseParameters">("responseParameters", verbs.someText),
  "/responseTemplates/{contentType}": verbs.entries<GatewayResponse, "responseTemplates">("responseTemplates", verbs.text),
};
