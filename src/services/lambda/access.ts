// What Lambda's operations ask of IAM: `lambda:` and the operation's name, on the function that they are about
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html).
import { type Asked, type Permission, type RequiredPermissions, requestTagKeys, tagsOf, textOf, textsOf } from "../../domain/access.ts";
import { partitionOf } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { functionArn, readTarget } from "./function-name.ts";

type ListTags = Pick<Handlers<LambdaOperations, Call>, "ListTags">;

/** "InvokeFunction" is the permission for all the ways to invoke one but InvokeAsync. */
const ACTIONS: Readonly<Record<string, string>> = {
  GetLayerVersionByArn: "GetLayerVersion",
  Invoke: "InvokeFunction",
  InvokeWithResponseStream: "InvokeFunction",
};

/** What a call of any operation needs. @param handlers where a function's tags are asked for */
export function lambdaPermissions(handlers: Partial<ListTags>): RequiredPermissions {
  return (asked) => {
    const { operation: { name }, input } = asked;
    const own: Permission = {
      action: `lambda:${ACTIONS[name] ?? name}`,
      ...targetOf(asked, handlers),
      keys: requestTagKeys(tagsOf(input["Tags"]), textsOf(input["TagKeys"])),
    };
    const role = name === "CreateFunction" || name === "UpdateFunctionConfiguration" ? textOf(input, "Role") : undefined;
    return role === undefined ? [own] : [own, passRole(role)];
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
const passRole = (role: string): Permission => ({
  action: "iam:PassRole",
  resource: role,
  keys: new Map([["iam:passedtoservice", ["lambda.amazonaws.com"]]]),
});

/** Members that are an ARN, or the part of one behind the colon that follows the type. */
const OTHERS: readonly (readonly [member: string, type: string])[] = [
  ["LayerName", "layer"],
  ["UUID", "event-source-mapping"],
  ["CodeSigningConfigArn", "code-signing-config"],
  ["CapacityProviderName", "capacity-provider"],
  ["DurableExecutionArn", "function"],
  ["ResourceArn", "function"],
];

function targetOf({ operation: { name }, input, call }: Asked, handlers: Partial<ListTags>): Pick<Permission, "resource" | "tags"> {
  const given = textOf(input, "FunctionName") ?? (name.endsWith("Tags") || name.endsWith("Resource") ? textOf(input, "Resource") : undefined);
  // Lists of mappings that name a function are still lists of everything.
  if (given !== undefined && !name.endsWith("EventSourceMappings")) return functionTarget(name, given, textOf(input, "Qualifier"), call, handlers);
  for (const [member, type] of OTHERS) {
    const value = textOf(input, member);
    if (value === undefined) continue;
    const version = typeof input["VersionNumber"] === "number" ? `:${String(input["VersionNumber"])}` : "";
    return { resource: value.startsWith("arn:") ? value : `${prefixOf(call)}${type}:${value}${version}` };
  }
  return { resource: "*" };
}

const prefixOf = ({ region, account }: Call): string => `arn:${partitionOf(region)}:lambda:${region}:${account}:`;

/** A version or an alias is a resource of its own. A name that cannot be read is refused by the operation, by whatever it says. */
function functionTarget(
  operation: string, given: string, qualifier: string | undefined, call: Call, { ListTags }: Partial<ListTags>,
): Pick<Permission, "resource" | "tags"> {
  try {
    const target = readTarget(call, operation, given, qualifier);
    const Resource = functionArn({ account: target.account, region: target.region, name: target.name });
    const tags = async () => {
      try {
        return ListTags === undefined ? undefined : tagsOf((await ListTags({ Resource }, call)).Tags);
      } catch (error) {
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    };
    return { resource: functionArn(target), tags };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { resource: given.startsWith("arn:") ? given : `${prefixOf(call)}function:${given}` };
  }
}
