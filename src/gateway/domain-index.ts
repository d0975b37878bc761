// The custom domain names that the gateway answers under, and which API each of their paths is for
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html).
import type { BasePathMapping, CustomDomain } from "../domain/domain-name.ts";
import { NO_BASE_PATH, parentDomain } from "../domain/domain-name.ts";
import { decoded } from "./path-segments.ts";

export interface MappedPath {
  readonly mapping: BasePathMapping;
  /** What follows the base path, as it travelled, `/` at least. */
  readonly rest: string;
}

export interface ServedDomain {
  readonly refusal: string | undefined;
  /** The mapping with the longest base path that the path begins with, in whole segments; else the one without a base path. */
  match(path: string): MappedPath | undefined;
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

function served({ mappings, refusal }: CustomDomain): ServedDomain {
  const byBasePath = new Map(mappings.map((mapping) => [mapping.basePath, mapping]));
  const depth = Math.max(0, ...mappings.map(({ basePath }) => basePath.split("/").length));
  const catchAll = byBasePath.get(NO_BASE_PATH);
  return {
    refusal,
    match(path) {
      let longest = catchAll && { mapping: catchAll, rest: path };
      let end = 0;
      for (let segments = 0; segments < depth && end < path.length; segments++) {
        const slash = path.indexOf("/", end + 1);
        end = slash < 0 ? path.length : slash;
        const mapping = byBasePath.get(decoded(path.slice(1, end)));
        if (mapping !== undefined && mapping !== catchAll) longest = { mapping, rest: path.slice(end) || "/" };
      }
      return longest;
    },
  };
}
