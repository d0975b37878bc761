// The execution environments that are there: reused while they are warm, started on demand up to the limits, ended when
// they are idle, outdated or retired.
import type { Clock } from "../../ports/clock.ts";
import type { FunctionSpec } from "../../ports/function-runtime.ts";
import { FunctionCallError } from "../../ports/functions.ts";
import type { Log } from "../../ports/log.ts";
import { watchCode } from "./code-watch.ts";
import type { CodeWatch } from "./code-watch.ts";
import type { ExecutionEnvironment } from "./execution-environment.ts";

export interface PoolLimits {
  /** The most processes at once, of all functions. */
  readonly processes: number;
  /** The most memory of all of them, as configured, in megabytes. */
  readonly memoryMb: number;
}

export interface PoolOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: PoolLimits;
  /** How long a process may wait for its next invocation, in milliseconds. */
  readonly idleMs: number;
  create(spec: FunctionSpec): ExecutionEnvironment;
}

/** A process that has answered is waited for so long before another one is started ... */
const FINISHING_GRACE_MS = 10;
/** ... or, where no other may be started, before the invocation is refused. */
const LIMIT_GRACE_MS = 1000;

interface Pooled {
  readonly environment: ExecutionEnvironment;
  readonly pool: FunctionPool;
  /** Somebody waits for it to be free. */
  claimed: boolean;
  onFree: (() => void) | undefined;
  cancelIdle: () => void;
  /** Rises with each use: the least recently used is evicted first. */
  usedAt: number;
}

interface FunctionPool {
  readonly key: string;
  readonly members: Set<Pooled>;
  /** Invocations that are about to get an environment. */
  acquiring: number;
  watch: { readonly directory: string; readonly opened: Promise<CodeWatch> } | undefined;
}

export class EnvironmentPool {
  readonly #options: PoolOptions;
  readonly #functions = new Map<string, FunctionPool>();
  readonly #members = new Map<ExecutionEnvironment, Pooled>();
  #uses = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** An idle environment for one invocation, where there is one, as {@link acquire} gives it. */
  take(spec: FunctionSpec): ExecutionEnvironment | undefined {
    this.#refuseWhenClosed();
    if (spec.watch) return undefined;
    const pool = this.#functions.get(keyOf(spec.account, spec.region, spec.functionName));
    if (pool === undefined) return undefined;
    this.#outdate(pool, spec);
    return this.#takeIdle(pool, spec);
  }

  /**
   * An environment for one invocation: idle, or new and to be started by the caller, who gives it back with `release`.
   * @throws {FunctionCallError} `TooManyRequestsException` when the limits are reached and nothing can be ended.
   */
  async acquire(spec: FunctionSpec): Promise<ExecutionEnvironment> {
    this.#refuseWhenClosed();
    const pool = this.#functionPool(keyOf(spec.account, spec.region, spec.functionName));
    pool.acquiring++;
    try {
      this.#outdate(pool, spec);
      if (spec.watch) await this.#watch(pool, spec.codeDirectory);
      const warm = this.#takeIdle(pool, spec) ?? (await this.#awaitFinishing(pool, spec));
      if (warm !== undefined) return warm;
      this.#refuseWhenClosed();
      this.#makeRoom(pool, spec);
      return this.#add(pool, spec);
    } finally {
      pool.acquiring--;
      this.#forgetWhenEmpty(pool);
    }
  }

  /** A new environment in the place of one that failed to start. */
  async replace(failed: ExecutionEnvironment): Promise<ExecutionEnvironment> {
    const { spec } = failed;
    const pool = this.#functionPool(keyOf(spec.account, spec.region, spec.functionName));
    pool.acquiring++;
    try {
      if (spec.watch) await this.#watch(pool, spec.codeDirectory);
      this.#refuseWhenClosed();
      this.#remove(failed);
      return this.#add(pool, spec);
    } finally {
      pool.acquiring--;
      this.#forgetWhenEmpty(pool);
    }
  }

  /** The caller is done with it: it waits for the next invocation, or ends. */
  release(environment: ExecutionEnvironment): void {
    const member = this.#members.get(environment);
    if (member === undefined) return;
    environment.rest();
    if (environment.state !== "idle" || environment.stale || this.#closed) {
      this.#remove(environment);
    } else {
      member.cancelIdle = this.#options.clock.after(this.#options.idleMs, () => this.#remove(environment));
      member.onFree?.();
    }
  }

  /** Ends a function's environments, of one version or all, once they are not busy. */
  async retire(account: string, region: string, functionName: string, version?: string): Promise<void> {
    const pool = this.#functions.get(keyOf(account, region, functionName));
    const leaving = [...(pool?.members ?? [])].filter(({ environment }) => version === undefined || environment.spec.version === version);
    for (const { environment } of leaving) this.#endOnceFree(environment);
    await Promise.all(leaving.map(({ environment }) => environment.ended));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#members.keys()];
    for (const environment of all) this.#remove(environment);
    await Promise.all(all.map(({ ended }) => ended));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  #functionPool(key: string): FunctionPool {
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const pool: FunctionPool = { key, members: new Set(), acquiring: 0, watch: undefined };
    this.#functions.set(key, pool);
    return pool;
  }

