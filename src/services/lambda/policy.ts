// The resource policy of a function: how statements are written, and which of them let a service invoke.
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
import { compilePolicy, evaluate, type Policy, type PolicyRequest, PolicySyntaxError } from "../../policy/index.ts";
import type { ServiceCaller } from "../../ports/functions.ts";

/** A statement, its members in the order in which the service writes them. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: "*" | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  /** Operator to condition key to value. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The policy's text, as GetPolicy gives it. */
export const policyText = (statements: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });

/** Whether a statement lets a service invoke a function on behalf of its source. */
export function allowsInvocation(statement: PolicyStatement, caller: ServiceCaller): boolean {
  const policy = compiled(statement);
  return policy !== undefined && evaluate(policy, invocationBy(caller, statement.Resource)) === "Allow";
}

/** As long as nothing of a function's policy changes, its statements are the same objects. */
const known = new WeakMap<PolicyStatement, Policy | undefined>();

/** Undefined for a statement that is none in IAM's language (a principal `arn:aws:iam::…:user/*`): it allows nothing. */
function compiled(statement: PolicyStatement): Policy | undefined {
  if (!known.has(statement)) known.set(statement, compile(statement));
  return known.get(statement);
}

function compile(statement: PolicyStatement): Policy | undefined {
  try {
    return compilePolicy({ Version: "2012-10-17", Statement: statement }, { resourceBased: true });
  } catch (error) {
    if (error instanceof PolicySyntaxError) return undefined;
    throw error;
  }
}

/** What a service's invocation has no value for (an event source token, an organization ...) is never matched. */
function invocationBy({ principal, sourceArn, sourceAccount }: ServiceCaller, resource: string): PolicyRequest {
  return {
    action: "lambda:InvokeFunction",
    resource,
    principal: { service: principal },
    context: (key) => (key === "aws:sourcearn" ? [sourceArn] : key === "aws:sourceaccount" ? [sourceAccount] : undefined),
  };
}
