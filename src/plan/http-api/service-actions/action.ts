// What an action of a first-class integration is to the service that it calls
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html).
import { jsonAction } from "../../aws-services.ts";
import { encodeQuery } from "../../query.ts";
import { isJsonObject } from "../../../domain/json.ts";

/** The integration's parameters by their names, as one request gives them. */
export type ActionParameters = Readonly<Record<string, string>>;

/** The call of an action, but for where it goes and its signature. */
export interface ActionRequest {
  readonly method: "GET" | "POST";
  /** Path and query, encoded. */
  readonly target: string;
  /** Names and values in turn, without Host. */
  readonly headers: readonly string[];
  readonly body: string | undefined;
}

export interface ServiceAction {
  /** The name of the service's endpoint. */
  readonly service: "appconfig" | "events" | "kinesis" | "sqs" | "states";
  /** What goes before the host name of AWS's own endpoint; empty for nothing. */
  readonly hostPrefix: "" | "sync-";
  /** @throws {InvalidParameterError} for a parameter that is not of the form that the action takes */
  encode(parameters: ActionParameters): ActionRequest;
}

/** Actions of one service, by `integrationSubtype`. */
export type ServiceActions = Readonly<Record<string, ServiceAction>>;

/** A parameter's text is not what the action takes. */
export class InvalidParameterError extends Error {
  override readonly name = "InvalidParameterError";
}

/** A call by one of AWS's JSON protocols. Members that are undefined are not sent. */
export function jsonRequest(service: ServiceAction["service"], action: string, input: Readonly<Record<string, unknown>>): ActionRequest {
  const named = jsonAction(service, action);
  if (named === undefined) throw new TypeError(`${service} has no JSON protocol`);
  const headers = ["X-Amz-Target", named.target, "Content-Type", named.contentType];
  return { method: "POST", target: "/", headers, body: JSON.stringify(input) };
}

/** A call by AWS's query protocol. @param pairs names and values in turn; those without a value are not sent */
export function formRequest(action: string, version: string, pairs: readonly (readonly [name: string, value: string | undefined])[]): ActionRequest {
  const given = pairs.flatMap(([name, value]) => (value === undefined ? [] : [`${encodeQuery(name)}=${encodeQuery(value)}`]));
  const body = [`Action=${action}`, `Version=${version}`, ...given].join("&");
  return { method: "POST", target: "/", headers: ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"], body };
}

/** A list, which is a JSON array of texts, or texts with commas between them; undefined where the parameter is not given. */
export function listParameter(parameters: ActionParameters, name: string): readonly string[] | undefined {
  const text = parameters[name]?.trim();
  if (text === undefined || text === "") return undefined;
  if (!text.startsWith("[")) return text.split(",").map((item) => item.trim());
  const list = parseJson(name, text);
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) throw invalid(name, "a list of texts");
  return list;
}

/** A JSON object of objects with texts; undefined where the parameter is not given. */
export function mapParameter(parameters: ActionParameters, name: string): readonly (readonly [string, ActionParameters])[] | undefined {
  const text = parameters[name]?.trim();
  if (text === undefined || text === "") return undefined;
  const map = parseJson(name, text);
  if (!isJsonObject(map)) throw invalid(name, "a JSON object");
  return Object.entries(map).map(([key, value]) => {
    if (!isJsonObject(value) || !Object.values(value).every((member) => typeof member === "string")) throw invalid(name, "an object of objects with texts");
    return [key, value as ActionParameters];
  });
}

export const invalid = (name: string, wanted: string): InvalidParameterError => new InvalidParameterError(`The parameter ${name} has to be ${wanted}`);

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(name, "JSON");
  }
}