  /** Environments of an earlier revision take no more invocations. */
  #outdate(pool: FunctionPool, { version, revision }: FunctionSpec): void {
    for (const { environment } of pool.members) {
      if (environment.spec.version === version && environment.spec.revision !== revision) this.#endOnceFree(environment);
    }
  }

  #endOnceFree(environment: ExecutionEnvironment): void {
    environment.stale = true;
    if (environment.state === "idle") this.#remove(environment);
  }

  /** The most recently used, so that those too many become idle long enough to end. */
  #takeIdle(pool: FunctionPool, spec: FunctionSpec): ExecutionEnvironment | undefined {
    let best: Pooled | undefined;
    for (const member of pool.members) {
      const { environment, claimed } = member;
      if (claimed || environment.stale || environment.state !== "idle" || !matches(environment, spec)) continue;
      if (best === undefined || member.usedAt > best.usedAt) best = member;
    }
    return best === undefined ? undefined : this.#use(best);
  }

  #use(member: Pooled): ExecutionEnvironment {
    member.cancelIdle();
    member.usedAt = ++this.#uses;
    return member.environment.reserve();
  }

  async #awaitFinishing(pool: FunctionPool, spec: FunctionSpec): Promise<ExecutionEnvironment | undefined> {
    const member = [...pool.members].find(
      ({ environment, claimed }) => !claimed && !environment.stale && environment.isFinishing && matches(environment, spec),
    );
    if (member === undefined) return undefined;
    member.claimed = true;
    const graceMs = pool.members.size < spec.maxConcurrency ? FINISHING_GRACE_MS : LIMIT_GRACE_MS;
    await new Promise<void>((resolve) => {
      const cancel = member.environment.hasAskedForNext ? undefined : this.#options.clock.after(graceMs, resolve);
      member.onFree = () => {
        cancel?.();
        resolve();
      };
    });
    member.claimed = false;
    member.onFree = undefined;
    if (member.environment.state !== "idle" || member.environment.stale) return this.#takeIdle(pool, spec);
    return this.#use(member);
  }

  /** Ends idle environments until there is room for one more. */
  #makeRoom(pool: FunctionPool, spec: FunctionSpec): void {
    const { processes, memoryMb } = this.#options.limits;
    if (pool.members.size >= spec.maxConcurrency) this.#evict(pool.members);
    if (this.#members.size >= processes) this.#evict(this.#members.values());
    while (this.#memoryMb() + spec.memorySizeMb > memoryMb) this.#evict(this.#members.values());
  }

  #memoryMb(): number {
    let sum = 0;
    for (const { spec } of this.#members.keys()) sum += spec.memorySizeMb;
    return sum;
  }

  #evict(members: Iterable<Pooled>): void {
    let oldest: Pooled | undefined;
    for (const member of members) {
      if (member.claimed || member.environment.state !== "idle") continue;
      if (oldest === undefined || member.usedAt < oldest.usedAt) oldest = member;
    }
    if (oldest === undefined) throw new FunctionCallError("TooManyRequestsException", "Rate Exceeded.");
    this.#remove(oldest.environment);
  }

  #add(pool: FunctionPool, spec: FunctionSpec): ExecutionEnvironment {
    const environment = this.#options.create(spec);
    const usedAt = ++this.#uses;
    const member: Pooled = { environment, pool, claimed: false, onFree: undefined, cancelIdle: () => undefined, usedAt };
    pool.members.add(member);
    this.#members.set(environment, member);
    // A process may also end by itself.
    void environment.ended.then(() => this.#remove(environment));
    return environment;
  }

  #remove(environment: ExecutionEnvironment): void {
    const member = this.#members.get(environment);
    if (member === undefined) return;
    member.cancelIdle();
    this.#members.delete(environment);
    const { pool } = member;
    pool.members.delete(member);
    member.onFree?.();
    environment.end().catch((error: unknown) => this.#options.log.error("A function's process could not be ended", error));
    this.#forgetWhenEmpty(pool);
  }

  #forgetWhenEmpty(pool: FunctionPool): void {
    if (pool.members.size > 0 || pool.acquiring > 0) return;
    this.#unwatch(pool);
    this.#functions.delete(pool.key);
  }

  async #watch(pool: FunctionPool, directory: string): Promise<void> {
    if (pool.watch?.directory !== directory) {
      this.#unwatch(pool);
      const onChange = (): void => {
        for (const { environment } of pool.members) {
          if (environment.spec.watch) this.#endOnceFree(environment);
        }
      };
      pool.watch = { directory, opened: watchCode(directory, onChange, this.#options.log) };
    }
    await pool.watch.opened;
  }

  #unwatch(pool: FunctionPool): void {
    void pool.watch?.opened.then((watch) => watch.close());
    pool.watch = undefined;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw shuttingDown();
  }
}

export function shuttingDown(): FunctionCallError {
  return new FunctionCallError("ServiceException", "Functions cannot be invoked any more: Gatehouse is shutting down.");
}

function matches({ spec }: ExecutionEnvironment, wanted: FunctionSpec): boolean {
  return spec.version === wanted.version && spec.revision === wanted.revision;
}

function keyOf(account: string, region: string, functionName: string): string {
  return `${account}/${region}/${functionName}`;
}
