// Which API a request is for: by host name, as on AWS, or by path, for clients that cannot choose a host name. The golden
// test in test/golden/addresses.test.ts shows every form.
import { header } from "../ports/http-server.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import type { DomainIndex, ServedDomain } from "./domain-index.ts";
import { decoded } from "./path-segments.ts";

export interface Address {
  /** Empty when the host is a VPC endpoint's own name and no `x-apigw-api-id` names an API. */
  readonly apiId: string;
  /** The region that the host names; undefined where it names none. */
  readonly region: string | undefined;
  readonly stageName: string;
  /** Whether somebody has said which stage it is, and not just begun the path with a name that may be a stage's. */
  readonly isStageGiven: boolean;
  /** Within the stage, as it travelled, `/` at least. */
  readonly path: string;
  /** `$context.path`: with the stage before it. */
  readonly contextPath: string;
  /** Without `?`. */
  readonly rawQuery: string;
  /** Set when the host is a custom domain name. */
  readonly customDomain: MatchedDomain | undefined;
}

/** How a request came to its API by a custom domain name. */
export interface MatchedDomain {
  /** `$context.customDomain.basePathMatched`; undefined when no mapping matches the path. */
  readonly basePath: string | undefined;
  /** `$context.customDomain.routingRuleIdMatched`; undefined when no routing rule matches the request. */
  readonly routingRuleId: string | undefined;
  /** Why requests to the domain name are not served at all. */
  readonly refusal: string | undefined;
}

/** The `path` of events: within the stage, but under a custom domain name as it travelled (github.com/CodeGenieApp/serverless-express/issues/86). */
export const eventPath = ({ customDomain, contextPath, path }: Address): string => (customDomain === undefined ? path : contextPath);

/** The address, or undefined when the request is not for the data plane. */
export function addressOf(request: Pick<HttpRequest, "target" | "headers">, domains: DomainIndex): Address | undefined {
  const host = hostOf(header(request.headers, "host"));
  const at = host.indexOf(".execute-api.");
  if (at > 0 && host.length > at + EXECUTE_API.length) return byHost(request, host, at);
  const domain = domains.find(host);
  if (domain !== undefined) return byDomain(request, domain);
  const { target } = request;
  if (target.startsWith("/_aws/execute-api/")) return byPath(target, 18, "");
  if (target.startsWith("/restapis/")) return byPath(target, 10, "/_user_request_");
  return undefined;
}

const EXECUTE_API = ".execute-api.";

/** In lower case, without a port and without the root's dot. */
export function hostOf(value: string | undefined): string {
  if (value === undefined) return "";
  if (value === lastValue) return lastHost;
  const host = value.replace(/:\d*$/, "").toLowerCase();
  lastValue = value;
  lastHost = host.endsWith(".") ? host.slice(0, -1) : host;
  return lastHost;
}

/** Asked for twice by a request, and mostly the same for the next. */
let lastValue = "";
let lastHost = "";

/** `{apiId}`, `{apiId}-{vpceId}` or `{vpceId}-{suffix}` before `.execute-api.{region}...`; the path begins with the stage. */
function byHost(request: Pick<HttpRequest, "target" | "headers">, host: string, at: number): Address {
  const named = namesIn(host, at);
  const apiId = named.apiId ?? (header(request.headers, "x-apigw-api-id") ?? "").toLowerCase();
  const { path, rawQuery } = split(request.target);
  const { region } = named;
  return { apiId, region, ...stageAndPath(path), isStageGiven: false, contextPath: path, rawQuery, customDomain: undefined };
}

/** What a host says by itself. */
interface HostNames {
  /** Undefined where a VPC endpoint is called by its own name. */
  readonly apiId: string | undefined;
  readonly region: string | undefined;
}

/** Hosts repeat: so many are remembered. */
const REMEMBERED = 1000;
/** Of a host that is one (RFC 1035, section 2.3.4). */
const LONGEST_NAME = 255;
const namesByHost = new Map<string, HostNames>();

function namesIn(host: string, at: number): HostNames {
  const known = namesByHost.get(host);
  if (known !== undefined) return known;
  const label = host.slice(host.lastIndexOf(".", at - 1) + 1, at);
  const apiId = label.startsWith("vpce-") ? undefined : (label.split("-vpce-", 1)[0] as string);
  const names = { apiId, region: regionOf(host.slice(at + EXECUTE_API.length)) };
  if (namesByHost.size >= REMEMBERED) namesByHost.clear();
  if (host.length <= LONGEST_NAME) namesByHost.set(host, names);
  return names;
}

/** A path whose first segment is the stage. */
function stageAndPath(path: string): Pick<Address, "stageName" | "path"> {
  const slash = path.indexOf("/", 1);
  const stageName = path.slice(1, slash < 0 ? undefined : slash);
  return { stageName: decoded(stageName), path: slash < 0 ? "/" : path.slice(slash) };
}

/** A rule or a mapping says which API, and which stage unless the path goes on with it. Without any there is no such API. */
function byDomain({ headers, target }: Pick<HttpRequest, "target" | "headers">, domain: ServedDomain): Address {
  const { path, rawQuery } = split(target);
  const { refusal } = domain;
  const match = domain.match(path, headers);
  if (match === undefined) {
    const nowhere = { apiId: "", region: undefined, stageName: "", isStageGiven: false };
    return { ...nowhere, path, contextPath: path, rawQuery, customDomain: { basePath: undefined, routingRuleId: undefined, refusal } };
  }
  const { apiId, basePath, rest, routingRuleId, stage } = match;
  const isStageGiven = stage !== undefined;
  const within = isStageGiven ? { stageName: stage, path: rest } : stageAndPath(rest);
  return { apiId, region: undefined, ...within, isStageGiven, contextPath: path, rawQuery, customDomain: { basePath, routingRuleId, refusal } };
}

/** `{prefix}{apiId}/{stage}{marker}/...`, the marker being what tells these paths from the control plane's. */
function byPath(target: string, start: number, marker: string): Address | undefined {
  const { path, rawQuery } = split(target);
  const afterApi = path.indexOf("/", start);
  if (afterApi <= start) return undefined;
  const next = path.indexOf("/", afterApi + 1);
  const afterStage = next < 0 ? path.length : next;
  if (afterStage === afterApi + 1) return undefined;
  const rest = path.slice(afterStage);
  if (!rest.startsWith(marker) || (rest.length > marker.length && rest[marker.length] !== "/")) return undefined;
  const stageName = decoded(path.slice(afterApi + 1, afterStage));
  const within = rest.slice(marker.length);
  return {
    apiId: path.slice(start, afterApi).toLowerCase(),
    region: undefined,
    stageName,
    isStageGiven: true,
    path: within === "" ? "/" : within,
    contextPath: `/${stageName}${within}`,
    rawQuery,
    customDomain: undefined,
  };
}

function split(target: string): { readonly path: string; readonly rawQuery: string } {
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, rawQuery: "" } : { path: target.slice(0, mark), rawQuery: target.slice(mark + 1) };
}

/** The first label after `.execute-api.` when it has the form of a region: `localhost` and the like are none. */
function regionOf(suffix: string): string | undefined {
  const label = suffix.split(".", 1)[0] as string;
  return /^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(label) ? label : undefined;
}
