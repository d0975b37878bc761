// Makes a policy of a document: everything that can be decided before a request comes is decided here.
import { type Condition, compileCondition } from "./conditions/condition.ts";
import { readPolicy, type StatementElements, type Texts } from "./document.ts";
import { bounded, globMatcher, type Matcher, wildcardParts } from "./glob.ts";
import type { PolicyKind, PolicyRequest, PolicyVersion, PrincipalFacts } from "./policy.ts";
import { type Naming, notPrincipalTest, principalTest } from "./principals.ts";
import { resourceTest } from "./resources.ts";
import type { ValueTest } from "./text-pattern.ts";

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** `action` is the request's in lower case. */
  readonly applies: (request: PolicyRequest, action: string) => boolean;
  /** How the statement names the caller: "self" in a policy without principals, undefined if it does not name it. */
  readonly names: (caller: PrincipalFacts) => Naming | undefined;
  /** Whether it spares those whom it names (NotPrincipal). */
  readonly spares: boolean;
}

/** A compiled policy: ask `evaluate` and `decide` about it. */
export interface Policy {
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

/**
 * A policy of its document: a JSON text, or what such a text says.
 * @throws {PolicySyntaxError} with a message that names what is wrong, in IAM's words where documented
 */
export function compilePolicy(document: unknown, kind: PolicyKind = {}): Policy {
  const { version, statements } = readPolicy(document, kind);
  const variables = version === "2012-10-17";
  return { version, statements: statements.map((statement) => compileStatement(statement, variables)) };
}

function compileStatement({ effect, actions, resources, principals, conditions }: StatementElements, variables: boolean): Statement {
  const action = compileActions(actions);
  const resource = compileResources(resources, variables);
  const compiled = conditions.map(({ operator, key, values }) => compileCondition(operator, key, values, variables));
  const condition = allOf(compiled);
  return {
    effect,
    applies: (request, lowerAction) => action(lowerAction) && resource(request.resource, request) && condition(request),
    names: principals === undefined ? () => "self" : namesOf(principals, effect),
    spares: principals?.negated === true,
  };
}

function namesOf({ negated, element }: NonNullable<StatementElements["principals"]>, effect: "Allow" | "Deny"): Statement["names"] {
  return negated ? notPrincipalTest(element, effect) : principalTest(element);
}

/** "The prefix and the action name are case insensitive." */
function compileActions({ negated, texts }: Texts): Matcher {
  const matchers = texts.map((text) => globMatcher(bounded(wildcardParts(text.toLowerCase()))));
  const [only] = matchers;
  if (only !== undefined && matchers.length === 1 && !negated) return only;
  return (action) => {
    for (const matches of matchers) if (matches(action)) return !negated;
    return negated;
  };
}

function compileResources(resources: Texts | undefined, variables: boolean): ValueTest {
  if (resources === undefined) return () => true;
  const matches = resourceTest(resources.texts, variables);
  return resources.negated ? (resource, request) => !matches(resource, request) : matches;
}

/** "If your policy has multiple condition operators or multiple keys ..., the conditions are evaluated using a logical AND." */
function allOf(conditions: readonly Condition[]): Condition {
  return (request) => {
    for (const isMet of conditions) if (!isMet(request)) return false;
    return true;
  };
}
