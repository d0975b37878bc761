// RoutingRule: which requests to a domain name go to which stage of a REST API
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html).
import type { Call } from "../../domain/call.ts";
import { type DomainName, domainNameKey, domainNames } from "../../domain/domain-name.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import { type RoutingCondition, type RoutingRule, routingRuleArn, routingRules } from "../../domain/routing-rule.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { checkMappedApi } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayV2Context, given, limitExceeded, pageOf } from "./context.ts";
import { checkConditions } from "./routing-rule-conditions.ts";

interface DomainInput {
  readonly DomainName: string;
  readonly DomainNameId?: string;
}
interface RuleInput extends DomainInput {
  readonly RoutingRuleId: string;
}

interface Found {
  readonly domain: Stored<DomainName>;
  readonly rule: Stored<RoutingRule>;
}

export function routingRuleOperations(context: ApiGatewayV2Context) {
  const { ids, publication, store } = context;
  const find = async (input: RuleInput, call: Call): Promise<Found> => {
    const domain = await findDomain(context, input, call);
    const rule = await store.get(routingRules, [...domain.key, input.RoutingRuleId]);
    if (rule === undefined) throw notFound("Invalid routing rule identifier specified");
    return { domain, rule };
  };
  const written = async (domain: Stored<DomainName>, rule: RoutingRule, before: Stored<RoutingRule> | undefined, call: Call): Promise<verbs.Decision<Model.CreateRoutingRuleResponse>> => {
    checkConditions(rule.conditions);
    const touched = await target(context, domain, rule, call);
    await assertPriorityFree(context, domain, rule);
    return {
      changes: [...touched, put(routingRules, [...domain.key, rule.routingRuleId], rule, before?.version ?? "absent")],
      answer: show(domain.value, rule),
      afterwards: () => publication.domainChanged(domain.value),
    };
  };
  return {
    create: verbs.writing(store, async (input: Model.CreateRoutingRuleRequest, call): Promise<verbs.Decision<Model.CreateRoutingRuleResponse>> => {
      const domain = await findDomain(context, input, call);
      await assertTakesRules(context, domain);
      return written(domain, ruleOf(ids.alphanumeric(6), input), undefined, call);
    }),
    /** All of a rule is replaced. */
    put: verbs.writing(store, async (input: Model.PutRoutingRuleRequest, call): Promise<verbs.Decision<Model.PutRoutingRuleResponse>> => {
      const { domain, rule } = await find(input, call);
      return written(domain, ruleOf(rule.value.routingRuleId, input), rule, call);
    }),
    read: verbs.reading(find, ({ domain, rule }): Model.GetRoutingRuleResponse => show(domain.value, rule.value)),
    list: async ({ MaxResults, NextToken, ...input }: Model.ListRoutingRulesRequest, call: Call): Promise<Model.ListRoutingRulesResponse> => {
      const domain = await findDomain(context, input, call);
      const { items, position } = await verbs.page(store, routingRules, domain.key, pageOf(given({ MaxResults: MaxResults?.toString(), NextToken })));
      return { RoutingRules: items.map(({ value }) => show(domain.value, value)), ...given({ NextToken: position }) };
    },
    remove: verbs.removing(store, find, ({ domain, rule }) => ({
      changes: [remove(routingRules, rule.key, rule.version)],
      afterwards: () => publication.domainChanged(domain.value),
    })),
  };
}

/** A domain name of any type. @throws {ServiceError} NotFoundException */
async function findDomain({ store }: ApiGatewayV2Context, { DomainName: name, DomainNameId }: DomainInput, { account, region }: Call): Promise<Stored<DomainName>> {
  const domain = await store.get(domainNames, domainNameKey(account, region, name, DomainNameId));
  if (domain === undefined) throw notFound("Invalid domain name identifier specified");
  return domain;
}

