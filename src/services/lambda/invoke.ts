// Invoking functions: which version it is, whether the caller may, whether the payload will do, and then its process.
import { isUtf8 } from "node:buffer";
import type { FunctionSpec } from "../../ports/function-runtime.ts";
import {
  FunctionCallError, type FunctionInvocation, type FunctionResult, type FunctionStream, type IdentityCaller, type ServiceCaller,
} from "../../ports/functions.ts";
import { chooseVersion } from "./aliases.ts";
import type { LambdaContext } from "./context.ts";
import { createEventQueue } from "./event-queue.ts";
import { functionArn, LATEST, parseFunctionArn, type FunctionTarget } from "./function-name.ts";
import { allowsInvocation } from "./policy.ts";
import { versionOf, type FoundVersion } from "./resolve.ts";
import type { FunctionView } from "./views.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB, and 1 MB for events. */
export const PAYLOAD_LIMIT = 6_291_456;
export const EVENT_LIMIT = 1_048_576;

/** Invocations with the request id that the function shall see. */
export interface Invoker {
  invoke(invocation: FunctionInvocation, requestId: string): Promise<FunctionResult>;
  invokeStream(invocation: FunctionInvocation, requestId: string): Promise<FunctionStream>;
  close(): Promise<void>;
}

/** An invocation that may go ahead. */
interface Admitted extends FoundVersion {
  readonly view: FunctionView;
  readonly target: FunctionTarget;
  readonly payload: Uint8Array;
}

const EMPTY_EVENT = Buffer.from("{}");
const NOTHING = Buffer.alloc(0);

export function createInvoker(context: LambdaContext): Invoker {
  const { runtime, clock, log, settings } = context;
  const count = createCounter();
  const relaxed = new Set<string>();

  /** @throws {FunctionCallError} when the invocation is refused. */
  async function admit(invocation: FunctionInvocation): Promise<Admitted> {
    const { functionArn: arn, caller, identity } = invocation;
    const target = parseFunctionArn(arn);
    const view = target && (await context.views.get(target));
    const sought = view && versionOf(view, target.qualifier, (alias) => chooseVersion(alias, context.random));
    const found = sought instanceof Promise ? await sought : sought;
    if (!target || !view || !found) throw new FunctionCallError("ResourceNotFoundException", `Function not found: ${arn}`);
    if (identity?.isAllowed === false) throw accessDenied(identity, arn, "identity-based");
    if (caller && !isAllowed(view, target, caller)) {
      if (!settings.relaxPermissions) throw accessDenied(caller, arn, "resource-based");
      logRelaxed(arn, caller);
    }
    return { ...found, view, target, payload: checkPayload(invocation) };
  }

  function logRelaxed(arn: string, { principal, sourceArn }: ServiceCaller): void {
    if (relaxed.has(arn)) return;
    relaxed.add(arn);
    log.warn("invoked a function whose policy does not allow it; AWS would refuse", { function: arn, principal, sourceArn });
  }

  function specOf({ view: { id, record }, target, config, version }: Admitted, codeDirectory: string): FunctionSpec {
    const { logging } = config;
    return {
      account: id.account,
      region: id.region,
      functionName: id.name,
      version,
      invokedArn: functionArn(target),
      revision: config.revisionId,
      runtime: config.runtime,
      handler: config.handler,
      codeDirectory,
      watch: config.code.type === "directory",
      environment: logging.LogFormat === "JSON" ? { ...config.environment, AWS_LAMBDA_LOG_FORMAT: "JSON" } : config.environment,
      memorySizeMb: config.memorySizeMb,
      timeoutMs: config.timeoutSeconds * 1_000,
      maxConcurrency: record.reservedConcurrency ?? settings.maxConcurrency,
    };
  }

  function runtimeInvocation({ payload }: Admitted, invocation: FunctionInvocation, requestId: string) {
    const { clientContext, traceId, tailLog = false, signal } = invocation;
    return {
      requestId,
      payload,
      tailLog,
      ...(clientContext === undefined ? {} : { clientContext }),
      ...(traceId === undefined ? {} : { traceId }),
      ...(signal === undefined ? {} : { signal }),
    };
  }

  async function run(admitted: Admitted, invocation: FunctionInvocation, requestId: string): Promise<FunctionResult> {
    const leave = count.enter(admitted.view);
    try {
      const directory = context.packages.directory(admitted.config.code);
      const spec = specOf(admitted, directory instanceof Promise ? await directory : directory);
      return await runtime.invoke(spec, runtimeInvocation(admitted, invocation, requestId));
    } finally {
      leave();
    }
  }

  const events = createEventQueue({
    clock,
    log,
    limit: settings.eventLimit,
    async run({ requestId, ...event }) {
      const invocation: FunctionInvocation = { ...event, type: "Event" };
      return run(await admit(invocation), invocation, requestId);
    },
  });

  return {
    async invoke(invocation, requestId) {
      const admitted = await admit(invocation);
      const answer = { payload: NOTHING, executedVersion: admitted.version };
      if (invocation.type === "DryRun") return { status: 204, ...answer };
      if (invocation.type === "RequestResponse") return run(admitted, invocation, requestId);
      const { traceId } = invocation;
      events.add({
        functionArn: functionArn(admitted.target),
        requestId,
        payload: admitted.payload,
        ...(traceId === undefined ? {} : { traceId }),
      });
      return { status: 202, ...answer };
    },

    async invokeStream(invocation, requestId) {
      const admitted = await admit(invocation);
      const leave = count.enter(admitted.view);
      try {
        const spec = specOf(admitted, await context.packages.directory(admitted.config.code));
        const stream = await runtime.invokeStream(spec, runtimeInvocation(admitted, invocation, requestId));
        stream.outcome.then(leave, leave);
        return stream;
      } catch (error) {
        leave();
        throw error;
      }
    },

    close: () => events.close(),
  };
}

