// Names of what IAM and STS keep (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).

export type EntityType = "user" | "role" | "group";

/** `arn:aws:iam::123456789012:role/path/name`. Paths begin and end with a slash. */
export const iamArn = (account: string, type: EntityType | "policy", path: string, name: string): string =>
  `arn:aws:iam::${account}:${type}${path}${name}`;

export const rootArn = (account: string): string => `arn:aws:iam::${account}:root`;

/** The session of a role; the role's path is not part of it. */
export const assumedRoleArn = (account: string, roleName: string, sessionName: string): string =>
  `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`;

/**
 * Whether an integration's credentials are those of whoever calls it, in any partition: `arn:aws:iam::*:user/*`
 * (https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html#apigw-Type-Integration-credentials).
 */
export const areCallersOwn = (credentials: string): boolean => /^arn:aws[a-z-]*:iam::\*:user\/\*$/.test(credentials);

const ENTITY_ARN = /^arn:aws[a-z-]*:iam::(\d{12}|aws):(role|policy)\/(?:[\u0021-\u007e]+\/)?([\w+=,.@-]+)$/;

/** The account and name in the ARN of a role or a policy; undefined for any other text. */
export function parseEntityArn(arn: string, type: "role" | "policy"): { readonly account: string; readonly name: string } | undefined {
  const [, account, found, name] = ENTITY_ARN.exec(arn) ?? [];
  return account === undefined || name === undefined || found !== type ? undefined : { account, name };
}
