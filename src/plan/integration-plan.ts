// What a method does with a request that it has accepted, compiled from its Integration.
import type { TlsIdentity } from "../domain/client-certificate.ts";
import type { ContentHandling } from "../domain/rest-api.ts";
import type { RequestFacts } from "./facts.ts";
import type { RequestMappings, ResponseMappings } from "./parameter-mapping.ts";
import type { RequestTemplates, ResponseTemplates } from "./templates.ts";
import type { ServiceTarget } from "./service-target.ts";
import type { UpstreamTarget } from "./uri.ts";

export type IntegrationPlan =
  | MockPlan
  | HttpPlan
  | HttpProxyPlan
  | HttpProxyStreamPlan
  | ServicePlan
  | LambdaPlan
  | LambdaProxyPlan
  | LambdaProxyStreamPlan
  | BrokenPlan;

/** Answers by itself: the rendered request template holds the status code that selects the integration response. */
export interface MockPlan {
  readonly type: "MOCK";
  readonly request: RequestPayloadPlan;
  readonly responses: ResponseSelector;
}

/** An HTTP backend, with everything mapped by the API's developer. */
export interface HttpPlan {
  readonly type: "HTTP";
  readonly upstream: UpstreamPlan;
  readonly request: RequestPayloadPlan;
  readonly responses: ResponseSelector;
}

/** An HTTP backend that gets the request as it came, and whose response goes back as it came. */
export interface HttpProxyPlan {
  readonly type: "HTTP_PROXY";
  readonly upstream: UpstreamPlan;
  readonly contentHandling: ContentHandling | undefined;
}

/** The same, its response passed on as it arrives (responseTransferMode STREAM). */
export interface HttpProxyStreamPlan extends Omit<HttpProxyPlan, "type"> {
  readonly type: "HTTP_PROXY_STREAM";
  /** How long nothing may come of a response that has begun, in milliseconds. */
  readonly idleMs: number;
}

/** An AWS service, called in the name of a role or of whoever calls the method, with everything mapped by the API's developer. */
export interface ServicePlan {
  readonly type: "AWS_SERVICE";
  readonly service: ServiceTarget;
  /** Undefined where it is called in the name of whoever calls the method. */
  readonly roleArn: string | undefined;
  readonly upstream: UpstreamPlan;
  readonly request: RequestPayloadPlan;
  readonly responses: ResponseSelector;
}

/** A function that gets a payload, and whose result is mapped by the API's developer. */
export interface LambdaPlan {
  readonly type: "AWS";
  readonly invocation: InvocationPlan;
  /** Read for `X-Amz-Invocation-Type`; a function sees no other header. */
  readonly mappings: RequestMappings;
  readonly request: RequestPayloadPlan;
  readonly responses: ResponseSelector;
}

/** A function that gets the whole request as an event and returns the whole response. */
export interface LambdaProxyPlan {
  readonly type: "AWS_PROXY";
  readonly invocation: InvocationPlan;
}

/** The same for a function whose response is passed on as it arrives (responseTransferMode STREAM). */
export interface LambdaProxyStreamPlan {
  readonly type: "AWS_PROXY_STREAM";
  readonly invocation: InvocationPlan;
  /** How long nothing may come of a response that has begun, in milliseconds. */
  readonly idleMs: number;
}

/** A configuration that AWS accepts and then fails on: 500 for every request, the reason in the log. */
export interface BrokenPlan {
  readonly type: "BROKEN";
  readonly reason: string;
}

export interface UpstreamPlan {
  /** Undefined for the method of the request (`ANY`). */
  readonly httpMethod: string | undefined;
  readonly target: UpstreamTarget;
  readonly mappings: RequestMappings;
  readonly timeoutMs: number;
  readonly insecure: boolean;
  /** Shown to a backend that asks for a certificate. */
  readonly identity: TlsIdentity | undefined;
  /** Where to connect (`host:port`) in place of the target's origin. */
  readonly address: string | undefined;
}

export interface InvocationPlan {
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Who has to be allowed the call: API Gateway, by the function's own policy; the integration's role; whoever calls the method, by policies of theirs. */
  readonly invoker: "API_GATEWAY" | "ROLE" | "CALLER";
  /** `arn:aws:execute-api:...:{apiId}/{stage}/{METHOD}/{path}` of a request. */
  sourceArn(facts: RequestFacts): string;
}

export interface RequestPayloadPlan {
  readonly templates: RequestTemplates;
  readonly contentHandling: ContentHandling | undefined;
}

export interface ResponsePlan {
  readonly status: number;
  readonly mappings: ResponseMappings;
  readonly templates: ResponseTemplates;
  readonly contentHandling: ContentHandling | undefined;
}

export interface ResponseSelector {
  /**
   * The response for a status code (HTTP, MOCK) or an error message (Lambda; empty for none); the reason why it cannot be
   * made, or undefined where none is meant: AWS then answers 500.
   */
  select(subject: string): ResponsePlan | string | undefined;
}
