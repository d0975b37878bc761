// Users and roles for tests of the gateway, as it is told of them.
import type { IdentityChange, PublishedEntity } from "../../src/ports/identity-lookup.ts";
import type { SigningKey } from "./signed.ts";

export const OWNER = "123456789012";
export const STRANGER = "999988887777";

export interface UserParts {
  readonly account?: string;
  readonly name?: string;
  readonly path?: string;
  readonly policies?: readonly string[];
  readonly attached?: readonly string[];
  readonly boundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A user's access key, by the user's name. */
export const keyOf = (name = "ann"): SigningKey => ({ accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: `secret of ${name}` });

/** Credentials of a role's session, by the session's name. */
export const sessionKeyOf = (name = "s"): SigningKey => ({
  accessKeyId: `ASIA${name.toUpperCase()}`, secretAccessKey: `secret of ${name}`, sessionToken: `token/of+${name}==`,
});

const entityOf = (id: string, { account = OWNER, name = "ann", path = "/", policies = [], attached = [], boundary, tags = {} }: UserParts): PublishedEntity => ({
  account, name, path, id, tags, inlinePolicies: policies, attachedPolicies: attached, ...(boundary !== undefined && { boundary }),
});

/** A user with an access key: {@link keyOf}. */
export function userOf(parts: UserParts = {}): readonly IdentityChange[] {
  const { name = "ann" } = parts;
  const user = entityOf(`AIDA${name.toUpperCase()}`, parts);
  return [
    { type: "user", name: `${user.account}/${name}`, value: user },
    { type: "accessKey", name: keyOf(name).accessKeyId, value: { ...keyOf(name), userId: user.id } },
  ];
}

export interface SessionParts extends UserParts {
  readonly sessionName?: string;
  readonly sessionPolicies?: readonly string[];
  readonly sessionTags?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly issuedAt?: number;
  readonly expiresAt: number;
}

/** A role with a session of it: {@link sessionKeyOf}. */
export function sessionOf({ sessionName = "s", sessionPolicies = [], sessionTags = {}, issuedAt, expiresAt, ...parts }: SessionParts): readonly IdentityChange[] {
  const { account = OWNER, name = "role" } = parts;
  const role = entityOf(`AROA${name.toUpperCase()}`, { name, ...parts });
  const key = sessionKeyOf(sessionName) as Required<SigningKey>;
  return [
    { type: "role", name: `${account}/${name}`, value: role },
    {
      type: "session",
      name: key.accessKeyId,
      value: {
        account, ...key, expiresAt, ...(issuedAt !== undefined && { issuedAt }), subject: { type: "role", roleId: role.id, sessionName },
        policies: sessionPolicies, policyArns: [], tags: sessionTags,
      },
    },
  ];
}

type Effect = "Allow" | "Deny";

export const statementOf = (Effect: Effect, Action = "execute-api:Invoke", Resource = "*", more: object = {}): object => ({ Effect, Action, Resource, ...more });
export const policyOf = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
export const saying = (effect: Effect, action = "execute-api:Invoke", resource = "*"): string => policyOf(statementOf(effect, action, resource));
