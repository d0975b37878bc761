// Integration: what a method calls, and how the call is made. It is part of the method's record.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { AWS_LIMITS, MIN_INTEGRATION_TIMEOUT_MILLIS, type RestApiLimits } from "../../domain/limits.ts";
import type { Integration, Method, PassthroughBehavior, RestApi } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext, FoundMethod, MethodInput } from "./context.ts";
import { findMethod } from "./context.ts";
import { checkCredentials, checkUri } from "./integration-uri.ts";
import { checkRequestMappings } from "./mapping-expressions.ts";
import { checkTemplates } from "./mapping-templates.ts";
import { DECLARED_METHODS, keepMethod } from "./method.ts";
import { showIntegration } from "./show-method.ts";
import { holdVpcLink } from "./vpc-link-references.ts";

export interface FoundIntegration extends FoundMethod {
  readonly integration: Integration;
}

export function integrationOperations(context: ApiGatewayContext) {
  const { store, limits } = context;
  const find = (input: MethodInput, call: Call) => findIntegration(context, input, call);
  return {
    /** Puts a new one in the place of the old one, whose responses go with it. */
    put: verbs.writing(store, async (input: Model.PutIntegrationRequest, call): Promise<verbs.Decision<Model.Integration>> => {
      const found = await findMethod(context, input, call);
      return keep(context, found, checkedIntegration(newIntegration(input), found.method.value, limitsOf(found.api.value, limits)), call);
    }),
    read: verbs.reading(find, ({ integration }) => showIntegration(integration)),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateIntegrationRequest, call) => find(input, call),
      of: ({ integration }) => integration,
      rules,
      keep: (found, next, call) => keep(context, found, checkedIntegration(next, found.method.value, limitsOf(found.api.value, limits)), call),
    }),
    remove: verbs.removing(store, find, (found) => {
      const { methodIntegration: _gone, ...method } = found.method.value;
      return keepMethod(found, method, undefined);
    }),
  };
}

/** @throws {ServiceError} NotFoundException */
export async function findIntegration(context: ApiGatewayContext, input: MethodInput, call: Call): Promise<FoundIntegration> {
  const found = await findMethod(context, input, call);
  const integration = found.method.value.methodIntegration;
  if (integration === undefined) throw notFound("Invalid Integration identifier specified");
  return { ...found, integration };
}

async function keep(context: ApiGatewayContext, found: FoundMethod, methodIntegration: Integration, call: Call): Promise<verbs.Decision<Model.Integration>> {
  const held = await holdVpcLink(context, methodIntegration, found.method.value.methodIntegration, call);
  const { changes, answer } = keepMethod(found, { ...found.method.value, methodIntegration }, showIntegration(methodIntegration));
  return { changes: [...changes, ...held], answer };
}

/** With AWS's defaults. */
export function newIntegration(input: Model.PutIntegrationRequest): Integration {
  const { restApiId: _restApiId, resourceId, httpMethod: _method, integrationHttpMethod: httpMethod, ...members } = input;
  const { passthroughBehavior = "WHEN_NO_MATCH", connectionType = "INTERNET", responseTransferMode = "BUFFERED", tlsConfig, ...given } = members;
  return {
    ...given,
    ...(httpMethod === undefined ? {} : { httpMethod }),
    ...(tlsConfig === undefined ? {} : { tlsConfig: { insecureSkipVerification: tlsConfig.insecureSkipVerification ?? false } }),
    connectionType,
    // Checked with the other members.
    passthroughBehavior: passthroughBehavior as PassthroughBehavior,
    responseTransferMode,
    timeoutInMillis: members.timeoutInMillis ?? 29_000,
    cacheNamespace: members.cacheNamespace || resourceId,
    cacheKeyParameters: members.cacheKeyParameters ?? [],
    integrationResponses: {},
  };
}

const PASSTHROUGH_BEHAVIORS: readonly string[] = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"];

/** The longest timeout can be raised for regional and private APIs alone (guide: api-gateway-execution-service-limits-table). */
export function limitsOf({ endpointConfiguration: { types } }: RestApi, limits: RestApiLimits): RestApiLimits {
  if (types[0] !== "EDGE") return limits;
  return { ...limits, integrationTimeoutMillis: Math.min(limits.integrationTimeoutMillis, AWS_LIMITS.integrationTimeoutMillis) };
}

