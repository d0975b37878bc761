// A policy document's elements, checked against the language's grammar
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
import { PolicySyntaxError } from "./errors.ts";
import { readJson } from "./json.ts";
import type { PolicyKind, PolicyVersion } from "./policy.ts";
import type { PrincipalElement } from "./principals.ts";

export interface PolicyElements {
  readonly version: PolicyVersion;
  readonly statements: readonly StatementElements[];
}

export interface StatementElements {
  readonly effect: "Allow" | "Deny";
  readonly actions: Texts;
  /** Undefined in a trust policy. */
  readonly resources: Texts | undefined;
  /** Undefined in an identity-based policy. */
  readonly principals: { readonly negated: boolean; readonly element: PrincipalElement } | undefined;
  readonly conditions: readonly ConditionElement[];
}

export interface Texts {
  /** Of NotAction or NotResource. */
  readonly negated: boolean;
  readonly texts: readonly string[];
}

export interface ConditionElement {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type Members = ReadonlyMap<string, unknown>;

const POLICY_MEMBERS = ["Version", "Id", "Statement"];
const STATEMENT_MEMBERS =
  ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** IAM's words for what the grammar does not allow: github.com/aws-cloudformation/cfn-lint/issues/3751 has them for a condition. */
const syntaxError = (): PolicySyntaxError => new PolicySyntaxError("Syntax errors in policy.");

/**
 * Reads a document: a JSON text, or what such a text says.
 * @throws {PolicySyntaxError} if it is no policy of its kind
 */
export function readPolicy(document: unknown, kind: PolicyKind): PolicyElements {
  const members = membersOf(readJson(document, kind.maxLength), POLICY_MEMBERS);
  const version = members.has("Version") ? members.get("Version") : (kind.defaultVersion ?? "2008-10-17");
  if (version !== "2008-10-17" && version !== "2012-10-17") {
    // IAM's words, explained at https://bobbyhadz.com/blog/aws-policy-must-contain-valid-version-string
    throw new PolicySyntaxError("The policy must contain a valid version string");
  }
  if (members.has("Id") && typeof members.get("Id") !== "string") throw syntaxError();
  const statements = listOf(members.get("Statement"));
  if (statements.length === 0) throw syntaxError();
  const all = statements.map((statement) => membersOf(statement, STATEMENT_MEMBERS));
  checkSids(all, kind);
  return { version, statements: all.map((statement) => readStatement(statement, kind)) };
}

/** Own members only, and only those that the grammar knows. */
function membersOf(value: unknown, known?: readonly string[]): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw syntaxError();
  const members = new Map<string, unknown>(Object.entries(value));
  if (known !== undefined && [...members.keys()].some((name) => !known.includes(name))) throw syntaxError();
  return members;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The words: github.com/Wolox/carthage_cache/issues/22 and github.com/kubernetes/kops/issues/4951. */
function checkSids(statements: readonly Members[], { strict = false, resourceBased = false }: PolicyKind): void {
  const seen = new Set<unknown>();
  for (const sid of statements.map((statement) => statement.get("Sid"))) {
    if (sid === undefined) continue;
    if (typeof sid !== "string") throw syntaxError();
    if (!strict) continue;
    // "Other AWS services that support resource policies may have other requirements for the Sid value."
    if (!resourceBased && !/^[0-9A-Za-z]*$/.test(sid)) {
      throw new PolicySyntaxError(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
      );
    }
    if (sid !== "" && seen.has(sid)) throw new PolicySyntaxError("Statement IDs (SID) in a single policy must be unique.");
    seen.add(sid);
  }
}

function readStatement(statement: Members, kind: PolicyKind): StatementElements {
  const effect = statement.get("Effect");
  // IAM's words, quoted in github.com/hashicorp/terraform/issues/10057 for "allow".
  if (effect !== "Allow" && effect !== "Deny") throw new PolicySyntaxError("The policy failed legacy parsing");
  // The words: github.com/aws/aws-cdk/issues/7615 and github.com/aws-samples/aws-health-aware/issues/1.
  const actions = textsOf(statement, "Action") ?? raise("Policy statement must contain actions.");
  if (kind.strict === true) for (const action of actions.texts) checkAction(action);
  return {
    effect,
    actions,
    resources: readResources(statement, kind),
    principals: readPrincipals(statement, kind),
    conditions: readConditions(statement.get("Condition")),
  };
}

function raise(message: string): never {
  throw new PolicySyntaxError(message);
}

/** The texts of an element or of its Not... form; a statement has one of the two at most. */
function textsOf(statement: Members, name: string): Texts | undefined {
  const negated = statement.has(`Not${name}`);
  if (negated && statement.has(name)) throw syntaxError();
  const texts = listOf(statement.get(negated ? `Not${name}` : name));
  if (texts.length === 0) return undefined;
  if (!texts.every((text) => typeof text === "string")) throw syntaxError();
  return { negated, texts };
}

/** The words: github.com/garnaat/kappa/issues/111. */
function checkAction(action: string): void {
  const colons = action.split(":").length - 1;
  if (colons > 1) throw new PolicySyntaxError("Actions/Condition can contain only one colon.");
  if (colons === 0 && action !== "*") {
    throw new PolicySyntaxError("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
}

function readResources(statement: Members, { strict = false, trust = false, resourceBased = false }: PolicyKind): Texts | undefined {
  const resources = textsOf(statement, "Resource");
  if (trust) return resources === undefined ? undefined : raise("Has prohibited field Resource");
  if (resources === undefined) return raise("Policy statement must contain resources.");
  // The words: github.com/felipefrizzo/terraform-aws-transfer-server/issues/6.
  const other = strict && !resourceBased ? resources.texts.find((text) => text !== "*" && !text.startsWith("arn:")) : undefined;
  return other === undefined ? resources : raise(`Resource ${other} must be in ARN format or "*".`);
}

function readPrincipals(statement: Members, { resourceBased = false, trust = false }: PolicyKind): StatementElements["principals"] {
  const negated = statement.has("NotPrincipal");
  const given = statement.has("Principal");
  if (!resourceBased && !trust) {
    // The words: github.com/hashicorp/terraform-provider-aws/issues/10419.
    return negated || given ? raise("Policy document should not specify a principal.") : undefined;
  }
  // "You cannot use the NotPrincipal element in an IAM identity-based policy or in an IAM role trust policy."
  if (trust && negated) return raise("Has prohibited field NotPrincipal");
  if (negated && given) throw syntaxError();
  if (!negated && !given) return raise("Missing required field Principal");
  return { negated, element: principalElement(statement.get(negated ? "NotPrincipal" : "Principal")) };
}

function principalElement(value: unknown): PrincipalElement {
  if (value === "*") return "*";
  const element = [...membersOf(value)].map(([type, names]) => [type, stringsOf(names)] as const);
  if (element.some(([, names]) => names.length > 0)) return element;
  // IAM's words, quoted in github.com/terraform-aws-modules/terraform-aws-iam/issues/47.
  return raise(
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!",
  );
}

function stringsOf(value: unknown): readonly string[] {
  const texts = listOf(value);
  if (!texts.every((text) => typeof text === "string")) throw syntaxError();
  return texts;
}

function readConditions(value: unknown): readonly ConditionElement[] {
  if (value === undefined) return [];
  return [...membersOf(value)].flatMap(([operator, keys]) =>
    [...membersOf(keys)].map(([key, values]) => ({ operator, key, values: listOf(values).map(conditionValue) })),
  );
}

/** "Quotation marks are optional for numeric and Boolean values." */
function conditionValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw syntaxError();
}
