// Makes a policy of a document: everything that can be decided before a request comes is decided here.
import { PolicySyntaxError } from "./errors.ts";
import { globMatcher, wildcardParts } from "./glob.ts";
import type { PolicyKind, PolicyRequest, PolicyVersion } from "./policy.ts";

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly applies: (request: PolicyRequest) => boolean;
}

/** A compiled policy: ask `evaluate` and `decide` about it. */
export interface Policy {
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * A policy of its document: a JSON text, or what such a text says.
 * @throws {PolicySyntaxError} with a message that names what is wrong, in IAM's words where documented
 */
export function compilePolicy(document: unknown, kind: PolicyKind = {}): Policy {
  const value = typeof document === "string" ? parse(document) : document;
  if (!isObject(value)) throw new PolicySyntaxError("Syntax errors in policy.");
  const { Version = kind.defaultVersion ?? "2008-10-17", Statement: statements } = value;
  if (Version !== "2008-10-17" && Version !== "2012-10-17") throw new PolicySyntaxError("Syntax errors in policy.");
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  return { version: Version, statements: list.map(compileStatement) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicySyntaxError("Syntax errors in policy.");
  }
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

function compileStatement(statement: unknown): Statement {
  if (!isObject(statement)) throw new PolicySyntaxError("Syntax errors in policy.");
  const { Effect, Action, NotAction, Resource, NotResource, Condition, Principal, NotPrincipal } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw new PolicySyntaxError("Syntax errors in policy.");
  if (Condition !== undefined) throw new PolicySyntaxError("Condition is not supported yet.");
  if (NotPrincipal !== undefined || (Principal !== undefined && Principal !== "*")) {
    throw new PolicySyntaxError("Principals other than * are not supported yet.");
  }
  const action = matchers(Action ?? NotAction, true);
  const resource = matchers(Resource ?? NotResource, false);
  return {
    effect: Effect,
    applies: (request) =>
      action(request.action.toLowerCase()) === (Action !== undefined) && resource(request.resource) === (Resource !== undefined),
  };
}

function matchers(value: unknown, ignoreCase: boolean): (text: string) => boolean {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const each = texts.map((text) => {
    if (typeof text !== "string") throw new PolicySyntaxError("Syntax errors in policy.");
    return globMatcher(wildcardParts(ignoreCase ? text.toLowerCase() : text));
  });
  return (text) => each.some((matches) => matches(text));
}
