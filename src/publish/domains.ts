// A custom domain name changed: read it and its mappings, and hand them to the gateways.
import type { CustomDomain, DomainName } from "../domain/domain-name.ts";
import { basePathMappings, domainNameKey, domainNames } from "../domain/domain-name.ts";
import { routingRules } from "../domain/routing-rule.ts";
import type { DomainNameName } from "../ports/publication.ts";
import type { Store } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";

/** Who answers under custom domain names. What resolves has taken effect everywhere. */
export interface DomainHolder {
  putDomain(domain: CustomDomain): void | Promise<void>;
  dropDomain(domainName: string, domainNameId: string | undefined): void | Promise<void>;
}

export interface DomainPublisher {
  domainChanged(name: DomainNameName): Promise<void>;
  /** Publishes every domain name in the store. */
  publishAllDomains(): Promise<void>;
}

export function createDomainPublisher({ store, gateways }: { store: Store; gateways: DomainHolder }): DomainPublisher {
  const inTurn = createTurns();

  async function publish({ account, region, domainName, domainNameId }: DomainNameName): Promise<void> {
    const key = domainNameKey(account, region, domainName, domainNameId);
    const [domain, mappings, rules] = await Promise.all([
      store.get(domainNames, key),
      store.list(basePathMappings, { prefix: key }),
      store.list(routingRules, { prefix: key }),
    ]);
    if (domain === undefined) return gateways.dropDomain(domainName, domainNameId);
    const { routingMode } = domain.value;
    const counting = routingMode === "BASE_PATH_MAPPING_ONLY" ? [] : rules.items.map(({ value }) => value).toSorted((a, b) => a.priority - b.priority);
    await gateways.putDomain({
      domainName,
      domainNameId,
      mappings: routingMode === "ROUTING_RULE_ONLY" ? [] : mappings.items.map(({ value }) => value),
      ...(counting.length === 0 ? {} : { rules: counting }),
      refusal: refusalOf(domain.value),
    });
  }

  return {
    domainChanged: (name) => inTurn(`${name.domainName}+${name.domainNameId ?? ""}`, () => publish(name)),
    async publishAllDomains() {
      const { items } = await store.list(domainNames, {});
      for (const { value } of items) await publish(value);
    },
  };
}

/** Why requests to a domain name cannot be served: it asks for protection that is not built, and is not served without it. */
function refusalOf({ domainName, mutualTlsAuthentication, types }: DomainName): string | undefined {
  if (types.includes("PRIVATE")) {
    return `Gatehouse has not built private domain names yet: ${domainName} is not served, as neither its policy nor its access associations would be enforced.`;
  }
  if (mutualTlsAuthentication !== undefined) {
    return `Gatehouse has not built mutual TLS yet: ${domainName} is not served, as its clients would not be authenticated.`;
  }
  return undefined;
}
