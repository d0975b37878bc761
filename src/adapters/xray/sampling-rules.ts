// Sampling rules, from either of the documents that X-Ray knows: what `aws xray get-sampling-rules` prints
// (https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html), whose rules may speak of a stage as
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-configuring-xray-sampling-rules.html says, or the
// local rules of X-Ray's SDKs, version 2 (X-Ray SDK guides: "Sampling rules").
import { isJsonObject, type JsonObject } from "../../domain/json.ts";
import { header } from "../../ports/http-server.ts";
import type { TracedRequest } from "../../ports/tracer.ts";
import { matchesGlob } from "./glob.ts";

export interface SamplingRule {
  /** Undefined for local rules, which have none. */
  readonly name: string | undefined;
  /** So many requests a second are sampled, ... */
  readonly reservoir: number;
  /** ... and this part of the others, from 0 to 1. */
  readonly rate: number;
  matches(request: TracedRequest): boolean;
}

/** What X-Ray's default rule is until somebody changes it (.../apigateway-enabling-xray.html: "1 request per second, with 5 percent"). */
export const DEFAULT_RULE: SamplingRule = { name: "Default", reservoir: 1, rate: 0.05, matches: () => true };

/** A document that holds no sampling rules. The message says where. */
export class SamplingRulesError extends Error {
  override readonly name = "SamplingRulesError";
}

/** The rules in the order in which they are tried; the last one matches every request. @throws {SamplingRulesError} */
export function parseSamplingRules(document: unknown): readonly SamplingRule[] {
  if (!isJsonObject(document)) throw new SamplingRulesError("there is no JSON object in it");
  if ("SamplingRuleRecords" in document) return serviceRules(document);
  if ("version" in document) return localRules(document);
  throw new SamplingRulesError("it has neither SamplingRuleRecords, as aws xray get-sampling-rules prints them, nor a version, as local sampling rules");
}

const SERVICE_RULE = new Set([
  "RuleName", "RuleARN", "ResourceARN", "Priority", "FixedRate", "ReservoirSize", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath", "Version", "Attributes",
]);

/** The last of X-Ray's: it matches every request, and cannot be told otherwise. */
const LAST = "Default";

function serviceRules({ SamplingRuleRecords: records }: JsonObject): readonly SamplingRule[] {
  const rules = arrayOf(records, "SamplingRuleRecords").map((record, index) => {
    const place = `SamplingRuleRecords[${index}].SamplingRule`;
    return serviceRule(objectOf(isJsonObject(record) ? record["SamplingRule"] : undefined, place), place);
  });
  const own = rules.filter(({ rule }) => rule.name !== LAST).toSorted((a, b) => a.priority - b.priority);
  const last = rules.find(({ rule }) => rule.name === LAST)?.rule ?? DEFAULT_RULE;
  return [...own.map(({ rule }) => rule), last];
}

function serviceRule(members: JsonObject, place: string): { readonly rule: SamplingRule; readonly priority: number } {
  refuseOthers(members, SERVICE_RULE, place);
  const name = members["RuleName"];
  if (typeof name !== "string" || name === "") throw new SamplingRulesError(`${place}.RuleName must be a text`);
  const limits = { reservoir: countOf(members, "ReservoirSize", place), rate: rateOf(members, "FixedRate", place) };
  if (name === LAST) return { rule: { ...DEFAULT_RULE, ...limits }, priority: Infinity };
  const attributes = Object.entries(objectOf(members["Attributes"] ?? {}, `${place}.Attributes`)).map(
    ([key, pattern]) => [key.toLowerCase(), patternOf(pattern, `${place}.Attributes.${key}`)] as const,
  );
  const matchesAll = matcher({
    serviceName: patternOf(members["ServiceName"], `${place}.ServiceName`),
    serviceType: patternOf(members["ServiceType"], `${place}.ServiceType`),
    resourceArn: patternOf(members["ResourceARN"], `${place}.ResourceARN`),
    host: patternOf(members["Host"], `${place}.Host`),
    httpMethod: patternOf(members["HTTPMethod"], `${place}.HTTPMethod`),
    path: patternOf(members["URLPath"], `${place}.URLPath`),
  });
  const matches = (request: TracedRequest): boolean =>
    matchesAll(request) && attributes.every(([key, pattern]) => matchesValue(pattern, header(request.headers, key)));
  return { rule: { name, ...limits, matches }, priority: countOf(members, "Priority", place) };
}

