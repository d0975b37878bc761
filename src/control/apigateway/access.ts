// What operations of the V1 control plane ask of IAM: `apigateway:` and the HTTP method, on the path that the operation has
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html).
import { type Asked, type Permission, type RequiredPermissions, requestTagKeys, type Tags, tagsOf, textOf, textsOf } from "../../domain/access.ts";
import { parseApiGatewayArn, partitionOf } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { ApiGatewayOperations } from "../../model/apigateway.types.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { handedOver } from "./access-documents.ts";
import { requestKeys } from "./access-keys.ts";

type Reads = Pick<Handlers<ApiGatewayOperations, Call>, "GetRestApi" | "GetTags">;

/** What a call of any operation needs. @param handlers where it is asked what there is, with which tags */
export function apiGatewayPermissions({ GetRestApi, GetTags }: Reads): RequiredPermissions {
  const read = async (resourceArn: string, call: Call) => (await GetTags({ resourceArn }, call)).tags;
  return (asked) => {
    const { operation, input } = asked;
    const path = pathOf(asked, operation.uri);
    const keys = requestTagKeys(tagsOf(input["tags"]), textsOf(input["tagKeys"]));
    for (const [key, values] of requestKeys(asked)) keys.set(key, values);
    const own: Permission = {
      action: `apigateway:${operation.method}`,
      ...path,
      keys,
      ...(operation.uri === REST_API
        ? { isUnknown: isUnknownOf(operation.name, EXISTING_KEYS), existing: () => existingKeys(input, asked.call, GetRestApi) }
        : { isUnknown: isUnknownOf(operation.name) }),
      tags: () => inheritedTags(path.parts, asked.call, read),
    };
    return [own, ...furtherPermissions(asked, own)];
  };
}

export interface ResourcePath extends Pick<Permission, "resource" | "spellings"> {
  /** Decoded. */
  readonly parts: readonly string[];
}

/**
 * The path of an operation as an ARN, with what its labels stand for: encoded, as it travels in URLs. AWS's refusals say
 * `arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway…` (mattclay/aws-terminator#284). Those of private domain names
 * name the account and the domain name's id (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
 */
export function pathOf({ input, call }: Asked, uri: string): ResourcePath {
  const parts = (uri.split("?", 1)[0] as string).slice(1).split("/").map((part) => (part.startsWith("{") ? labelOf(input, part) : part));
  const domainNameId = textOf(input, "domainNameId");
  const isPrivate = parts[0] === "domainnames" && parts[1] !== undefined && domainNameId !== undefined;
  if (isPrivate) parts[1] = `${parts[1] as string}+${domainNameId}`;
  const prefix = `arn:${partitionOf(call.region)}:apigateway:${call.region}:${isPrivate ? call.account : ""}:/`;
  const encoded = prefix + parts.map(encode).join("/");
  const decoded = prefix + parts.join("/");
  return { resource: encoded, parts, ...(decoded !== encoded && { spellings: [decoded] }) };
}

const labelOf = (input: Asked["input"], label: string): string => textOf(input, label.replace(/^\{|\+?\}$/g, "")) ?? "";

/** As clients encode labels (RFC 3986), but for the plus sign, which stands between a private domain name and its id. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll("%2B", "+")
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

type ReadTags = (arn: string, call: Call) => Promise<Tags | undefined>;

/** Those that can have tags; what is under them inherits them (apigateway-tagging-supported-resources.html). */
const TAGGED: ReadonlySet<string> = new Set(["apikeys", "clientcertificates", "domainnames", "restapis", "usageplans", "vpclinks"]);

async function inheritedTags(parts: readonly string[], call: Call, read: ReadTags): Promise<Tags | undefined> {
  const [kind = "", id, below, name] = parts;
  if (kind === "tags" && id !== undefined) {
    const named = parseApiGatewayArn(id);
    return named === undefined || named.path[0] === "tags" ? undefined : inheritedTags(named.path, call, read);
  }
  if (!TAGGED.has(kind) || id === undefined) return undefined;
  const arn = apiGatewayArn(call, `${kind}/${id}`);
  const tags = await readExisting(arn, call, read);
  if (kind !== "restapis" || below !== "stages" || name === undefined) return tags;
  return { ...tags, ...(await readExisting(`${arn}/stages/${name}`, call, read)) };
}

export const apiGatewayArn = ({ region }: Call, path: string): string => `arn:${partitionOf(region)}:apigateway:${region}::/${path}`;

/** Nothing where there is no such resource: the operation will say so. */
export const readExisting = (arn: string, call: Call, read: ReadTags): Promise<Tags | undefined> => unlessRefused(() => read(arn, call));

async function unlessRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** Of imports, no key says what is in the document; of what there is, only REST APIs have keys that say what it was. */
export const isUnknownOf = (operation: string, existing: ReadonlySet<string> = new Set()) => (key: string): boolean =>
  key.startsWith("apigateway:resource/")
    ? !CREATES.test(operation) && !existing.has(key)
    : key.startsWith("apigateway:request/") && IMPORTS.has(operation);

const REST_API = "/restapis/{restApiId}";
const EXISTING_KEYS: ReadonlySet<string> = new Set(
  ["apiname", "disableexecuteapiendpoint", "endpointtype", "securitypolicy"].map((name) => `apigateway:resource/${name}`),
);

