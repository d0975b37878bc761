// The custom domain names that the gateway answers under, and which API each of their paths is for
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html, rest-api-routing-rules.html).
import type { BasePathMapping, CustomDomain } from "../domain/domain-name.ts";
import { NO_BASE_PATH, parentDomain } from "../domain/domain-name.ts";
import type { HeaderList } from "../domain/header-list.ts";
import { decoded } from "./path-segments.ts";
import { compileRules } from "./routing-rules.ts";

export interface MappedPath {
  readonly apiId: string;
  /** Undefined where the path goes on with it. */
  readonly stage: string | undefined;
  /** What the API gets of the path, as it travelled, `/` at least. */
  readonly rest: string;
  /** Of the mapping; undefined where a routing rule has matched. */
  readonly basePath: string | undefined;
  readonly routingRuleId: string | undefined;
}

export interface ServedDomain {
  readonly refusal: string | undefined;
  /**
   * The first routing rule that matches; else the mapping with the longest base path that the path begins with, in whole
   * segments; else the one without a base path.
   */
  match(path: string, headers: HeaderList): MappedPath | undefined;
}

export interface DomainIndex {
  /** The domain name of a host in lower case: the very name before a wildcard, a public one before a private one. */
  find(host: string): ServedDomain | undefined;
  put(domain: CustomDomain): void;
  drop(domainName: string, domainNameId: string | undefined): void;
}

export function createDomainIndex(): DomainIndex {
  /** By name, then by id; empty for the public one. */
  const names = new Map<string, Map<string, ServedDomain>>();
  const named = (name: string): ServedDomain | undefined => {
    const domains = names.get(name);
    return domains?.get("") ?? domains?.values().next().value;
  };
  return {
    find: (host) => (names.size === 0 ? undefined : (named(host) ?? named(`*.${parentDomain(host)}`))),
    put(domain) {
      let domains = names.get(domain.domainName);
      if (domains === undefined) names.set(domain.domainName, (domains = new Map()));
      domains.set(domain.domainNameId ?? "", served(domain));
    },
    drop(domainName, domainNameId = "") {
      const domains = names.get(domainName);
      domains?.delete(domainNameId);
      if (domains?.size === 0) names.delete(domainName);
    },
  };
}

function served({ mappings, refusal, rules = [] }: CustomDomain): ServedDomain {
  const byRule = compileRules(rules);
  const byMapping = compileMappings(mappings);
  return { refusal, match: (path, headers) => byRule(path, headers) ?? byMapping(path) };
}

function compileMappings(mappings: readonly BasePathMapping[]): (path: string) => MappedPath | undefined {
  const byBasePath = new Map(mappings.map((mapping) => [mapping.basePath, mapping]));
  const depth = Math.max(0, ...mappings.map(({ basePath }) => basePath.split("/").length));
  const catchAll = byBasePath.get(NO_BASE_PATH);
  return (path) => {
    let longest = catchAll && mapped(catchAll, path);
    let end = 0;
    for (let segments = 0; segments < depth && end < path.length; segments++) {
      const slash = path.indexOf("/", end + 1);
      end = slash < 0 ? path.length : slash;
      const mapping = byBasePath.get(decoded(path.slice(1, end)));
      if (mapping !== undefined && mapping !== catchAll) longest = mapped(mapping, path.slice(end) || "/");
    }
    return longest;
  };
}

const mapped = ({ basePath, restApiId, stage }: BasePathMapping, rest: string): MappedPath => ({ apiId: restApiId, stage, rest, basePath, routingRuleId: undefined });
