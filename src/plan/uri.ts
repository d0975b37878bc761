// Integration URIs: stage variables are put in when a stage is compiled, path variables while a request is served
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
import type { StringMap } from "../domain/rest-api.ts";
import type { RequestFacts } from "./facts.ts";
import { stageVariable } from "./parameter-mapping.ts";
import { encodeQuery } from "./query.ts";

/** Puts the stage's variables into `${stageVariables.x}`; one that the stage does not have becomes empty. */
export function withStageVariables(uri: string, variables: StringMap): string {
  return uri.replace(/\$\{stageVariables\.([^}]+)\}/g, (_, name: string) => stageVariable(variables, name) ?? "");
}

/** What stands for `{name}` in a URI. */
export interface PathVariable<Facts> {
  value(facts: Facts): string | readonly string[] | undefined;
}

/** Where an HTTP integration's requests go. */
export interface UpstreamTarget<Facts = RequestFacts> {
  /** `http://host:port`, the port left out when it is the scheme's own. */
  readonly origin: string;
  /** The value of the Host header. */
  readonly host: string;
  /** The encoded path, without a query. */
  path(facts: Facts): string;
  /** The URI's own query, encoded, without `?`. */
  query(facts: Facts): string;
}

/** A host name or address with an optional port. */
const AUTHORITY = /^(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?$/;

/** Whether a text is a host name or an address, with a port or without one. */
export const isAuthority = (text: string): boolean => AUTHORITY.test(text);

/** Whether a path variable stands in a URI's authority, where none can be put. */
export function hasVariableAuthority(uri: string): boolean {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(uri.replaceAll(/\$\{[^}]*\}/g, ""))?.[1] ?? "";
  return authority.includes("{");
}

/**
 * The target, or the reason why the URI leads nowhere: AWS finds out when a request comes and answers 500.
 * @param uri with stage variables already put in.
 */
export function compileUpstreamTarget<Facts = RequestFacts>(
  uri: string,
  variables: ReadonlyMap<string, PathVariable<Facts>>,
): UpstreamTarget<Facts> | string {
  const parts = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(uri);
  if (parts === null) return `Invalid endpoint address: ${uri}`;
  const [, scheme = "", authority = "", path = "", query = ""] = parts;
  if (!isAuthority(authority)) return `Invalid endpoint address: ${uri}`;
  const compiled = compilePath(path === "" ? "/" : path, variables);
  if (typeof compiled === "string") return `No mapping for the path variable ${compiled} of ${uri}`;
  const origin = `${scheme.toLowerCase()}://${authority.toLowerCase()}`;
  const encodedQuery = encodeIllegal(query);
  return { origin, host: authority.toLowerCase(), path: compiled, query: () => encodedQuery };
}

/** The path as a function of the facts, or the name of a variable that nothing is mapped to. */
export function compilePath<Facts = RequestFacts>(
  template: string,
  variables: ReadonlyMap<string, PathVariable<Facts>>,
  encodeValue: (value: string) => string = encodeIllegal,
): ((facts: Facts) => string) | string {
  const pieces = template.split(/\{([^}]*)\}/);
  const literals = pieces.filter((_, index) => index % 2 === 0).map(encodeIllegal);
  const sources: PathVariable<Facts>[] = [];
  for (let i = 1; i < pieces.length; i += 2) {
    const name = (pieces[i] as string).replace(/\+$/, "");
    const source = variables.get(name);
    if (source === undefined) return name;
    sources.push(source);
  }
  const first = literals[0] as string;
  if (sources.length === 0) return () => first;
  return (facts) => {
    let path = first;
    for (let i = 0; i < sources.length; i++) {
      path += encodeValue(text((sources[i] as PathVariable<Facts>).value(facts))) + literals[i + 1];
    }
    return path;
  };
}

/** Percent-encodes what may not stand in a path or a query; slashes and existing percent-encoding stay. */
export function encodeIllegal(value: string): string {
  return /^[\w.~!$&'()*+,;=:@/%?-]*$/.test(value) ? value : value.replace(/[^\w.~!$&'()*+,;=:@/%-]+/g, encodeQuery);
}

const text = (value: string | readonly string[] | undefined): string =>
  typeof value === "string" ? value : value === undefined ? "" : value.join(",");

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::(?:\$LATEST|[\w-]+))?$/;
const LAMBDA_STREAM_URI =
  /^arn:[\w-]+:apigateway:[^:]*:lambda:path\/2021-11-15\/functions\/(.*)\/response-streaming-invocations$/;
const LAMBDA_URI = /^arn:[\w-]+:apigateway:[^:]*:lambda:path\/2015-03-31\/functions\/(.*)\/invocations$/;

/**
 * The function that a URI invokes: `arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{ARN}/invocations`, or
 * `.../2021-11-15/functions/{ARN}/response-streaming-invocations` for one whose response is streamed.
 */
export function functionArnOf(uri: string): string | undefined {
  const arn = (LAMBDA_URI.exec(uri) ?? LAMBDA_STREAM_URI.exec(uri))?.[1];
  return arn !== undefined && isFunctionArn(arn) ? arn : undefined;
}

/** Whether it is the ARN of a function, of a version or of an alias. */
export const isFunctionArn = (arn: string): boolean => FUNCTION_ARN.test(arn);

/** Whether a URI, stage variables and all, is of the form that invokes a function and waits for its whole result. */
export function isFunctionUri(uri: string): boolean {
  return LAMBDA_URI.test(uri);
}

/** Whether a URI, stage variables and all, is of the form that invokes a function and has its response streamed. */
export function isFunctionStreamUri(uri: string): boolean {
  return LAMBDA_STREAM_URI.test(uri);
}
