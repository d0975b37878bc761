// What parameter mappings, access logs and authorizers of HTTP APIs can look at.
import type { HeaderList } from "../../domain/header-list.ts";
import type { CallerIdentity } from "../facts.ts";
import type { JsonDocument } from "../mapping-template/index.ts";
import type { QueryList } from "../query.ts";
import type { HttpRoutePlan, HttpStagePlan } from "./stage-plan.ts";

/** What a route's authorizer has made of a request. */
export interface HttpAuthorizerFacts {
  /** The context of a Lambda authorizer's answer, as it is; undefined for tokens. */
  readonly context: Readonly<Record<string, unknown>> | undefined;
  /** A Lambda authorizer's principal. */
  readonly principalId: string | undefined;
  /** A good token's claims, as texts (`$context.authorizer.claims.name`); undefined for functions. */
  readonly claims: Readonly<Record<string, string>> | undefined;
  /** Those scopes of the token that the route asks for; undefined where it asks for none. */
  readonly scopes: readonly string[] | undefined;
  /** Why it let nobody in: `$context.authorizer.error`. */
  readonly error: string | undefined;
}

/** A request on its way, before it has found its stage or its route. */
export interface EarlyHttpFacts {
  readonly stage: HttpStagePlan | undefined;
  readonly route: HttpRoutePlan | undefined;
  /** `$context.requestId`, and the value of `apigw-requestid`. */
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly httpMethod: string;
  readonly protocol: string;
  /** As it travelled, with the stage where that was called by its name, without the query: `$context.path`. */
  readonly path: string;
  /** Within the stage: `$request.path`. */
  readonly stagePath: string;
  readonly domainName: string;
  readonly sourceIp: string;
  readonly headers: HeaderList;
  readonly rawQuery: string;
  /** Parsed when first asked for, by `queryOf`. */
  query: QueryList | undefined;
  /** In the order of the route's variables, as they travelled; undefined before a route was found. */
  readonly pathValues: readonly string[] | undefined;
  /** Undefined where the route has no authorizer, and before that is asked. */
  readonly authorizer: HttpAuthorizerFacts | undefined;
  /** Who has signed the request; undefined unless IAM authorizes the route, and has found the signature good. */
  readonly identity: CallerIdentity | undefined;
  /** Of a custom domain name's mapping. */
  readonly basePathMatched: string | undefined;
}

/** The same, once it has found its route. */
export interface HttpFacts extends EarlyHttpFacts {
  readonly stage: HttpStagePlan;
  readonly route: HttpRoutePlan;
  readonly pathValues: readonly string[];
  readonly body: Buffer;
  /** The body's beginning as JSON, made when first asked for, by parameter mappings. */
  requestDocument: JsonDocument | undefined;
}

/** What the client would get, had it no mappings: what mappings of responses look at. */
export interface HttpResponseFacts {
  readonly request: HttpFacts;
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string | Uint8Array;
  /** The body's beginning as JSON, made when first asked for. */
  document: JsonDocument | undefined;
}
