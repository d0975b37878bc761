// A second, slow reading of IAM's evaluation rules, sentence by sentence from the pages, for the engine to be compared with. It shares
// no code with the engine, interprets documents as they stand, and tries every way in which a wildcard can stand for a text.
import type { PolicyRequest, PrincipalFacts, Verdict } from "./index.ts";

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
type Principal = "*" | Readonly<Record<string, string | readonly string[]>>;

export interface OracleStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: Principal;
  readonly NotPrincipal?: Principal;
  readonly Condition?: Condition;
}

export interface OracleDocument {
  readonly Version?: "2008-10-17" | "2012-10-17";
  readonly Statement: OracleStatement | readonly OracleStatement[];
}

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

// ---- Characters, wildcards and variables (reference_policies_variables, reference_policies_elements_resource)

type Unit = { readonly char: string } | { readonly wild: "*" | "?"; readonly colons: boolean };

/** The units of a text; "none" when one of its variables has no value: "There is no equal or like value." */
function unitsOf(text: string, version: string, request: PolicyRequest): readonly Unit[] | "none" {
  const units: Unit[] = [];
  let rest = text;
  while (rest !== "") {
    const close = rest.indexOf("}");
    const inside = rest.startsWith("${") && close > 0 ? rest.slice(2, close) : undefined;
    if (version === "2012-10-17" && inside !== undefined) {
      rest = rest.slice(close + 1);
      if (["*", "?", "$"].includes(inside)) {
        units.push({ char: inside });
        continue;
      }
      const [key = "", quoted] = inside.split(", ");
      const value = variableValue(key, quoted?.slice(1, -1), request);
      if (value === undefined) return "none";
      units.push(...value.split("").map((char) => ({ char })));
      continue;
    }
    const char = rest.charAt(0);
    rest = rest.slice(1);
    units.push(char === "*" || char === "?" ? { wild: char, colons: true } : { char });
  }
  return units;
}

/** "You can't use a multivalued condition key as a variable." */
function variableValue(key: string, fallback: string | undefined, request: PolicyRequest): string | undefined {
  const values = request.context(key.toLowerCase());
  if (values === undefined || values.length === 0) return fallback;
  if (values.length > 1) return undefined;
  return values[0] === "" ? fallback : values[0];
}

/** Every way of cutting the text is tried. */
function standsFor(units: readonly Unit[], text: string, known = new Map<string, boolean>()): boolean {
  const [unit, ...rest] = units;
  if (unit === undefined) return text === "";
  const place = `${units.length} ${text.length}`;
  const before = known.get(place);
  if (before !== undefined) return before;
  let result = false;
  if ("char" in unit) result = text.startsWith(unit.char) && standsFor(rest, text.slice(1), known);
  else {
    for (let length = unit.wild === "?" ? 1 : 0; length <= (unit.wild === "?" ? 1 : text.length); length++) {
      const taken = text.slice(0, length);
      if (taken.length < length || (!unit.colons && taken.includes(":"))) continue;
      result ||= standsFor(rest, text.slice(length), known);
    }
  }
  known.set(place, result);
  return result;
}

/** The wildcards of the first five segments stay in their segment, save a star that is the segment's last character. */
function resourceUnits(units: readonly Unit[]): readonly Unit[] {
  let colons = 0;
  return units.map((unit, index) => {
    if ("char" in unit) {
      if (unit.char === ":") colons++;
      return unit;
    }
    const next = units[index + 1];
    const isLast = next === undefined || ("char" in next && next.char === ":");
    return { ...unit, colons: colons >= 5 || (unit.wild === "*" && isLast) };
  });
}

function matchesResource(text: string, version: string, request: PolicyRequest): boolean {
  const units = unitsOf(text, version, request);
  return units !== "none" && standsFor(resourceUnits(units), request.resource);
}

/** Actions have no variables. */
const NOTHING: PolicyRequest = { action: "", resource: "", context: () => undefined };

const matchesAction = (text: string, action: string): boolean =>
  standsFor(unitsOf(text.toLowerCase(), "2008-10-17", NOTHING) as readonly Unit[], action.toLowerCase());

// ---- Conditions (reference_policies_elements_condition_operators, reference_policies_multi-value-conditions)

function matchesValue(operator: string, wanted: string, value: string, version: string, request: PolicyRequest): boolean {
  const units = (): readonly Unit[] | "none" => unitsOf(wanted, version, request);
  const literal = (): string | undefined => {
    const all = units();
    return all === "none" ? undefined : all.map((unit) => ("char" in unit ? unit.char : unit.wild)).join("");
  };
  switch (operator) {
    case "StringEquals":
      return literal() === value;
    case "StringEqualsIgnoreCase":
    case "Bool":
      return literal()?.toLowerCase() === value.toLowerCase();
    case "StringLike": {
      const all = units();
      return all !== "none" && standsFor(all, value);
    }
    case "ArnEquals":
    case "ArnLike": {
      const all = units();
      return all !== "none" && matchesArn(all, value);
    }
    case "BinaryEquals":
      return Buffer.compare(Buffer.from(wanted, "base64"), Buffer.from(value, "base64")) === 0;
    case "IpAddress":
      return isInRange(value, wanted);
    default:
      return operator.startsWith("Date")
        ? compare(operator.slice(4), timeOf(value), timeOf(wanted))
        : compare(operator.slice(7), Number(value), Number(wanted));
  }
}

