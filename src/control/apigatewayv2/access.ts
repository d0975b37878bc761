// What operations of the V2 control plane, and of the management of connections, ask of IAM
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html).
import { type Asked, type Permission, type RequiredPermissions, requestTagKeys, type Tags, tagsOf, textOf, textsOf } from "../../domain/access.ts";
import { parseApiGatewayArn, partitionOf } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import type { ApiGatewayV2Operations } from "../../model/apigatewayv2.types.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { apiGatewayArn, handedOver, isRole, isUnknownOf, keysFrom, member, passRole, pathOf, readExisting, type RequestKeySources } from "../apigateway/index.ts";

type GetTags = Pick<Handlers<ApiGatewayV2Operations, Call>, "GetTags">;

/** What a call of any operation needs. @param handlers where the tags of what is named by ARN are asked for */
export function apiGatewayV2Permissions({ GetTags }: GetTags): RequiredPermissions {
  const read = async (ResourceArn: string, call: Call) => (await GetTags({ ResourceArn }, call)).Tags;
  return (asked) => {
    const { operation, input } = asked;
    const path = pathOf(asked, operation.uri.replace(/^\/v2\//, "/"));
    const keys = requestTagKeys(tagsOf(input["Tags"]), textsOf(input["TagKeys"]));
    for (const [key, values] of keysFrom(REQUEST_KEYS, asked)) keys.set(key, values);
    const own: Permission = {
      action: `apigateway:${operation.method}`,
      ...path,
      keys,
      isUnknown: isUnknownOf(operation.name),
      tags: () => ownTags(path.parts, asked.call, read),
    };
    return [own, ...furtherPermissions(asked, own)];
  };
}

/** "In the Amazon API Gateway V1 API, child resources inherit": here they do not (apigateway-tagging-supported-resources.html). */
async function ownTags(parts: readonly string[], call: Call, read: (arn: string, call: Call) => Promise<Tags | undefined>): Promise<Tags | undefined> {
  const [kind, id] = parts;
  const path = kind === "tags" ? (parseApiGatewayArn(id ?? "")?.path ?? []).join("/") : parts.join("/");
  const canHaveTags = /^(?:apis\/[^/]+(?:\/stages\/[^/]+)?|domainnames\/[^/]+|vpclinks\/[^/]+)$/.test(path);
  return canHaveTags ? readExisting(apiGatewayArn(call, path), call, read) : undefined;
}

const API = { ApiName: member("Name"), RouteAuthorizationType: (input: Asked["input"]) => (input["Target"] === undefined ? undefined : "NONE") };
const AUTHORIZER = { members: { AuthorizerType: member("AuthorizerType"), AuthorizerUri: member("AuthorizerUri") } };
const STAGE = {
  members: {
    AccessLoggingDestination: member("AccessLogSettings", "DestinationArn"),
    AccessLoggingFormat: member("AccessLogSettings", "Format"),
    StageName: member("StageName"),
  },
};
const DOMAIN_NAME = {
  members: {
    EndpointType: member("DomainNameConfigurations", "EndpointType"),
    MtlsTrustStoreUri: member("MutualTlsAuthentication", "TruststoreUri"),
    MtlsTrustStoreVersion: member("MutualTlsAuthentication", "TruststoreVersion"),
    SecurityPolicy: member("DomainNameConfigurations", "SecurityPolicy"),
  },
};

const REQUEST_KEYS: RequestKeySources = {
  // Quick create makes a route that anyone may call.
  CreateApi: { members: { ...API, DisableExecuteApiEndpoint: (input) => input["DisableExecuteApiEndpoint"] ?? false } },
  UpdateApi: { members: { ...API, DisableExecuteApiEndpoint: member("DisableExecuteApiEndpoint") } },
  CreateAuthorizer: AUTHORIZER,
  UpdateAuthorizer: AUTHORIZER,
  CreateRoute: {
    members: { ApiKeyRequired: (input) => input["ApiKeyRequired"] ?? false, RouteAuthorizationType: (input) => input["AuthorizationType"] ?? "NONE" },
  },
  UpdateRoute: { members: { ApiKeyRequired: member("ApiKeyRequired"), RouteAuthorizationType: member("AuthorizationType") } },
  CreateDeployment: { members: { StageName: member("StageName") } },
  CreateStage: STAGE,
  UpdateStage: STAGE,
  CreateDomainName: DOMAIN_NAME,
  UpdateDomainName: DOMAIN_NAME,
};

function furtherPermissions({ operation: { name }, input }: Asked, own: Permission): readonly Permission[] {
  const further: Permission[] = [];
  const mutualTls = input["MutualTlsAuthentication"];
  if ((name === "CreateDomainName" || name === "UpdateDomainName") && typeof mutualTls === "object" && mutualTls !== null) {
    const trusts = (textOf(mutualTls as Asked["input"], "TruststoreUri") ?? "") !== "";
    further.push({ ...own, action: `apigateway:${trusts ? "AddCertificateToDomain" : "RemoveCertificateFromDomain"}` });
  }
  const roles = ["CredentialsArn", "AuthorizerCredentialsArn"].flatMap((each) => textOf(input, each) ?? []);
  const document = name === "ImportApi" || name === "ReimportApi" ? handedOver(input["Body"]).roles : [];
  return [...further, ...[...roles.filter(isRole), ...document].map(passRole)];
}

/** Of connections: the API is named by the host, which the operation's table does not see. */
export const connectionPermissions: RequiredPermissions = ({ operation: { method }, input, call: { region, account } }) => [
  {
    action: "execute-api:ManageConnections",
    resource: `arn:${partitionOf(region)}:execute-api:${region}:${account}:*/*/${method}/@connections/${textOf(input, "ConnectionId") ?? ""}`,
  },
];
