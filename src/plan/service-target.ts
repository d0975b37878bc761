// Where an AWS service integration's requests go: `arn:aws:apigateway:{region}:{subdomain.service|service}:path/{path}` or
// `...:action/{Action}&{parameters}` (the model's documentation of Integration.uri).
import type { JsonAction } from "./aws-services.ts";
import { jsonAction, serviceAddress } from "./aws-services.ts";
import type { RequestFacts } from "./facts.ts";
import { encodeQuery } from "./query.ts";
import type { PathVariable, UpstreamTarget } from "./uri.ts";
import { compilePath, encodeIllegal } from "./uri.ts";

export interface ServiceTarget<Facts = RequestFacts> {
  /** With its subdomain: `sqs`, `runtime.sagemaker`. */
  readonly service: string;
  /** The last label of the service's name. */
  readonly baseService: string;
  /** Before the service's name; empty for none. */
  readonly subdomain: string;
  /** At the service's own endpoint. */
  readonly target: UpstreamTarget<Facts>;
  readonly signingName: string;
  readonly signingRegion: string;
  /** How the action is named to a service with AWS's JSON protocol. */
  readonly json: JsonAction | undefined;
}

type Variables<Facts> = ReadonlyMap<string, PathVariable<Facts>>;

const SERVICE_URI = /^arn:[\w-]+:apigateway:([a-z0-9-]+):(?:([\w.-]+)\.)?([a-z0-9-]+):(path|action)\/(.*)$/s;

/**
 * The target, or the reason why the URI leads nowhere.
 * @param uri with stage variables already put in.
 */
export function compileServiceTarget<Facts = RequestFacts>(uri: string, variables: Variables<Facts>): ServiceTarget<Facts> | string {
  const [, region, subdomain = "", baseService, form, rest] = SERVICE_URI.exec(uri) ?? [];
  if (region === undefined || baseService === undefined || rest === undefined) return `Invalid service in the URI ${uri}`;
  const { host, signingName, signingRegion } = serviceAddress(subdomain, baseService, region);
  const parts = form === "path" ? pathForm(rest, variables, baseService) : actionForm(rest, variables);
  if (typeof parts === "string") return `No mapping for the path variable ${parts} of ${uri}`;
  const service = subdomain === "" ? baseService : `${subdomain}.${baseService}`;
  const json = form === "action" ? jsonAction(service, rest.split("&", 1)[0] as string) : undefined;
  const target = { origin: `https://${host}`, host, ...parts };
  return { service, baseService, subdomain, target, signingName, signingRegion, json };
}

type Parts<Facts> = Pick<UpstreamTarget<Facts>, "path" | "query">;

/** `path/{bucket}/{key}?versions`; the path of `path//` is `//`, as AWS's logs show it. */
function pathForm<Facts>(rest: string, variables: Variables<Facts>, service: string): Parts<Facts> | string {
  const mark = rest.indexOf("?");
  const path = compilePath(`/${mark < 0 ? rest : rest.slice(0, mark)}`, variables);
  const query = compilePath(mark < 0 ? "" : rest.slice(mark + 1), variables, encodeParameter);
  if (typeof path === "string" || typeof query === "string") return typeof path === "string" ? path : (query as string);
  return { path: service === "s3" ? (facts) => strictly(path(facts)) : path, query };
}

/** `action/GetItem&Name={value}` is asked for as `/?Action=GetItem&Name=...`. */
function actionForm<Facts>(rest: string, variables: Variables<Facts>): Parts<Facts> | string {
  const query = compilePath(`Action=${rest}`, variables, encodeParameter);
  return typeof query === "string" ? query : { path: () => "/", query };
}

/** A value within a query: nothing of it separates parameters. */
function encodeParameter(value: string): string {
  return encodeIllegal(value).replace(/[^\w.~%-]/g, encodeQuery);
}

/** S3 signs the path as it travels, once it has encoded all that RFC 3986 reserves. */
function strictly(path: string): string {
  return path.replace(/[!$&'()*+,;=:@]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
