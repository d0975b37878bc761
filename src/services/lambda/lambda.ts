// The service as a whole: its operations, and the functions port that the gateway invokes through.
import type { Call } from "../../domain/call.ts";
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Functions } from "../../ports/functions.ts";
import { VersionConflict } from "../../ports/store.ts";
import { aliasOperations } from "./aliases.ts";
import { concurrencyOperations } from "./concurrency.ts";
import type { LambdaContext, LambdaOptions } from "./context.ts";
import { resourceConflict } from "./errors.ts";
import { functionArn } from "./function-name.ts";
import { functionOperations } from "./functions.ts";
import { invocationOperations } from "./invocations.ts";
import { createInvoker } from "./invoke.ts";
import { listOperations } from "./lists.ts";
import { createPackages } from "./packages.ts";
import { permissionOperations } from "./permissions.ts";
import { tagOperations } from "./tags.ts";
import { versionOperations } from "./versions.ts";
import { createViews } from "./views.ts";

type LambdaHandlers = Partial<Handlers<LambdaOperations, Call>>;

export interface Lambda {
  /** The operations that are built. */
  readonly handlers: LambdaHandlers;
  readonly functions: Functions;
  /**
   * Waits for the events under way and for packages that are being removed, ten seconds at most: what is left of packages
   * goes at the next start. Leaves the store, runtime and code open.
   */
  close(): Promise<void>;
}

/** Starts the service. Packages that a crash left without a function are removed in the background. */
export function createLambda(options: LambdaOptions): Lambda {
  const { context, settled } = createContext(options);
  const invoker = createInvoker(context);
  context.inBackground("removing unused packages", context.packages.sweep());
  const operations = {
    ...functionOperations(context),
    ...listOperations(context),
    ...versionOperations(context),
    ...aliasOperations(context),
    ...permissionOperations(context),
    ...tagOperations(context),
    ...concurrencyOperations(context),
    ...invocationOperations(context, invoker),
  };
  return {
    handlers: retryConflicts(operations),
    functions: {
      async invoke(invocation) {
        const requestId = options.ids.uuid();
        return { ...(await invoker.invoke(invocation, requestId)), requestId };
      },
      invokeStream: (invocation) => invoker.invokeStream(invocation, options.ids.uuid()),
    },
    close: () => withinGrace(options.clock, invoker.close().then(settled)),
  };
}

const GRACE_MS = 10_000;

function withinGrace(clock: Clock, work: Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = clock.after(GRACE_MS, resolve);
  work.finally(cancel).then(resolve, reject);
  return promise;
}

function createContext(options: LambdaOptions): { context: LambdaContext; settled: () => Promise<void> } {
  const { store, code, clock, log, settings } = options;
  const background = new Set<Promise<void>>();
  const views = createViews(store);
  const context: LambdaContext = {
    ...options,
    random: options.random ?? Math.random,
    packages: createPackages({ store, code, clock, log, hotReload: settings.hotReload }),
    views,
    async commit(id, changes) {
      try {
        await store.commit(changes);
      } finally {
        views.forget(id);
      }
    },
    inBackground(what, work) {
      const tracked: Promise<void> = work
        .then(() => undefined, (error: unknown) => log.error(`failed at ${what}`, error))
        .finally(() => background.delete(tracked));
      background.add(tracked);
    },
  };
  return {
    context,
    settled: async () => {
      while (background.size > 0) await Promise.all(background);
    },
  };
}

const ATTEMPTS = 10;

/** Operations read, decide and commit what they expect to find; when another one was faster, they read and decide anew. */
function retryConflicts<T extends LambdaHandlers>(operations: T): T {
  const retrying = Object.entries(operations).map(([name, operation]) => {
    const run = operation as (input: unknown, call: Call) => Promise<unknown>;
    return [
      name,
      async (input: unknown, call: Call) => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await run(input, call);
          } catch (error) {
            if (!(error instanceof VersionConflict)) throw error;
            if (attempt === ATTEMPTS) {
              const [account = "", region = "", name = ""] = error.key;
              const arn = functionArn({ account, region, name });
              throw resourceConflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
            }
          }
        }
      },
    ];
  });
  return Object.fromEntries(retrying) as T;
}
