// Tests of a method and of an authorizer as their API now is, deployed or not. The control plane asks; publish and the gateway answer.
import type { Authorizer } from "../domain/authorizer.ts";
import type { HeaderList } from "../domain/header-list.ts";
import type { RestApi, RestApiSnapshot, StringMap } from "../domain/rest-api.ts";

export interface TestInvocation {
  readonly api: RestApi;
  /** The working copy. Its methods that are not tested need not be fit for a deployment. */
  readonly snapshot: RestApiSnapshot;
  readonly resourceId: string;
  /** The request's own, also where the method is `ANY`. */
  readonly httpMethod: string;
  /** In origin form, as a client would send it. */
  readonly pathWithQuery: string;
  readonly headers: HeaderList;
  readonly body: string;
  readonly stageVariables: StringMap;
  /** What backends are shown that ask for a certificate; it exists. */
  readonly clientCertificateId: string | undefined;
  readonly tester: Tester;
}

/** Who tests: the caller of the operation. */
export interface Tester {
  /** 12 digits. */
  readonly account: string;
  readonly accessKeyId: string;
  readonly userAgent: string;
}

export interface TestInvocationResult {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** The execution log, a line an event. */
  readonly log: string;
  /** From the start to the whole answer, in milliseconds. */
  readonly latencyMs: number;
}

export interface AuthorizerTest {
  readonly api: RestApi;
  readonly authorizer: Authorizer;
  /** In origin form, as a client would send it. */
  readonly pathWithQuery: string;
  readonly headers: HeaderList;
  readonly body: string;
  readonly stageVariables: StringMap;
  /** Variables of `$context`, by names without it, in place of what they would be. */
  readonly additionalContext: StringMap;
  readonly tester: Tester;
}

export interface AuthorizerTestResult {
  /** What a client would get; 0 when the authorizer has given a policy, whatever that says, or has found a token to be good. */
  readonly clientStatus: number;
  /** The execution log, a line an event. */
  readonly log: string;
  /** In milliseconds. */
  readonly latencyMs: number;
  readonly principalId?: string;
  /** A JSON text. */
  readonly policy?: string;
  /** Those of the token, in words. */
  readonly claims?: StringMap;
}

export interface TestInvocations {
  /** Why the method cannot be served, in the sentences of {@link Publication.checkSnapshot}; empty when it can. */
  checkTest(invocation: TestInvocation): readonly string[];
  /** Runs the method once. A request that fails is a result with its status; it does not reject. */
  testInvoke(invocation: TestInvocation): Promise<TestInvocationResult>;
  /** Runs the authorizer once. One that fails is a result with its status; it does not reject. */
  testAuthorizer(test: AuthorizerTest): Promise<AuthorizerTestResult>;
}
