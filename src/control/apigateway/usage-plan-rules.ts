// What a usage plan may be, and what its updates may do
// (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch).
import { badRequest, notFound } from "../../domain/errors.ts";
import { isJsonObject } from "../../domain/json.ts";
import type { ApiStage, Quota, QuotaPeriod, Throttle, UsagePlan } from "../../domain/usage-plan.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext } from "./context.ts";
import { DECLARED_METHODS } from "./method.ts";
import { sameStage, type StageReference } from "./usage-plan-stages.ts";

/** A plan whose limits may still lack a part. */
export interface UsagePlanDraft extends Omit<UsagePlan, "apiStages" | "throttle" | "quota"> {
  readonly apiStages: readonly ApiStageDraft[];
  readonly throttle?: LimitsDraft<Throttle>;
  readonly quota?: LimitsDraft<Quota>;
}

interface ApiStageDraft extends Omit<ApiStage, "throttle"> {
  readonly throttle?: Readonly<Record<string, LimitsDraft<Throttle>>>;
}

type LimitsDraft<T> = { readonly [K in keyof T]?: T[K] | undefined };

const MAX_INTEGER = 2 ** 31 - 1;

/** The last day that a period can begin with (Terraform's provider has AWS's words in its usage_plan_quota_settings). */
const LAST_OFFSET: Readonly<Record<QuotaPeriod, number>> = { DAY: 0, WEEK: 6, MONTH: 27 };

/**
 * The plan, when its parts agree with each other; limits that lack a part have 0 for it.
 * @throws {ServiceError} BadRequestException
 */
export function completed(draft: UsagePlanDraft, { limits }: ApiGatewayContext): UsagePlan {
  const { apiStages, throttle, quota, ...plan } = draft;
  const stages = apiStages.map(({ throttle: methods = {}, ...stage }) => {
    const entries = Object.entries(methods).map(([method, each]) => [checkedMethod(method), completedThrottle(each)] as const);
    if (entries.length > limits.methodThrottlesPerPlanStage) {
      throw badRequest(`A stage in a usage plan has at most ${limits.methodThrottlesPerPlanStage} method throttles; this would make ${entries.length}`);
    }
    return { ...stage, ...(entries.length > 0 ? { throttle: Object.fromEntries(entries) } : {}) };
  });
  if (throttle === undefined && stages.some((stage) => stage.throttle !== undefined)) {
    // Quoted in github.com/aws/aws-cdk/pull/6411.
    throw badRequest("Can not define fine grain throttling if usage plan throttle is not defined.");
  }
  return {
    ...plan,
    apiStages: firstOfEach(stages),
    ...(throttle ? { throttle: completedThrottle(throttle) } : {}),
    ...(quota ? { quota: completedQuota(quota) } : {}),
  };
}

/** Each stage once, as it is named first. */
function firstOfEach(stages: readonly ApiStage[]): readonly ApiStage[] {
  const byName = new Map<string, ApiStage>();
  for (const stage of stages) {
    const name = JSON.stringify([stage.apiId, stage.stage]);
    if (!byName.has(name)) byName.set(name, stage);
  }
  return [...byName.values()];
}

function completedThrottle({ burstLimit = 0, rateLimit = 0 }: LimitsDraft<Throttle>): Throttle {
  const isWithin = (value: number) => value >= 0 && value <= MAX_INTEGER;
  if (!isWithin(rateLimit) || !isWithin(burstLimit)) throw badRequest(`Usage Plan throttle limits must be between 0 and ${MAX_INTEGER}`);
  if (!Number.isInteger(burstLimit)) throw badRequest("Usage Plan burst limits must be integers");
  return { burstLimit, rateLimit };
}

function completedQuota({ limit, offset = 0, period }: LimitsDraft<Quota>): Quota {
  if (limit === undefined || period === undefined) throw badRequest("Usage Plan quota must have a limit and a period");
  if (limit < 0) throw badRequest("Usage Plan quota limit must not be negative");
  const last = LAST_OFFSET[period];
  if (offset < 0 || offset > last) {
    const range = last === 0 ? "zero" : `between 0 and ${last} inclusive`;
    throw badRequest(`Usage Plan quota offset must be ${range} in the ${period} period`);
  }
  return { limit, offset, period };
}

/** `{resource path}/{method}`: `/pets/{id}/GET`, and `//GET` for the root's. */
function checkedMethod(method: string): string {
  const slash = method.lastIndexOf("/");
  if (!method.startsWith("/") || slash === 0 || !DECLARED_METHODS.includes(method.slice(slash + 1))) {
    throw badRequest(`Invalid method '${method}' specified for throttling. Must be a resource path and an HTTP method, {resourcePath}/{httpMethod}`);
  }
  return method;
}

const limit = { integer: verbs.integer(0, MAX_INTEGER), number: verbs.number(0, MAX_INTEGER) };