/** Guide: set-routing-mode; api-gateway-execution-service-limits-table, routing rules per domain. @throws {ServiceError} */
async function assertTakesRules({ limits, store }: ApiGatewayV2Context, { key, value: { routingMode } }: Stored<DomainName>): Promise<void> {
  if (routingMode === "BASE_PATH_MAPPING_ONLY") throw badRequest("Routing rules cannot be created for a domain name with the routing mode API_MAPPING_ONLY");
  if ((await store.count(routingRules, { prefix: key })) < limits.routingRulesPerDomainName) return;
  throw limitExceeded("Maximum number of routing rules for this domain name has been reached. Please contact AWS if you need additional routing rules.");
}

function ruleOf(routingRuleId: string, input: Omit<Model.CreateRoutingRuleRequest, "DomainName">): RoutingRule {
  const { Actions, Conditions, Priority } = input;
  const [action, ...others] = Actions;
  if (action === undefined || others.length > 0) throw badRequest("A routing rule must have exactly one action");
  if (!(Priority >= 1 && Priority <= 1_000_000)) throw badRequest(`Invalid priority specified: ${Priority}. Must be between 1 and 1000000`);
  const { ApiId, Stage, StripBasePath = false } = action.InvokeApi;
  return { routingRuleId, priority: Priority, conditions: Conditions.map(conditionOf), restApiId: ApiId, stage: Stage, stripBasePath: StripBasePath };
}

const conditionOf = ({ MatchBasePaths, MatchHeaders }: Model.RoutingRuleCondition): RoutingCondition => ({
  ...given({ matchBasePaths: MatchBasePaths?.AnyOf }),
  ...given({ matchHeaders: MatchHeaders?.AnyOf.map(({ Header, ValueGlob }) => ({ header: Header, valueGlob: ValueGlob })) }),
});

/**
 * Changes that write what a rule needs as it is, so that neither the domain name, nor the API, nor the stage is deleted at
 * the same moment. Rules are of REST APIs alone.
 * @throws {ServiceError} BadRequestException, NotFoundException
 */
async function target({ store }: ApiGatewayV2Context, domain: Stored<DomainName>, { restApiId, stage }: RoutingRule, call: Call): Promise<readonly Change[]> {
  const key = [call.account, call.region, restApiId];
  const [api, shown] = await Promise.all([store.get(restApis, key), store.get(stages, [...key, stage])]);
  if (api === undefined) throw notFound(`Invalid API identifier specified ${call.account}:${restApiId}`);
  checkMappedApi(domain.value, api.value);
  if (shown === undefined) throw badRequest("Invalid stage identifier specified");
  return [
    put(domainNames, domain.key, domain.value, domain.version),
    put(restApis, api.key, api.value, api.version),
    put(stages, shown.key, shown.value, shown.version),
  ];
}

async function assertPriorityFree({ store }: ApiGatewayV2Context, { key }: Stored<DomainName>, rule: RoutingRule): Promise<void> {
  const { items } = await store.list(routingRules, { prefix: key });
  if (items.every(({ value }) => value.priority !== rule.priority || value.routingRuleId === rule.routingRuleId)) return;
  throw conflict(`A routing rule with the priority ${rule.priority} already exists for this domain name`);
}

/** A rule as answers carry it. */
const show = (domain: DomainName, rule: RoutingRule): Model.RoutingRule => ({
  Actions: [{ InvokeApi: { ApiId: rule.restApiId, Stage: rule.stage, StripBasePath: rule.stripBasePath } }],
  Conditions: rule.conditions.map(showCondition),
  Priority: rule.priority,
  RoutingRuleArn: routingRuleArn(domain, rule),
  RoutingRuleId: rule.routingRuleId,
});

const showCondition = ({ matchBasePaths, matchHeaders }: RoutingCondition): Model.RoutingRuleCondition => ({
  ...(matchBasePaths && { MatchBasePaths: { AnyOf: matchBasePaths } }),
  ...(matchHeaders && { MatchHeaders: { AnyOf: matchHeaders.map(({ header, valueGlob }) => ({ Header: header, ValueGlob: valueGlob })) } }),
});
