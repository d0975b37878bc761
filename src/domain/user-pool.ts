// Cognito user pools, as far as authorizers know them: by their ARNs, whose tokens an issuer signs.

/** Issuers in place of Cognito's own, by the ARN of the user pool that they stand for. The operator's. */
export type UserPoolIssuers = ReadonlyMap<string, string>;

/** No issuer stands for another: Cognito's own are asked. */
export const COGNITO_ISSUERS: UserPoolIssuers = new Map();

export const USER_POOL_ARN = /^arn:(aws[a-z-]*):cognito-idp:([a-z0-9-]+):\d{12}:userpool\/([\w-]+)$/;

/**
 * Who signs the tokens of a user pool; undefined for what is no ARN of one
 * (https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html).
 */
export function userPoolIssuer(arn: string, issuers: UserPoolIssuers): string | undefined {
  const [, partition, region, id] = USER_POOL_ARN.exec(arn) ?? [];
  if (partition === undefined) return undefined;
  return issuers.get(arn) ?? `https://cognito-idp.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${id}`;
}