/**
 * Whether the policy of what is invoked lets the service. A policy belongs to the function, a version or an alias, and
 * counts for invocations by that ARN alone.
 */
function isAllowed({ policies }: FunctionView, { qualifier }: FunctionTarget, caller: ServiceCaller): boolean {
  // No policy can be added for $LATEST by name.
  if (qualifier === LATEST) return false;
  const policy = policies.get(qualifier ?? LATEST);
  return policy?.statements.some((statement) => allowsInvocation(statement, caller)) ?? false;
}

function accessDenied({ principal }: ServiceCaller | IdentityCaller, arn: string, policies: "identity-based" | "resource-based"): FunctionCallError {
  return new FunctionCallError(
    "AccessDeniedException",
    `User: ${principal} is not authorized to perform: lambda:InvokeFunction on resource: ${arn} ` +
      `because no ${policies} policy allows the lambda:InvokeFunction action`,
  );
}

/** The payload, which must be JSON; nothing is an empty object. */
function checkPayload({ isJson = false, payload, type }: FunctionInvocation): Uint8Array {
  if (payload.length > PAYLOAD_LIMIT) {
    throw new FunctionCallError(
      "RequestTooLargeException",
      `Request must be smaller than ${PAYLOAD_LIMIT} bytes for the InvokeFunction operation`,
    );
  }
  if (type === "Event" && payload.length > EVENT_LIMIT) {
    throw new FunctionCallError(
      "RequestTooLargeException",
      `${payload.length} byte payload is too large for the Event invocation type (limit ${EVENT_LIMIT} bytes)`,
    );
  }
  if (payload.length === 0) return EMPTY_EVENT;
  if (isJson) return payload;
  if (!isUtf8(payload)) throw invalidContent("it is not UTF-8");
  try {
    JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
  } catch (error) {
    throw invalidContent((error as SyntaxError).message);
  }
  return payload;
}

function invalidContent(why: string): FunctionCallError {
  const message = `Could not parse request body into json: Could not parse payload into json: ${why}`;
  return new FunctionCallError("InvalidRequestContentException", message);
}

/** Counts a function's invocations, of all its versions, against what is reserved for it. */
function createCounter(): { enter(view: FunctionView): () => void } {
  const running = new Map<string, number>();
  return {
    enter({ id, record: { reservedConcurrency } }) {
      const name = functionArn({ account: id.account, region: id.region, name: id.name });
      const before = running.get(name) ?? 0;
      if (reservedConcurrency !== undefined && before >= reservedConcurrency) {
        throw new FunctionCallError("TooManyRequestsException", "Rate Exceeded.");
      }
      running.set(name, before + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const now = running.get(name) as number;
        if (now === 1) running.delete(name);
        else running.set(name, now - 1);
      };
    },
  };
}