/** The integration, when its members agree with each other and with the method. @throws {ServiceError} BadRequestException */
export function checkedIntegration(integration: Integration, method: Method, limits: RestApiLimits): Integration {
  const { type, httpMethod, responseTransferMode } = integration;
  if (!httpMethod && type !== "MOCK") throw badRequest("Enumeration value for HttpMethod must be non-empty");
  if (httpMethod && !DECLARED_METHODS.includes(httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${DECLARED_METHODS.join(",")}`);
  }
  if (responseTransferMode === "STREAM" && type !== "HTTP_PROXY" && type !== "AWS_PROXY") {
    throw badRequest("Response transfer mode STREAM is only supported for HTTP_PROXY and AWS_PROXY integrations.");
  }
  if (!PASSTHROUGH_BEHAVIORS.includes(integration.passthroughBehavior)) {
    throw badRequest(`Invalid passthroughBehavior specified. Valid options are ${PASSTHROUGH_BEHAVIORS.join(",")}`);
  }
  checkConnection(integration);
  checkUri(integration);
  checkCredentials(integration);
  checkTimeout(integration, limits);
  checkRequestMappings(integration.requestParameters, method.requestParameters);
  checkTemplates(integration.requestTemplates);
  checkCacheKey(integration, method);
  return integration;
}

/** Private integrations are of the HTTP types (model: Integration.type). That the VPC link is there is checked when it is held. */
function checkConnection({ type, connectionType, connectionId, integrationTarget }: Integration): void {
  if (connectionType !== "VPC_LINK") {
    if (connectionId) throw badRequest("A connectionId can only be specified for connectionType VPC_LINK");
    if (integrationTarget) throw badRequest("An integrationTarget can only be specified for connectionType VPC_LINK");
    return;
  }
  if (type !== "HTTP" && type !== "HTTP_PROXY") throw badRequest(`Connection type VPC_LINK is not supported for integrations of type ${type}`);
  if (!connectionId) throw badRequest("A connectionId is required for connectionType VPC_LINK");
}

/** The words as quoted in github.com/aws/aws-cdk/issues/31063. */
function checkTimeout({ timeoutInMillis: timeout, responseTransferMode }: Integration, limits: RestApiLimits): void {
  const longest = responseTransferMode === "STREAM" ? limits.streamingTimeoutMillis : limits.integrationTimeoutMillis;
  if (timeout >= MIN_INTEGRATION_TIMEOUT_MILLIS && timeout <= longest) return;
  throw badRequest(`Timeout should be between ${MIN_INTEGRATION_TIMEOUT_MILLIS} ms and ${longest} ms`);
}

/** What a cache key is made of is a parameter of the method request, or one that the integration makes. */
function checkCacheKey({ cacheKeyParameters, requestParameters = {} }: Integration, method: Method): void {
  for (const parameter of cacheKeyParameters) {
    if (Object.hasOwn(method.requestParameters ?? {}, parameter) || Object.hasOwn(requestParameters, parameter)) continue;
    throw badRequest("Invalid cache key parameter specified");
  }
}

const rules: verbs.PatchRules<Integration> = {
  "/cacheKeyParameters": verbs.items<Integration>("cacheKeyParameters"),
  "/cacheKeyParameters/{parameter}": verbs.items<Integration>("cacheKeyParameters"),
  "/cacheNamespace": { replace: verbs.set("cacheNamespace", verbs.someText) },
  "/connectionId": { replace: verbs.set("connectionId", verbs.optionalText) },
  "/connectionType": { replace: verbs.set("connectionType", verbs.oneOf("INTERNET", "VPC_LINK")) },
  "/contentHandling": { replace: verbs.set("contentHandling", verbs.optional(verbs.oneOf("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"))) },
  "/credentials": { replace: verbs.set("credentials", verbs.optionalText) },
  "/httpMethod": { replace: unlessMock(verbs.set("httpMethod", verbs.someText)) },
  "/integrationTarget": { replace: verbs.set("integrationTarget", verbs.optionalText) },
  "/passthroughBehavior": { replace: verbs.set("passthroughBehavior", verbs.oneOf("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")) },
  "/requestParameters/{name}": verbs.entries<Integration, "requestParameters">("requestParameters", verbs.someText),
  "/requestTemplates/{contentType}": verbs.entries<Integration, "requestTemplates">("requestTemplates", verbs.text),
  "/responseTransferMode": { replace: verbs.set("responseTransferMode", verbs.oneOf("BUFFERED", "STREAM")) },
  "/timeoutInMillis": { replace: verbs.set("timeoutInMillis", verbs.integer(0, Number.MAX_SAFE_INTEGER)) },
  "/tlsConfig/insecureSkipVerification": {
    replace: verbs.set("tlsConfig", (operand) => ({ insecureSkipVerification: verbs.boolean(operand) })),
  },
  "/uri": { replace: unlessMock(verbs.set("uri", verbs.someText)) },
};

/** Mock integrations call nothing, so there is nothing to change about it (patch-operations, UpdateIntegration). */
function unlessMock(step: verbs.Step<Integration>): verbs.Step<Integration> {
  return (integration, operand) => {
    if (integration.type === "MOCK") throw badRequest(`Invalid patch path  '${operand.path}' specified for op 'replace'. It is not supported for MOCK integrations`);
    return step(integration, operand);
  };
}