const matchesValue = (pattern: string, value: string | undefined): boolean => value !== undefined && matchesGlob(pattern, value);

const LOCAL_DOCUMENT = new Set(["version", "rules", "default"]);
const LOCAL_DEFAULT = new Set(["fixed_target", "rate"]);
const LOCAL_RULE = new Set([...LOCAL_DEFAULT, "description", "host", "http_method", "url_path"]);

function localRules(document: JsonObject): readonly SamplingRule[] {
  if (document["version"] !== 2) throw new SamplingRulesError("the version of local sampling rules must be 2");
  refuseOthers(document, LOCAL_DOCUMENT, "the document");
  const rules = arrayOf(document["rules"] ?? [], "rules").map((rule, index) => localRule(objectOf(rule, `rules[${index}]`), `rules[${index}]`));
  const last = objectOf(document["default"], "default");
  refuseOthers(last, LOCAL_DEFAULT, "default");
  return [...rules, { name: undefined, ...localLimits(last, "default"), matches: () => true }];
}

function localRule(members: JsonObject, place: string): SamplingRule {
  refuseOthers(members, LOCAL_RULE, place);
  const [host, httpMethod, path] = ["host", "http_method", "url_path"].map((name) => patternOf(members[name], `${place}.${name}`)) as [string, string, string];
  return { name: undefined, ...localLimits(members, place), matches: matcher({ host, httpMethod, path }) };
}

const localLimits = (members: JsonObject, place: string): Pick<SamplingRule, "reservoir" | "rate"> => ({
  reservoir: countOf(members, "fixed_target", place),
  rate: rateOf(members, "rate", place),
});

type Patterns = Partial<Record<"serviceName" | "serviceType" | "resourceArn" | "host" | "httpMethod" | "path", string>>;

const SERVICE_TYPE = "AWS::ApiGateway::Stage";

function matcher({ serviceType = "*", ...patterns }: Patterns): SamplingRule["matches"] {
  if (!matchesGlob(serviceType, SERVICE_TYPE)) return () => false;
  const wanted = Object.entries(patterns) as [keyof typeof patterns, string][];
  return (request) => wanted.every(([fact, pattern]) => matchesGlob(pattern, request[fact]));
}

function objectOf(value: unknown, place: string): JsonObject {
  if (!isJsonObject(value)) throw new SamplingRulesError(`${place} must be an object`);
  return value;
}

function arrayOf(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new SamplingRulesError(`${place} must be a list`);
  return value;
}

function refuseOthers(members: JsonObject, known: ReadonlySet<string>, place: string): void {
  const other = Object.keys(members).find((name) => !known.has(name));
  if (other !== undefined) throw new SamplingRulesError(`${place} has ${other}, which Gatehouse does not know`);
}

/** A pattern that is not given matches everything. */
function patternOf(value: unknown = "*", place: string): string {
  if (typeof value !== "string") throw new SamplingRulesError(`${place} must be a text`);
  return value;
}

function countOf(members: JsonObject, name: string, place: string): number {
  const value = members[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new SamplingRulesError(`${place}.${name} must be a whole number from 0`);
  return value as number;
}

function rateOf(members: JsonObject, name: string, place: string): number {
  const value = members[name];
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) throw new SamplingRulesError(`${place}.${name} must be a number from 0 to 1`);
  return value;
}
