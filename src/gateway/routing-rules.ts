// Routing rules of a domain name, compiled: which stage a request goes to by its path and headers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html).
import type { HeaderList } from "../domain/header-list.ts";
import { matchesGlob, type RoutingCondition, type RoutingRule } from "../domain/routing-rule.ts";
import type { MappedPath } from "./domain-index.ts";
import { decoded } from "./path-segments.ts";

type Match = (path: string, headers: HeaderList) => MappedPath | undefined;

/** The first of the rules that matches. */
export function compileRules(rules: readonly RoutingRule[]): Match {
  const compiled = rules.map(compileRule);
  return (path, headers) => {
    for (const match of compiled) {
      const matched = match(path, headers);
      if (matched !== undefined) return matched;
    }
    return undefined;
  };
}

function compileRule({ conditions, restApiId, routingRuleId, stage, stripBasePath }: RoutingRule): Match {
  const headers = conditions.flatMap(({ matchHeaders }) => (matchHeaders === undefined ? [] : [compileHeaders(matchHeaders)]));
  const basePaths = conditions.flatMap(({ matchBasePaths }) => (matchBasePaths === undefined ? [] : [matchBasePaths]));
  return (path, all) => {
    let end = 0;
    for (const anyOf of basePaths) {
      const matched = anyOf.map((basePath) => endOf(basePath, path)).find((each) => each !== undefined);
      if (matched === undefined) return undefined;
      end = matched;
    }
    if (!headers.every((matches) => matches(all))) return undefined;
    return { apiId: restApiId, stage, rest: stripBasePath ? path.slice(end) || "/" : path, basePath: undefined, routingRuleId };
  };
}

/** Where the base path ends that a path begins with, in whole segments; undefined when it begins with another one. */
function endOf(basePath: string, path: string): number | undefined {
  let end = 0;
  for (let segments = basePath.split("/").length; segments > 0; segments--) {
    if (end >= path.length) return undefined;
    const slash = path.indexOf("/", end + 1);
    end = slash < 0 ? path.length : slash;
  }
  return decoded(path.slice(1, end)) === basePath ? end : undefined;
}

/** Whether any header is there with any of the values. */
function compileHeaders(anyOf: NonNullable<RoutingCondition["matchHeaders"]>): (headers: HeaderList) => boolean {
  const wanted = anyOf.map(({ header, valueGlob }) => ({ name: header.toLowerCase(), valueGlob }));
  return (headers) => {
    for (let i = 0; i < headers.length; i += 2) {
      const name = (headers[i] as string).toLowerCase();
      if (wanted.some((each) => each.name === name && matchesGlob(headers[i + 1] as string, each.valueGlob))) return true;
    }
    return false;
  };
}
