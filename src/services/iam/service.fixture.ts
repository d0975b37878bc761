// For tests: IAM and STS over the memory store, with a clock that stands still until it is moved.
import { createMemoryStore } from "../../adapters/memory/index.ts";
import type { Call } from "../../domain/call.ts";
import type { IamOperations } from "../../model/iam.gen.ts";
import type { StsOperations } from "../../model/sts.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { IdentityPublication } from "../../ports/identity-lookup.ts";
import type { Store } from "../../ports/store.ts";
import { createSts } from "../sts/index.ts";
import { createIam } from "./index.ts";

type Bound<Types> = {
  readonly [Name in keyof Types]: Types[Name] extends { readonly input: infer Input; readonly output: infer Output }
    ? (input: Input, call?: Partial<Call>) => Promise<Output>
    : never;
};

export const ACCOUNT = "111122223333";
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

const CALL: Call = {
  account: ACCOUNT, region: "us-east-1", requestId: "r", accessKeyId: ACCOUNT, sourceIp: "203.0.113.7", userAgent: "test",
};

interface Parts {
  readonly development?: boolean;
  /** Who tells the gateways; nobody unless given. */
  readonly publish?: (store: Store) => IdentityPublication;
}

const NOBODY: IdentityPublication = { identitiesChanged: () => Promise.resolve() };

export function startIdentityServices({ development = true, publish = () => NOBODY }: Parts = {}) {
  const store = createMemoryStore();
  let now = NOW;
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  const iam = createIam({
    store,
    clock: { now: () => now, after: () => () => undefined },
    publication: publish(store),
    log: { debug: note, info: note, warn: note, error: note },
    ...(development && { developmentAccount: "000000000000" }),
  });
  return {
    store,
    logged,
    context: iam.context,
    identities: iam.context.identities,
    iam: bind<IamOperations>(iam.handlers),
    sts: bind<StsOperations>(createSts(iam.context)),
    advance: (ms: number) => void (now += ms),
  };
}

function bind<Types>(handlers: Partial<Handlers<Types, Call>>): Bound<Types> {
  const bound = Object.entries(handlers).map(([name, handler]) => [
    name,
    (input: unknown, call?: Partial<Call>) => (handler as (input: unknown, call: Call) => unknown)(input, { ...CALL, ...call }),
  ]);
  return Object.fromEntries(bound) as Bound<Types>;
}

/** An error as its code and message. */
export async function failure(outcome: Promise<unknown>): Promise<unknown> {
  try {
    await outcome;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === undefined ? error : [code, message];
  }
  return "it succeeded";
}

const statement = (effect: "Allow" | "Deny", action: string, rest: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: effect, Action: action, ...rest }] });

export const allowing = (action: string, resource = "*"): string => statement("Allow", action, { Resource: resource });
export const denying = (action: string, resource = "*"): string => statement("Deny", action, { Resource: resource });
export const trusting = (principal: object, rest: object = {}): string =>
  statement("Allow", "sts:AssumeRole", { Principal: principal, ...rest });
