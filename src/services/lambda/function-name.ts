// The ways to name a function: name, partial ARN and ARN, each with or without a version or alias.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import { functionNotFound, invalidParameter, resourceNotFound } from "./errors.ts";

/** The part of a name that stands for the unpublished version. */
export const LATEST = "$LATEST";

/** A function in an account and region. */
export interface FunctionId {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** A function, and which of its versions; without a qualifier, the function itself. */
export interface FunctionTarget extends FunctionId {
  /** `$LATEST`, a version number or an alias. */
  readonly qualifier?: string;
}

const FORM = new RegExp(
  [
    /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?/,
    /(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/,
  ]
    .map(({ source }) => source)
    .join(""),
);

/** Whether a qualifier is a version's number. */
export const isVersionNumber = (qualifier: string): boolean => /^\d+$/.test(qualifier);

/** The ARN of a function, or of a version or alias of it. */
export function functionArn({ account, region, name, qualifier }: FunctionTarget): string {
  const arn = `arn:${partition(region)}:lambda:${region}:${account}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

function partition(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * Reads `FunctionName` and `Qualifier` of a request.
 * @throws {ServiceError} when the name is of no known form, names a function of another region or account, or when the
 *   qualifier inside of it is another than the one beside it.
 */
export function readTarget(call: Call, operation: string, given: string, qualifier?: string): FunctionTarget {
  const groups = FORM.exec(given)?.groups;
  const name = groups?.name;
  if (groups === undefined || name === undefined) throw functionNotFound(functionArn({ ...call, name: given }));
  const { region = call.region, account = call.account } = groups;
  if (region !== call.region) {
    throw resourceNotFound(`Functions from '${region}' are not reachable in this region ('${call.region}')`);
  }
  if (account !== call.account) throw foreignAccount(call, operation, functionArn({ account, region, name }));
  if (groups.qualifier !== undefined && qualifier !== undefined && groups.qualifier !== qualifier) {
    throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  }
  const which = groups.qualifier ?? qualifier;
  return { account, region, name, ...(which === undefined ? {} : { qualifier: which }) };
}

/**
 * Reads the name of a function as a whole, for operations on its unpublished version.
 * @throws {ServiceError} as {@link readTarget}, and when it names a version or alias.
 */
export function readWhole(call: Call, operation: string, given: string): FunctionId {
  const { account, region, name, qualifier } = readTarget(call, operation, given);
  if (qualifier !== undefined && qualifier !== LATEST) {
    throw invalidParameter(
      "Current operation does not support versions other than $LATEST. " +
        "Please set the version to $LATEST or do not set a version in your request.",
    );
  }
  return { account, region, name };
}

/** Reads a function's ARN, as the gateway invokes it; undefined when it is none. */
export function parseFunctionArn(arn: string): FunctionTarget | undefined {
  const groups = arn.startsWith("arn:") ? FORM.exec(arn)?.groups : undefined;
  const { account, region, name, qualifier } = groups ?? {};
  if (account === undefined || region === undefined || name === undefined) return undefined;
  return { account, region, name, ...(qualifier === undefined ? {} : { qualifier }) };
}

function foreignAccount(call: Call, operation: string, arn: string): ServiceError {
  return new ServiceError(
    "AccessDeniedException",
    `User: arn:${partition(call.region)}:iam::${call.account}:root is not authorized to perform: lambda:${operation} ` +
      `on resource: ${arn} because no resource-based policy allows the lambda:${operation} action`,
  );
}