/** Of a REST API that there is. */
async function existingKeys(input: Asked["input"], call: Call, read: Reads["GetRestApi"]): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = new Map<string, readonly string[]>();
  const restApiId = textOf(input, "restApiId") ?? "";
  const api = await unlessRefused(() => read({ restApiId }, call));
  if (api === undefined) return keys;
  const set = (name: string, values: readonly string[]): void => void (values.length > 0 && keys.set(`apigateway:resource/${name}`, values));
  set("apiname", api.name === undefined ? [] : [api.name]);
  set("disableexecuteapiendpoint", [String(api.disableExecuteApiEndpoint ?? false)]);
  set("endpointtype", api.endpointConfiguration?.types ?? []);
  set("securitypolicy", api.securityPolicy === undefined ? [] : [api.securityPolicy]);
  return keys;
}

/** "For create operations, a Resource condition key is not present" (security_iam_id-based-policy-examples.html). */
const CREATES = /^(?:Create(?:RestApi|Api|ApiKey|DomainName|UsagePlan|VpcLink)|Import(?:RestApi|Api|ApiKeys)|GenerateClientCertificate)$/;
const IMPORTS: ReadonlySet<string> = new Set(["ImportApi", "ImportRestApi", "PutRestApi", "ReimportApi"]);

interface Patch {
  readonly op: string;
  readonly path: string;
  readonly value: string | undefined;
}

/** The patch operations of an unvalidated input. */
export function patchesOf(input: Asked["input"]): readonly Patch[] {
  const operations: readonly unknown[] = Array.isArray(input["patchOperations"]) ? input["patchOperations"] : [];
  return operations.flatMap((operation) => {
    if (typeof operation !== "object" || operation === null) return [];
    const members = operation as Readonly<Record<string, unknown>>;
    return [{ op: textOf(members, "op") ?? "", path: textOf(members, "path") ?? "", value: textOf(members, "value") }];
  });
}

/** Additional actions for what is more sensitive than the rest, and the roles that are handed over. */
function furtherPermissions(asked: Asked, own: Permission): readonly Permission[] {
  const { operation: { name }, input } = asked;
  const also = (action: string, resource = own.resource): Permission => ({ ...own, action: `apigateway:${action}`, resource });
  const patches = patchesOf(input);
  const touches = (path: string) => patches.some((patch) => patch.path === path || patch.path.startsWith(`${path}/`));
  const further: Permission[] = [];
  if ((name === "CreateRestApi" && input["policy"] !== undefined) || (name === "UpdateRestApi" && touches("/policy"))) {
    further.push(also("UpdateRestApiPolicy"));
  }
  const document = name === "ImportRestApi" || name === "PutRestApi" ? handedOver(input["body"]) : undefined;
  if (document?.policy === true) further.push(also("UpdateRestApiPolicy"));
  if (name === "CreateDomainName" && input["mutualTlsAuthentication"] !== undefined) further.push(also("AddCertificateToDomain"));
  if (name === "UpdateDomainName") {
    const trust = patches.filter(({ path }) => path.startsWith("/mutualTlsAuthentication"));
    if (trust.some(({ op, value }) => op !== "remove" && value !== "")) further.push(also("AddCertificateToDomain"));
    if (trust.some(({ op, value }) => op === "remove" || value === "")) further.push(also("RemoveCertificateFromDomain"));
    if (touches("/managementPolicy")) further.push(also("UpdateDomainNameManagementPolicy"));
    if (touches("/policy")) further.push(also("UpdateDomainNamePolicy"));
  }
  const domainNameArn = textOf(input, "domainNameArn");
  if (name === "CreateDomainNameAccessAssociation" && domainNameArn !== undefined) further.push(also("CreateAccessAssociation", domainNameArn));
  if (name === "RejectDomainNameAccessAssociation" && domainNameArn !== undefined) further.push(also("RejectAccessAssociation", domainNameArn));
  return [...further, ...[...rolesOf(name, input), ...(document?.roles ?? [])].map(passRole)];
}

/** Whether credentials are a role, perhaps with a stage variable in its name. `arn:aws:iam::*:user/*` says that callers use their own. */
export const isRole = (credentials: string): boolean => /^arn:aws[a-z-]*:iam::(?!\*:user\/)/.test(credentials);

/** Roles that API Gateway is to assume. */
function rolesOf(name: string, input: Asked["input"]): readonly string[] {
  const given =
    name === "PutIntegration" ? [textOf(input, "credentials")]
    : name === "CreateAuthorizer" ? [textOf(input, "authorizerCredentials")]
    : name === "UpdateIntegration" || name === "UpdateAuthorizer" || name === "UpdateAccount"
      ? patchesOf(input).filter(({ path }) => /^\/(?:credentials|authorizerCredentials|cloudwatchRoleArn)$/.test(path)).map(({ value }) => value)
      : [];
  return given.filter((role) => role !== undefined && isRole(role)) as string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
export const passRole = (role: string): Permission => ({
  action: "iam:PassRole",
  resource: role,
  keys: new Map([["iam:passedtoservice", ["apigateway.amazonaws.com"]]]),
});
