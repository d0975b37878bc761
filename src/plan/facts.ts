// What a compiled plan may look at while a request is served. The gateway's record of an execution satisfies these.
import type { HeaderList } from "../domain/header-list.ts";
import type { StringMap } from "../domain/rest-api.ts";
import type { JsonDocument, Overrides } from "./mapping-template/index.ts";
import type { QueryList } from "./query.ts";
import type { MethodPlan, StagePlan } from "./stage-plan.ts";

/** Members of `$context.identity` that a known caller gives a value, or an API key that was asked for. */
export interface CallerIdentity {
  readonly accountId?: string;
  readonly accessKey?: string;
  /** A secret. */
  readonly apiKey?: string;
  readonly apiKeyId?: string;
  readonly caller?: string;
  readonly user?: string;
  readonly userArn?: string;
  readonly userAgent?: string;
}

/** What IAM has made of the request, in one of its two steps: who calls, and may they. */
export interface IamStepFacts {
  readonly status: number;
  /** Why the status is not 200. */
  readonly error: string | undefined;
  /** In milliseconds. */
  readonly latencyMs: number;
}

/** What the method's authorizer has made of the request. */
export interface AuthorizerFacts {
  /** Undefined, and the context empty, unless a Lambda authorizer has given a policy. */
  readonly principalId: string | undefined;
  readonly context: StringMap;
  /** Those of the token that an authorizer has found to be good, in words. */
  readonly claims?: StringMap | undefined;
  /** The same as they are in the token, where functions are given them so. */
  readonly claimValues?: Readonly<Record<string, unknown>> | undefined;
  /** An API key, where the API takes keys from authorizers. */
  readonly usageIdentifierKey: string | undefined;
  /** 200 for a policy, whatever it says, and for a good token; 401 or 500 otherwise. */
  readonly status: number;
  /** Why it is not 200. */
  readonly error: string | undefined;
  /** In milliseconds. */
  readonly latencyMs: number;
  /** How long its function took, in milliseconds; 0 where none was called. */
  readonly integrationLatencyMs: number;
  /** Lambda's answer to the call, where there was one. */
  readonly integrationStatus: number | undefined;
  readonly integrationRequestId: string | undefined;
}

/** The request, once it has found its method. */
export interface RequestFacts {
  readonly stage: StagePlan;
  readonly method: MethodPlan;
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly httpMethod: string;
  readonly protocol: string;
  /** `/{stage}/...` as it travelled, without the query. */
  readonly path: string;
  readonly domainName: string;
  readonly sourceIp: string;
  /** Who calls, where that is known. */
  readonly identity?: CallerIdentity | undefined;
  /** Undefined where the method has no authorizer, and before that is asked. */
  readonly authorizer?: AuthorizerFacts | undefined;
  /** Undefined where the method is not authorized by IAM, and before its callers are known to be who they say. */
  readonly authentication?: IamStepFacts | undefined;
  /** Likewise, before it is decided what they may do. */
  readonly authorization?: IamStepFacts | undefined;
  /** Undefined where the stage has no tracing, unless the client's own trace goes on here. */
  readonly trace?: { readonly root: string } | undefined;
  readonly headers: HeaderList;
  /** In the order of {@link MethodPlan.variables}, as they travelled. */
  readonly pathValues: readonly string[];
  readonly rawQuery: string;
  /** Parsed when first asked for, by {@link queryOf}. */
  query: QueryList | undefined;
  readonly body: Buffer;
  /** The body as JSON, made when first asked for, by {@link requestDocument}. */
  requestDocument: JsonDocument | undefined;
  /** What mapping templates have overridden; made when one first asks for it. */
  overrides: Overrides | undefined;
}

/** The same, at a moment when it may not have found its stage or its method yet. */
export type EarlyFacts = Omit<RequestFacts, "stage" | "method" | "pathValues" | "requestDocument" | "overrides"> & {
  readonly [Name in "stage" | "method" | "pathValues"]: RequestFacts[Name] | undefined;
};

/** The same, once the integration has answered. */
export interface ResponseFacts extends RequestFacts {
  readonly integrationHeaders: HeaderList;
  readonly integrationBody: Buffer;
  /** Set when a function failed: then the body is its error object. */
  readonly functionError: string | undefined;
  /** The body as JSON, made when first asked for, by {@link integrationDocument}. */
  integrationDocument: JsonDocument | undefined;
}
