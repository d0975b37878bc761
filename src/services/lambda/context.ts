// What every operation of the service works with.
import type { Clock } from "../../ports/clock.ts";
import type { FunctionCode } from "../../ports/function-code.ts";
import type { FunctionRuntime } from "../../ports/function-runtime.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Log } from "../../ports/log.ts";
import type { Change, Store } from "../../ports/store.ts";
import type { Packages } from "./packages.ts";
import type { FunctionId } from "./function-name.ts";
import type { FunctionViews } from "./views.ts";

export interface LambdaSettings {
  /** Development: services may invoke functions whose policy does not allow it. */
  readonly relaxPermissions: boolean;
  /** Development: `S3Bucket: "hot-reload"` takes the code from the local directory that `S3Key` names. */
  readonly hotReload: boolean;
  /** The most processes of a function without reserved concurrency. */
  readonly maxConcurrency: number;
  /** The most events of asynchronous invocations that wait at once. */
  readonly eventLimit: number;
}

export interface LambdaOptions {
  readonly store: Store;
  readonly runtime: FunctionRuntime;
  readonly code: FunctionCode;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly settings: LambdaSettings;
  /** 0 (inclusive) to 1 (exclusive): which version a weighted alias invokes. */
  readonly random?: () => number;
}

export interface LambdaContext extends Required<LambdaOptions> {
  readonly packages: Packages;
  readonly views: FunctionViews;
  /** Commits changes to a function, so that the next invocation sees them. */
  commit(id: FunctionId, changes: readonly Change[]): Promise<void>;
  /** Work that an answer does not wait for, but {@link Lambda.close} does. Failures are logged. */
  inBackground(what: string, work: Promise<unknown>): void;
}

/** A function's key; also the prefix of the keys of its versions, aliases and policies. */
export const keyOf = ({ account, region, name }: FunctionId): readonly [string, string, string] => [account, region, name];
