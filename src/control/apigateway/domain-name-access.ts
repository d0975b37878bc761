// Who may associate VPC endpoints with a private domain name
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-provider-share-cli.html).
import { partitionOf } from "../../domain/arn.ts";
import { type DomainName, domainNameArn } from "../../domain/domain-name.ts";
import { compilePolicy, evaluate, type Policy, PolicySyntaxError, type Verdict } from "../../policy/index.ts";

/**
 * What a domain name's `managementPolicy` says of an account. Its owner needs no leave. A policy that cannot be
 * understood says nothing.
 */
export function mayAssociate(domain: DomainName, account: string): Verdict {
  const policy = domain.managementPolicy === undefined ? undefined : compiled(domain.managementPolicy);
  const said = policy && evaluate(policy, {
    action: "apigateway:CreateAccessAssociation",
    resource: domainNameArn(domain),
    principal: { account, arn: `arn:${partitionOf(domain.region)}:iam::${account}:root` },
    context: () => undefined,
  });
  if (said === "Deny") return "Deny";
  return account === domain.account ? "Allow" : (said ?? "NoMatch");
}

function compiled(document: string): Policy | undefined {
  try {
    return compilePolicy(document, { resourceBased: true });
  } catch (error) {
    // It was accepted by its form alone; nobody is let in by what is not understood.
    if (error instanceof PolicySyntaxError) return undefined;
    throw error;
  }
}
