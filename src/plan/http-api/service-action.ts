// First-class integrations of HTTP APIs, compiled: the call of an AWS service that a request becomes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html).
import type { HttpIntegration } from "../../domain/http-api.ts";
import { parseMappingValue } from "../../domain/parameter-mapping.ts";
import type { StringMap } from "../../domain/rest-api.ts";
import { type ServiceAddress, serviceAddress } from "../aws-services.ts";
import { withStageVariables } from "../uri.ts";
import type { HttpFacts } from "./facts.ts";
import type { BrokenHttpIntegration, HttpRouteShape } from "./integration.ts";
import { type MappedText, requestValue } from "./mapped-value.ts";
import { type ActionRequest, ACTIONS, InvalidParameterError, type ServiceAction } from "./service-actions/index.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

export interface HttpServiceTarget {
  readonly type: "SERVICE_ACTION";
  readonly roleArn: string;
  /** The call of a request; or, as a text, why there can be none. */
  call(facts: HttpFacts): ServiceCall | string;
  readonly timeoutMs: number;
}

export interface ServiceCall extends ActionRequest {
  /** By the name of its endpoint. */
  readonly service: string;
  /** AWS's own endpoint. */
  readonly address: ServiceAddress;
}

/** AWS puts in the caller's credentials for it. */
const CALLER = /:user\/\*$/;

export function compileServiceAction(integration: HttpIntegration, route: HttpRouteShape, stage: HttpStageFacts): HttpServiceTarget | BrokenHttpIntegration {
  const { credentialsArn = "", integrationSubtype = "", requestParameters = {}, timeoutInMillis: timeoutMs } = integration;
  const action = Object.hasOwn(ACTIONS, integrationSubtype) ? ACTIONS[integrationSubtype] : undefined;
  if (action === undefined) return { type: "BROKEN", reason: `Operation: ${integrationSubtype} is not supported` };
  if (CALLER.test(credentialsArn)) return { type: "BROKEN", reason: "Gatehouse has not built integrations with their caller's credentials" };
  const parameters = compileParameters(requestParameters, route, stage);
  if (typeof parameters === "string") return { type: "BROKEN", reason: parameters };
  const roleArn = withStageVariables(credentialsArn, stage.stageVariables);
  return { type: "SERVICE_ACTION", roleArn, call: (facts) => callOf(action, parameters, facts, stage.region), timeoutMs };
}

interface Parameter {
  readonly name: string;
  /** As the integration has it. */
  readonly source: string;
  readonly value: MappedText<HttpFacts>;
}

/** As a text, why they cannot be had. */
function compileParameters(given: StringMap, { variables }: HttpRouteShape, { stageVariables }: HttpStageFacts): readonly Parameter[] | string {
  const parameters: Parameter[] = [];
  for (const [name, source] of Object.entries(given)) {
    const parts = parseMappingValue(source, "request");
    if (parts === undefined) return `Invalid source: ${source} specified for destination: ${name}`;
    parameters.push({ name, source, value: requestValue(parts, { variables, stageVariables }) });
  }
  return parameters;
}

/** Names of regions, of which host names are made. */
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

function callOf(action: ServiceAction, parameters: readonly Parameter[], facts: HttpFacts, ownRegion: string): ServiceCall | string {
  const texts: Record<string, string> = {};
  for (const { name, source, value } of parameters) {
    const text = value(facts);
    if (text === undefined) return unresolved(name, source);
    texts[name] = text;
  }
  const { Region: region = ownRegion, ...rest } = texts;
  if (!REGION.test(region)) return `Invalid Region: ${region}`;
  try {
    return { ...action.encode(rest), service: action.service, address: addressOf(action, region) };
  } catch (error) {
    if (error instanceof InvalidParameterError) return error.message;
    throw error;
  }
}

function addressOf({ hostPrefix, service }: ServiceAction, region: string): ServiceAddress {
  const address = serviceAddress("", service, region);
  return hostPrefix === "" ? address : { ...address, host: hostPrefix + address.host };
}

/** As users of AWS quote it: github.com/hashicorp/terraform-provider-aws/issues/19443. */
const unresolved = (name: string, source: string): string =>
  `Unable to resolve property ${name} from source ${source}. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.`;
