// The service as a whole: its operations, the identities behind access keys, and what STS needs of it.
import type { Call } from "../../domain/call.ts";
import type { IamOperations } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { IdentityRecordName } from "../../ports/identity-lookup.ts";
import { type Change, UniqueViolation, VersionConflict } from "../../ports/store.ts";
import { ServiceError } from "../../domain/errors.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { attachmentOperations } from "./attached-policies.ts";
import { boundaryOperations } from "./boundaries.ts";
import type { IamContext, IamOptions } from "./context.ts";
import { groupOperations } from "./groups.ts";
import { createIdentities } from "./identities.ts";
import { inlinePolicyOperations } from "./inline-policies.ts";
import { managedPolicyOperations } from "./managed-policies.ts";
import { roleOperations } from "./roles.ts";
import { tagOperations } from "./tags.ts";
import { userOperations } from "./users.ts";

type IamHandlers = Partial<Handlers<IamOperations, Call>>;

export interface Iam {
  /** The operations that are built. */
  readonly handlers: ReturnType<typeof operationsOf>;
  readonly context: IamContext;
}

export function createIam(options: IamOptions): Iam {
  const identities = createIdentities(options);
  const context: IamContext = {
    ...options,
    identities,
    async commit(changes) {
      try {
        await options.store.commit(changes);
      } finally {
        identities.forget();
      }
      await options.publication.identitiesChanged(changes.flatMap(recordName));
    },
    accountOf: async ({ accessKeyId, account }) => (await identities.find(accessKeyId))?.principal.account ?? account,
  };
  return { handlers: retryConflicts(operationsOf(context)), context };
}

const operationsOf = (context: IamContext) => ({
  ...userOperations(context),
  ...accessKeyOperations(context),
  ...roleOperations(context),
  ...groupOperations(context),
  ...inlinePolicyOperations(context),
  ...managedPolicyOperations(context),
  ...attachmentOperations(context),
  ...boundaryOperations(context),
  ...tagOperations(context),
});

/** The record that a change writes. */
function recordName(change: Change): readonly IdentityRecordName[] {
  return change.op === "put" || change.op === "remove" ? [{ kind: change.kind.name, key: change.key }] : [];
}

const ATTEMPTS = 10;

/** Operations read, decide and commit what they expect to find; when another one was faster, they read and decide anew. */
function retryConflicts<T extends IamHandlers>(operations: T): T {
  const retrying = Object.entries(operations).map(([name, operation]) => {
    const run = operation as (input: unknown, call: Call) => Promise<unknown>;
    return [name, (input: unknown, call: Call) => attempt(() => run(input, call))];
  });
  return Object.fromEntries(retrying) as T;
}

async function attempt(run: () => Promise<unknown>): Promise<unknown> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof VersionConflict) && !(error instanceof UniqueViolation)) throw error;
      if (left > 1) continue;
      throw new ServiceError(
        "ConcurrentModificationException",
        "The request was rejected because multiple requests to change this object were submitted simultaneously. " +
          "Wait a few minutes and submit your request again.",
      );
    }
  }
}
