// Routing rules of custom domain names: which requests go to which stage of a REST API
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html).
import { partitionOf } from "./arn.ts";
import type { DomainName } from "./domain-name.ts";
import { recordKind, scoped } from "./record.ts";

export interface RoutingRule {
  readonly routingRuleId: string;
  /** Rules are tried from the lowest to the highest; no two of a domain name have the same. */
  readonly priority: number;
  /** All have to hold. */
  readonly conditions: readonly RoutingCondition[];
  readonly restApiId: string;
  readonly stage: string;
  /** Whether the API is called without the base path that has matched. */
  readonly stripBasePath: boolean;
}

/** Holds when both hold that are there. */
export interface RoutingCondition {
  /** Any of these headers. */
  readonly matchHeaders?: readonly HeaderMatch[];
  /** Any of these begins the path, in whole segments. */
  readonly matchBasePaths?: readonly string[];
}

export interface HeaderMatch {
  /** In any case. */
  readonly header: string;
  /** The whole value, with `*` at its end, at its beginning or at both. */
  readonly valueGlob: string;
}

/** Key: its domain name's, rule id. */
export const routingRules = recordKind<RoutingRule>("routing-rule", {
  priority: { unique: true, values: ({ priority }, key) => [scoped(...key.slice(0, -1), String(priority))] },
  api: { unique: false, values: ({ restApiId }) => [restApiId] },
  stage: { unique: false, values: ({ restApiId, stage }) => [scoped(restApiId, stage)] },
});

/** https://docs.aws.amazon.com/cli/latest/reference/apigatewayv2/create-routing-rule.html, the example's output */
export function routingRuleArn({ account, domainName, domainNameId, region }: DomainName, { routingRuleId }: RoutingRule): string {
  const name = domainNameId === undefined ? domainName : `${domainName}+${domainNameId}`;
  return `arn:${partitionOf(region)}:apigateway:${region}:${account}:/domainnames/${name}/routingrules/${routingRuleId}`;
}

/** Whether a header's value is what a glob says. */
export function matchesGlob(value: string, glob: string): boolean {
  const starts = glob.startsWith("*");
  const ends = glob.endsWith("*") && glob !== "*";
  const text = glob.slice(starts ? 1 : 0, ends ? -1 : undefined);
  if (starts && ends) return value.includes(text);
  if (starts) return value.endsWith(text);
  return ends ? value.startsWith(text) : value === text;
}