const quota = <K extends keyof Quota>(member: K, parse: (operand: verbs.Operand) => Quota[K]) => {
  const step = verbs.within<UsagePlanDraft, "quota">("quota", () => ({}), verbs.set<LimitsDraft<Quota>, K>(member, parse));
  return { add: step, replace: step };
};
const throttle = <K extends keyof Throttle>(member: K, parse: (operand: verbs.Operand) => Throttle[K]) => {
  const step = verbs.within<UsagePlanDraft, "throttle">("throttle", () => ({}), verbs.set<LimitsDraft<Throttle>, K>(member, parse));
  return { add: step, replace: step };
};
const methodThrottle = <K extends keyof Throttle>(member: K, parse: (operand: verbs.Operand) => Throttle[K]) => {
  const step = inStage((stage, operand) => {
    const method = methodOf(operand);
    const before = stage.throttle?.[method] ?? {};
    return { ...stage, throttle: { ...stage.throttle, [method]: { ...before, [member]: parse(operand) } } };
  });
  return { add: step, replace: step };
};

const STAGE = "/apiStages/<apidId:stageName>/throttle";
const METHOD = `${STAGE}/<resourcePath+>/<httpMethod>`;

/** In the order of AWS's messages (github.com/boto/boto3/issues/2629). */
export const usagePlanRules: verbs.PatchRules<UsagePlanDraft> = {
  "/apiStages": { add: addStage, remove: removeStage },
  "/quota": { remove: verbs.unset("quota") },
  "/throttle": { remove: verbs.unset("throttle") },
  "/productCode": {
    add: verbs.set("productCode", verbs.optionalText),
    replace: verbs.set("productCode", verbs.optionalText),
    remove: verbs.unset("productCode"),
  },
  [METHOD]: { remove: inStage(dropMethod) },
  [STAGE]: { add: inStage(setMethods), replace: inStage(setMethods), remove: inStage((stage) => ({ ...stage, throttle: {} })) },
  [`${METHOD}/rateLimit`]: methodThrottle("rateLimit", limit.number),
  [`${METHOD}/burstLimit`]: methodThrottle("burstLimit", limit.integer),
  "/description": { replace: verbs.set("description", verbs.optionalText) },
  "/name": { replace: verbs.set("name", verbs.someText) },
  "/quota/limit": quota("limit", limit.integer),
  "/quota/offset": quota("offset", limit.integer),
  "/quota/period": quota("period", verbs.oneOf("DAY", "WEEK", "MONTH")),
  "/throttle/burstLimit": throttle("burstLimit", limit.integer),
  "/throttle/rateLimit": throttle("rateLimit", limit.number),
};

/** Only the first two parts of `{apiId}:{stage}` count (github.com/boto/boto3/issues/825). @throws {ServiceError} BadRequestException */
function parseStage(text = ""): StageReference {
  const [apiId, stage] = text.split(":");
  if (!apiId || !stage) throw badRequest("Invalid API Stage specified");
  return { apiId, stage };
}

/** That the stage exists is found out when the plan is kept. */
function addStage(plan: UsagePlanDraft, { value }: verbs.Operand): UsagePlanDraft {
  const added = parseStage(value);
  return plan.apiStages.some((each) => sameStage(each, added)) ? plan : { ...plan, apiStages: [...plan.apiStages, added] };
}

function removeStage(plan: UsagePlanDraft, { value }: verbs.Operand): UsagePlanDraft {
  const removed = parseStage(value);
  const kept = plan.apiStages.filter((each) => !sameStage(each, removed));
  if (kept.length === plan.apiStages.length) throw notFound(`API Stage not found: ${removed.apiId}:${removed.stage}`);
  return { ...plan, apiStages: kept };
}

/** Does a step on the stage that the path names. */
function inStage(step: verbs.Step<ApiStageDraft>): verbs.Step<UsagePlanDraft> {
  return (plan, operand) => {
    const named = parseStage(operand.names[0]);
    if (!plan.apiStages.some((each) => sameStage(each, named))) throw notFound(`API Stage not found: ${named.apiId}:${named.stage}`);
    return { ...plan, apiStages: plan.apiStages.map((each) => (sameStage(each, named) ? step(each, operand) : each)) };
  };
}

/** The path may be written with `~1` for its slashes, or with them, as Terraform does, or without the first one. */
function methodOf({ names: [, resourcePath = "", httpMethod = ""] }: verbs.Operand): string {
  return `${resourcePath.startsWith("/") ? "" : "/"}${resourcePath}/${httpMethod}`;
}

function dropMethod(stage: ApiStageDraft, operand: verbs.Operand): ApiStageDraft {
  const dropped = methodOf(operand);
  const methods = Object.entries(stage.throttle ?? {});
  const kept = methods.filter(([method]) => method !== dropped);
  if (kept.length === methods.length) throw notFound(`Method throttle not found: ${dropped}`);
  return { ...stage, throttle: Object.fromEntries(kept) };
}

/** All of a stage's method throttles, as a JSON object like that of CreateUsagePlan. */
function setMethods(stage: ApiStageDraft, { path, value }: verbs.Operand): ApiStageDraft {
  const given = verbs.parseJson(value ?? "");
  if (!isJsonObject(given) || !Object.values(given).every(isThrottle)) {
    throw badRequest(`Invalid patch value '${value ?? ""}' specified for path '${path}'. Must be a JSON object of throttle settings`);
  }
  return { ...stage, throttle: given as Record<string, LimitsDraft<Throttle>> };
}

const isThrottle = (value: unknown): boolean =>
  isJsonObject(value) && Object.entries(value).every(([member, each]) => ["rateLimit", "burstLimit"].includes(member) && typeof each === "number");
