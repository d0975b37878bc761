// The condition keys `apigateway:Request/…`: what a request is going to make of an API, a method, a stage or a domain name
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html).
import type { Asked } from "../../domain/access.ts";

type Input = Asked["input"];

/** Members of inputs, and paths of patches, by the key that they set. */
interface Sources {
  readonly members?: Readonly<Record<string, (input: Input) => unknown>>;
  readonly patches?: Readonly<Record<string, RegExp>>;
}

const member = (...path: readonly string[]) => (input: Input): unknown => valuesAt(input, path);

/** What stands at a path of members, through lists: all of it. */
function valuesAt(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path) ?? []);
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, first)) return undefined;
  return valuesAt((value as Readonly<Record<string, unknown>>)[first], rest);
}

const STAGE = { members: { StageName: member("stageName") } };

const V1: Readonly<Record<string, Sources>> = {
  CreateRestApi: {
    members: {
      ApiName: member("name"),
      // "When a user attempts to create or import an API, the DisableExecuteApiEndpoint condition key is always populated."
      DisableExecuteApiEndpoint: (input) => input["disableExecuteApiEndpoint"] ?? false,
      EndpointType: member("endpointConfiguration", "types"),
      SecurityPolicy: member("securityPolicy"),
    },
  },
  UpdateRestApi: {
    patches: {
      ApiName: /^\/name$/,
      DisableExecuteApiEndpoint: /^\/disableExecuteApiEndpoint$/,
      EndpointType: /^\/endpointConfiguration\/types\/[^/]+$/,
      SecurityPolicy: /^\/securityPolicy$/,
    },
  },
  CreateAuthorizer: { members: { AuthorizerType: member("type"), AuthorizerUri: member("authorizerUri") } },
  UpdateAuthorizer: { patches: { AuthorizerType: /^\/type$/, AuthorizerUri: /^\/authorizerUri$/ } },
  PutMethod: { members: { ApiKeyRequired: (input) => input["apiKeyRequired"] ?? false, RouteAuthorizationType: member("authorizationType") } },
  UpdateMethod: { patches: { ApiKeyRequired: /^\/apiKeyRequired$/, RouteAuthorizationType: /^\/authorizationType$/ } },
  CreateDeployment: STAGE,
  CreateStage: STAGE,
  UpdateStage: {
    patches: { AccessLoggingDestination: /^\/accessLogSettings\/destinationArn$/, AccessLoggingFormat: /^\/accessLogSettings\/format$/ },
  },
  CreateDomainName: {
    members: {
      EndpointType: member("endpointConfiguration", "types"),
      MtlsTrustStoreUri: member("mutualTlsAuthentication", "truststoreUri"),
      MtlsTrustStoreVersion: member("mutualTlsAuthentication", "truststoreVersion"),
      SecurityPolicy: member("securityPolicy"),
    },
  },
  UpdateDomainName: {
    patches: {
      EndpointType: /^\/endpointConfiguration\/types\/[^/]+$/,
      MtlsTrustStoreUri: /^\/mutualTlsAuthentication\/truststoreUri$/,
      MtlsTrustStoreVersion: /^\/mutualTlsAuthentication\/truststoreVersion$/,
      SecurityPolicy: /^\/securityPolicy$/,
    },
  },
};

/** The keys that a request sets, in lower case. */
export const requestKeys = (asked: Asked): ReadonlyMap<string, readonly string[]> => keysFrom(V1, asked);

export type RequestKeySources = Readonly<Record<string, Sources>>;

/** The keys that a table of operations says a request sets. */
export function keysFrom(table: RequestKeySources, { operation: { name }, input }: Asked): Map<string, readonly string[]> {
  const { members = {}, patches = {} } = Object.hasOwn(table, name) ? (table[name] as Sources) : {};
  const keys = new Map<string, readonly string[]>();
  const set = (key: string, values: readonly string[]): void => void (values.length > 0 && keys.set(`apigateway:request/${key.toLowerCase()}`, values));
  for (const [key, read] of Object.entries(members)) set(key, texts(read(input)));
  const operations: readonly unknown[] = Array.isArray(input["patchOperations"]) ? input["patchOperations"] : [];
  for (const [key, path] of Object.entries(patches)) set(key, operations.flatMap((operation) => patched(operation, path)));
  return keys;
}

function patched(operation: unknown, path: RegExp): readonly string[] {
  const at = valuesAt(operation, ["path"]);
  return typeof at === "string" && path.test(at) && valuesAt(operation, ["op"]) !== "remove" ? texts(valuesAt(operation, ["value"])) : [];
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  return typeof value === "string" || typeof value === "boolean" ? [String(value)] : [];
}

export { member };
