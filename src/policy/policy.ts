// What the engine is asked, and what it answers.

/** "2008-10-17" knows no policy variables (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html). */
export type PolicyVersion = "2008-10-17" | "2012-10-17";

export interface PolicyKind {
  /** Statements name principals (an API's, a function's, a role's trust policy). Where it is absent they must not. */
  readonly resourceBased?: boolean;
  /** A role's trust policy: statements name principals and no resources. */
  readonly trust?: boolean;
  /** The version of a document without Version: "2008-10-17" where this is absent, as in IAM. */
  readonly defaultVersion?: PolicyVersion;
  /** Also refuses what IAM's own operations refuse: resources that are no ARNs, actions without a service, Sids it does not like. */
  readonly strict?: boolean;
  /** Most characters of a document; 32,768 where this is absent, which is more than any policy of AWS may have. */
  readonly maxLength?: number;
}

/**
 * Who asks, as Principal elements name it. An IAM user has `account`, `arn` and `userId`; the session of a role has `roleArn` besides;
 * the root of an account has `account` and `arn` ("...:root"). A service of AWS has `service` alone, an anonymous caller nothing.
 */
export interface PrincipalFacts {
  /** 12 digits. */
  readonly account?: string;
  /** arn:aws:iam::…:user/…, arn:aws:sts::…:assumed-role/…/…, arn:aws:sts::…:federated-user/…, arn:aws:iam::…:root. */
  readonly arn?: string;
  /** The unique id: AIDA… of a user, AROA…:session-name of a role's session. */
  readonly userId?: string;
  /** The role of a session, with its path: arn:aws:iam::…:role/…. */
  readonly roleArn?: string;
  /** The user behind a federated user's session. */
  readonly federatingUserArn?: string;
  /** Identity providers behind the session: "cognito-identity.amazonaws.com", arn:aws:iam::…:saml-provider/…. */
  readonly federated?: readonly string[];
  /** Names of one service: "apigateway.amazonaws.com". */
  readonly service?: string | readonly string[];
  readonly canonicalUser?: string;
}

export interface PolicyRequest {
  /** "execute-api:Invoke", in any case. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** For resource policies; an anonymous caller where it is absent. */
  readonly principal?: PrincipalFacts;
  /**
   * The values of a condition key, whose name comes in lower case; undefined when the request does not have it.
   * Dates as ISO 8601 or seconds of the epoch, binary values in base64.
   */
  readonly context: (key: string) => readonly string[] | undefined;
}

/** An explicit allow, an explicit deny, or neither: an implicit deny. */
export type Verdict = "Allow" | "Deny" | "NoMatch";
