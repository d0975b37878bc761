// Principal and NotPrincipal
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, ..._elements_notprincipal.html).
import { PolicySyntaxError } from "./errors.ts";
import type { PrincipalFacts } from "./policy.ts";

/**
 * How a statement names the caller: itself (or everybody), the identity behind its session, or its account alone, which leaves
 * the decision to that account's policies.
 */
export type Naming = "self" | "issuer" | "account";

/** How the statement names the caller; undefined if it does not. */
export type PrincipalTest = (caller: PrincipalFacts) => Naming | undefined;

interface Named {
  everybody: boolean;
  readonly AWS: Set<string>;
  readonly accounts: Set<string>;
  readonly Service: Set<string>;
  readonly Federated: Set<string>;
  readonly CanonicalUser: Set<string>;
}

type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

const TYPES: ReadonlySet<string> = new Set<PrincipalType>(["AWS", "Service", "Federated", "CanonicalUser"]);
const ACCOUNT = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(:root)?$/;
const IDENTITY_ARN = /^arn:aws[a-z-]*:(?:iam::\d{12}:(?:user|role)|sts::\d{12}:(?:assumed-role|federated-user))\/[^*?]+$/;
const UNIQUE_ID = /^A(?:ID|RO)A[A-Z0-9]+$/;

/** The principals of an element: "*" or a map of types to names. */
export type PrincipalElement = "*" | readonly (readonly [type: string, names: readonly string[]])[];

/**
 * Who a statement with Principal applies to.
 * @throws {PolicySyntaxError} if a principal is none, in IAM's words
 */
export function principalTest(element: PrincipalElement): PrincipalTest {
  const named = namedBy(element);
  if (named.everybody) return () => "self";
  return (caller) => namingOf(named, caller);
}

/**
 * Who a statement with NotPrincipal applies to. Where the page says that callers might be refused, they are: a Deny spares callers whose
 * account, role and session are all listed, and an Allow leaves out callers of whom any of these is.
 * @throws {PolicySyntaxError} if a principal is none, in IAM's words
 */
export function notPrincipalTest(element: PrincipalElement, effect: "Allow" | "Deny"): PrincipalTest {
  const named = namedBy(element);
  if (named.everybody) return () => undefined;
  return (caller) => {
    const listed = identitiesOf(named, caller);
    const spared = effect === "Deny" ? listed.length > 0 && !listed.includes(false) : listed.includes(true);
    return spared ? undefined : "self";
  };
}

function namedBy(element: PrincipalElement): Named {
  const named: Named = {
    everybody: element === "*",
    AWS: new Set(),
    accounts: new Set(),
    Service: new Set(),
    Federated: new Set(),
    CanonicalUser: new Set(),
  };
  for (const [type, names] of element === "*" ? [] : element) {
    for (const name of names) addName(named, type, name);
  }
  return named;
}

function addName(named: Named, type: string, name: string): void {
  if (type === "AWS" && name === "*") {
    named.everybody = true;
    return;
  }
  const account = type === "AWS" ? accountOf(name) : undefined;
  if (account !== undefined) {
    named.accounts.add(account);
    return;
  }
  const isName = type === "AWS" ? IDENTITY_ARN.test(name) || UNIQUE_ID.test(name) : name === "*" || !/[*?]/.test(name);
  if (!TYPES.has(type) || name === "" || !isName) throw new PolicySyntaxError(`Invalid principal in policy: "${type}":"${name}"`);
  named[type as PrincipalType].add(name);
}

/** "The account ARN and the shortened account ID behave the same way." */
function accountOf(name: string): string | undefined {
  const [, account, root] = ACCOUNT.exec(name) ?? [];
  return name.startsWith("arn:") === (root !== undefined) ? account : undefined;
}

function namingOf(named: Named, caller: PrincipalFacts): Naming | undefined {
  const { account, arn, userId, roleArn, federatingUserArn } = caller;
  if (isNamedOutsideAws(named, caller)) return "self";
  if (has(named.AWS, arn) || has(named.AWS, userId)) return "self";
  if (has(named.AWS, roleArn) || has(named.AWS, roleIdOf(userId)) || has(named.AWS, federatingUserArn)) return "issuer";
  if (!has(named.accounts, account)) return undefined;
  return isRoot(caller) ? "self" : "account";
}

function isNamedOutsideAws({ Service, Federated, CanonicalUser }: Named, caller: PrincipalFacts): boolean {
  return (
    servicesOf(caller).some((name) => Service.has(name) || Service.has("*")) ||
    (caller.federated ?? []).some((name) => Federated.has(name) || Federated.has("*")) ||
    has(CanonicalUser, caller.canonicalUser) ||
    (caller.canonicalUser !== undefined && CanonicalUser.has("*"))
  );
}

/** For each of the identities that a caller has at once, from the account down to the session: whether it is listed. */
function identitiesOf(named: Named, caller: PrincipalFacts): readonly boolean[] {
  const { account, arn, userId, roleArn, federatingUserArn } = caller;
  if (isNamedOutsideAws(named, caller)) return [true];
  const listed: boolean[] = [];
  if (servicesOf(caller).length > 0) listed.push(false);
  if (account !== undefined) listed.push(named.accounts.has(account));
  if (roleArn !== undefined) listed.push(named.AWS.has(roleArn) || has(named.AWS, roleIdOf(userId)));
  if (federatingUserArn !== undefined) listed.push(named.AWS.has(federatingUserArn));
  if (arn !== undefined && !isRoot(caller)) listed.push(named.AWS.has(arn) || has(named.AWS, userId));
  return listed;
}

const has = (names: ReadonlySet<string>, name: string | undefined): boolean => name !== undefined && names.has(name);

const servicesOf = ({ service = [] }: PrincipalFacts): readonly string[] => (typeof service === "string" ? [service] : service);

/** The user id of a role's session is the role's id and the session's name. */
const roleIdOf = (userId: string | undefined): string | undefined => (userId?.includes(":") === true ? userId.split(":", 1)[0] : undefined);

/** Whether the caller is its account's root user. */
export const isRoot = ({ account, arn }: PrincipalFacts): boolean => account !== undefined && arn?.endsWith(`::${account}:root`) === true;
