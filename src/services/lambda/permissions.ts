// AddPermission, RemovePermission and GetPolicy.
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { AddPermissionRequest, LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { check, put, remove } from "../../ports/store.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { checkRevision, functionNotFound, invalidParameter, resourceConflict, resourceNotFound } from "./errors.ts";
import { functionArn, isVersionNumber, LATEST, readTarget, type FunctionTarget } from "./function-name.ts";
import { policyText, type PolicyStatement } from "./policy.ts";
import { aliases, functions, policies, versionKey, versions } from "./records.ts";
import { requireFunction } from "./resolve.ts";

type Names = "AddPermission" | "RemovePermission" | "GetPolicy";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 20 KB. */
const POLICY_LIMIT = 20_480;

export function permissionOperations(context: LambdaContext): Pick<Handlers<LambdaOperations, Call>, Names> {
  const { store, ids } = context;

  return {
    async AddPermission(input, call) {
      const target = readTarget(call, "AddPermission", input.FunctionName, input.Qualifier);
      if (target.qualifier === LATEST) throw invalidParameter("We currently do not support adding policies for $LATEST.");
      const { functionVersion, revisionId } = await requireTarget(context, target);
      const key = policyKey(target);
      const before = await store.get(policies, key);
      // Without a policy yet, the revision is that of what it will belong to.
      checkRevision(input.RevisionId, before?.value.revisionId ?? revisionId);
      const statements = before?.value.statements ?? [];
      if (statements.some(({ Sid }) => Sid === input.StatementId)) {
        throw resourceConflict(
          `The statement id (${input.StatementId}) provided already exists. ` +
            "Please provide a new statement id, or remove the existing statement.",
        );
      }
      const statement = writeStatement(input, functionArn(target));
      const after = [...statements, statement];
      refuseLongPolicy(policyText(after));
      await context.commit(target, [
        check(functions, keyOf(target), functionVersion),
        put(policies, key, { statements: after, revisionId: ids.uuid() }, before?.version ?? "absent"),
      ]);
      return { Statement: JSON.stringify(statement) };
    },

    async RemovePermission(input, call) {
      const target = readTarget(call, "RemovePermission", input.FunctionName, input.Qualifier);
      await requireTarget(context, target);
      const key = policyKey(target);
      const before = await store.get(policies, key);
      if (!before) throw resourceNotFound("No policy is associated with the given resource.");
      const statements = before.value.statements.filter(({ Sid }) => Sid !== input.StatementId);
      if (statements.length === before.value.statements.length) {
        throw resourceNotFound(`Statement ${input.StatementId} is not found in resource policy.`);
      }
      checkRevision(input.RevisionId, before.value.revisionId);
      const change =
        statements.length === 0
          ? remove(policies, key, before.version)
          : put(policies, key, { statements, revisionId: ids.uuid() }, before.version);
      await context.commit(target, [change]);
      return {};
    },

    async GetPolicy(input, call) {
      const target = readTarget(call, "GetPolicy", input.FunctionName, input.Qualifier);
      await requireTarget(context, target);
      const stored = await store.get(policies, policyKey(target));
      if (!stored) throw resourceNotFound("The resource you requested does not exist.");
      return { Policy: policyText(stored.value.statements), RevisionId: stored.value.revisionId };
    },
  };
}

const policyKey = (target: FunctionTarget): readonly string[] => [...keyOf(target), target.qualifier ?? LATEST];

/** The function, version or alias must be there. Gives its revision, and the version of the function's record. */
async function requireTarget(
  context: LambdaContext, target: FunctionTarget,
): Promise<{ functionVersion: number; revisionId: string }> {
  const stored = await requireFunction(context, target);
  const functionVersion = stored.version;
  const { qualifier } = target;
  if (qualifier === undefined || qualifier === LATEST) return { functionVersion, revisionId: stored.value.config.revisionId };
  const key = keyOf(target);
  const revisionId = isVersionNumber(qualifier)
    ? (await context.store.get(versions, [...key, versionKey(qualifier)]))?.value.config.revisionId
    : (await context.store.get(aliases, [...key, qualifier]))?.value.revisionId;
  if (revisionId === undefined) throw functionNotFound(functionArn(target));
  return { functionVersion, revisionId };
}

function writeStatement(input: AddPermissionRequest, resource: string): PolicyStatement {
  if (input.FunctionUrlAuthType !== undefined && input.Action.toLowerCase() !== "lambda:invokefunctionurl") {
    throw invalidParameter("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action");
  }
  const equals = {
    ...(input.SourceAccount === undefined ? {} : { "AWS:SourceAccount": input.SourceAccount }),
    ...(input.EventSourceToken === undefined ? {} : { "lambda:EventSourceToken": input.EventSourceToken }),
    ...(input.PrincipalOrgID === undefined ? {} : { "aws:PrincipalOrgID": input.PrincipalOrgID }),
    ...(input.FunctionUrlAuthType === undefined ? {} : { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }),
  };
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": input.SourceArn } }),
    ...(input.InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { "lambda:InvokedViaFunctionUrl": String(input.InvokedViaFunctionUrl) } }),
  };
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: readPrincipal(input.Principal),
    Action: input.Action,
    Resource: resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

const PRINCIPAL_ARN = /^arn:aws[a-zA-Z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+)$/;
const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazon(aws)?\.com(\.cn)?$/;

/** Everyone, an account, a user or role, or a service. */
function readPrincipal(principal: string): PolicyStatement["Principal"] {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (PRINCIPAL_ARN.test(principal)) return { AWS: principal };
  if (SERVICE.test(principal)) return { Service: principal };
  throw invalidParameter("The provided principal was invalid. Please check the principal and try again.");
}

function refuseLongPolicy(text: string): void {
  const size = Buffer.byteLength(text);
  if (size <= POLICY_LIMIT) return;
  throw new ServiceError(
    "PolicyLengthExceededException",
    `The final policy size (${size}) is bigger than the limit (${POLICY_LIMIT}).`,
    { Type: "User" },
  );
}