function compare(operator: string, value: number, limit: number): boolean {
  if (Number.isNaN(value)) return false;
  if (operator === "Equals") return value === limit;
  if (operator.startsWith("LessThan")) return value < limit || (operator.endsWith("Equals") && value === limit);
  return value > limit || (operator.endsWith("Equals") && value === limit);
}

const timeOf = (text: string): number => (/^\d{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text));

function matchesArn(units: readonly Unit[], arn: string): boolean {
  const components: Unit[][] = [[]];
  for (const unit of units) {
    if ("char" in unit && unit.char === ":" && components.length < 6) components.push([]);
    else components.at(-1)?.push(unit);
  }
  const [partition, ...others] = arn.split(":");
  const values = [partition ?? "", ...others.slice(0, 4), others.slice(4).join(":")];
  return others.length >= 5 && components.length === 6 && components.every((each, index) => standsFor(each, values[index] ?? ""));
}

/** An address as a number, after the family; an IPv6 address that carries an IPv4 one is that one. */
function addressOf(text: string): { readonly family: 4 | 6; readonly number: bigint } {
  if (!text.includes(":")) return { family: 4, number: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  const carried = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (carried !== undefined) return addressOf(carried);
  const [left = [], right = []] = text.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return { family: 6, number: [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) };
}

function isInRange(text: string, range: string): boolean {
  const [network = "", prefix] = range.split("/");
  const address = addressOf(text);
  const base = addressOf(network);
  const bits = base.family === 4 ? 32 : 128;
  const size = 1n << BigInt(bits - Number(prefix ?? bits));
  return address.family === base.family && address.number / size === base.number / size;
}

function isMet(name: string, key: string, wanted: readonly string[], version: string, request: PolicyRequest): boolean {
  const present = request.context(key.toLowerCase()) ?? [];
  if (name === "Null") return wanted.includes(String(present.length === 0));
  const quantifier = name.includes(":") ? name.split(":")[0] : undefined;
  const ifExists = name.endsWith("IfExists");
  const operator = name.replace(/^.*:/, "").replace(/IfExists$/, "");
  const negated = operator.includes("Not");
  const positive = operator.replace("Not", "");
  const matchesAny = (value: string): boolean => wanted.some((each) => matchesValue(positive, each, value, version, request));
  // "If the key is not present, evaluate the condition element as true."
  if (ifExists && present.length === 0) return true;
  // "returns true if there are no keys in the request, or if the key values resolve to a null data set, such as an empty string"
  const nullDataSet = present.every((value) => value === "");
  if (quantifier === "ForAllValues") return nullDataSet || present.every((value) => (negated ? !matchesAny(value) : matchesAny(value)));
  // "For no matching key or a null dataset, the condition returns false."
  if (quantifier === "ForAnyValue") return !nullDataSet && present.some((value) => (negated ? !matchesAny(value) : matchesAny(value)));
  // "If the policy condition requires that the key is not matched ... and the right key is not present, the condition is true."
  return negated ? !present.some(matchesAny) : present.some(matchesAny);
}

// ---- Principals (reference_policies_elements_principal, reference_policies_elements_notprincipal)

/** The names that a caller answers to, from the closest on. */
function namesOf(caller: PrincipalFacts): readonly { readonly name: string; readonly close: "self" | "issuer" | "account" }[] {
  const { account, arn, userId, roleArn, federated = [], service, canonicalUser } = caller;
  const root = arn === `arn:aws:iam::${account}:root`;
  const own = (type: string, name: string | undefined) => (name === undefined ? [] : [{ name: `${type} ${name}`, close: "self" as const }]);
  return [
    ...own("AWS", arn),
    ...own("AWS", userId),
    ...federated.flatMap((name) => own("Federated", name)),
    ...list(service).flatMap((name) => own("Service", name)),
    ...own("CanonicalUser", canonicalUser),
    ...(roleArn === undefined ? [] : [`AWS ${roleArn}`, `AWS ${userId?.split(":")[0]}`]).map((name) => ({ name, close: "issuer" as const })),
    ...(account === undefined ? [] : [`AWS ${account}`, `AWS arn:aws:iam::${account}:root`]).map((name) => ({
      name,
      close: root ? ("self" as const) : ("account" as const),
    })),
  ];
}

const listed = (element: Principal): readonly string[] =>
  element === "*"
    ? ["*"]
    : Object.entries(element)
        .flatMap(([type, names]) => list(names).map((name) => `${type} ${name}`))
        .map((name) => (name === "AWS *" ? "*" : name));

function closeness(statement: OracleStatement, caller: PrincipalFacts, bounded: boolean): "self" | "issuer" | "account" | undefined {
  if (statement.Principal !== undefined) {
    const names = listed(statement.Principal);
    if (names.includes("*")) return "self";
    const found = namesOf(caller).filter(({ name }) => names.includes(name));
    return (["self", "issuer", "account"] as const).find((close) => found.some((each) => each.close === close));
  }
  if (statement.NotPrincipal === undefined) return "self";
  // "will always deny any IAM principal that has a permissions boundary policy attached"
  if (bounded && statement.Effect === "Deny") return "self";
  return isSpared(listed(statement.NotPrincipal), statement.Effect, caller) ? undefined : "self";
}

function isSpared(names: readonly string[], effect: "Allow" | "Deny", caller: PrincipalFacts): boolean {
  if (names.includes("*")) return true;
  const all = namesOf(caller);
  const { account, arn, roleArn } = caller;
  const isListed = (wanted: readonly (string | undefined)[]): boolean => names.some((name) => wanted.includes(name));
  if (account === undefined) return all.some(({ name }) => names.includes(name));
  const outside = all.filter(({ name }) => !name.startsWith("AWS ")).map(({ name }) => name);
  if (isListed(outside)) return true;
  const steps = [
    isListed([`AWS ${account}`, `AWS arn:aws:iam::${account}:root`]),
    ...(roleArn === undefined ? [] : [isListed([`AWS ${roleArn}`, `AWS ${caller.userId?.split(":")[0]}`])]),
    ...(arn?.endsWith(":root") === true ? [] : [isListed([`AWS ${arn}`, `AWS ${caller.userId}`])]),
  ];
  return effect === "Deny" ? steps.every(Boolean) : steps.some(Boolean);
}

// ---- Statements, policies, and several policies (reference_policies_evaluation-logic)

function applies(statement: OracleStatement, version: string, request: PolicyRequest): boolean {
  const action = list(statement.Action ?? statement.NotAction).some((text) => matchesAction(text, request.action));
  const resource = list(statement.Resource ?? statement.NotResource).some((text) => matchesResource(text, version, request));
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, wanted]) => isMet(name, key, list(wanted), version, request)),
  );
  return (
    action === (statement.Action !== undefined) &&
    resource === (statement.Resource !== undefined) &&
    !conditions.includes(false)
  );
}

function outcome(document: OracleDocument, request: PolicyRequest, bounded: boolean) {
  const version = document.Version ?? "2008-10-17";
  const found = list(document.Statement)
    .filter((statement) => applies(statement, version, request))
    .map((statement) => ({ effect: statement.Effect, close: closeness(statement, request.principal ?? {}, bounded) }))
    .filter(({ close }) => close !== undefined);
  const denies = found.some(({ effect }) => effect === "Deny");
  const allows = found.filter(({ effect }) => effect === "Allow").map(({ close }) => close);
  return { denies, allows };
}

/** What the rules make of one policy. */
export function oracleVerdict(document: OracleDocument, request: PolicyRequest): Verdict {
  const { denies, allows } = outcome(document, request, false);
  if (denies) return "Deny";
  return allows.length > 0 ? "Allow" : "NoMatch";
}

export interface OraclePolicies {
  readonly identity: readonly OracleDocument[];
  readonly boundary: OracleDocument | undefined;
  readonly session: readonly OracleDocument[];
  readonly resource: OracleDocument | undefined;
  readonly crossAccount: boolean;
}

/** Whether the rules allow a request of a user, a role's session or the root user. */
export function oracleAllows(policies: OraclePolicies, request: PolicyRequest): boolean {
  const { identity, boundary, session, resource, crossAccount } = policies;
  const verdicts = (documents: readonly OracleDocument[]) => documents.map((document) => oracleVerdict(document, request));
  const resourceSays = resource === undefined ? { denies: false, allows: [] } : outcome(resource, request, boundary !== undefined);
  // "An explicit deny in any policy overrides any allows."
  const all = verdicts([...identity, ...session, ...(boundary === undefined ? [] : [boundary])]);
  if (resourceSays.denies || all.includes("Deny")) return false;
  const { account, arn } = request.principal ?? {};
  const byIdentity = verdicts(identity).includes("Allow") || arn === `arn:aws:iam::${account}:root`;
  const byBoundary = boundary === undefined || oracleVerdict(boundary, request) === "Allow";
  const bySession = session.length === 0 || verdicts(session).includes("Allow");
  const ownAccount = byIdentity && byBoundary && bySession;
  // "AWS allows the request only if both account policy evaluations allow the request."
  if (crossAccount) return ownAccount && resourceSays.allows.length > 0;
  // "Permissions granted directly to a session are not limited by an implicit deny in an identity-based policy, a permissions boundary,
  // or session policy"; those "that grant permissions to an IAM role ARN are limited by ... a permissions boundary or session policy".
  if (resourceSays.allows.includes("self")) return true;
  if (resourceSays.allows.includes("issuer") && byBoundary && bySession) return true;
  return ownAccount;
}
