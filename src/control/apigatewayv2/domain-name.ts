// DomainName: the V2 API's view of custom domain names. The V1 API keeps them; here stands how one is told in terms of the other.
import type { Call } from "../../domain/call.ts";
import { type DomainName, domainNameArn, domainNameKey, domainNames } from "../../domain/domain-name.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { regionalHostedZoneId } from "../../domain/hosted-zones.ts";
import type * as V1 from "../../model/apigateway.types.gen.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayV2Context, given, pageOf } from "./context.ts";

interface DomainNameInput {
  readonly DomainName: string;
}

/** The V1 API's operations on domain names. */
export interface DomainNameKeeper {
  CreateDomainName(input: V1.CreateDomainNameRequest, call: Call): Promise<unknown>;
  UpdateDomainName(input: V1.UpdateDomainNameRequest, call: Call): Promise<unknown>;
  DeleteDomainName(input: V1.DeleteDomainNameRequest, call: Call): Promise<unknown>;
}

export function domainNameOperations(context: ApiGatewayV2Context, keeper: DomainNameKeeper) {
  const { store } = context;
  const shown = async (input: DomainNameInput, call: Call): Promise<Model.DomainName> => show((await findDomainName(context, input, call)).value);
  return {
    create: async (input: Model.CreateDomainNameRequest, call: Call): Promise<Model.CreateDomainNameResponse> => {
      await keeper.CreateDomainName(creation(input), call);
      return shown(input, call);
    },
    read: shown,
    /** Those that the V2 API can manage. */
    list: async (input: Model.GetDomainNamesRequest, { account, region }: Call): Promise<Model.GetDomainNamesResponse> => {
      const selection = { prefix: [account, region], show: ({ value }: Stored<DomainName>) => (value.types.includes("REGIONAL") ? show(value) : undefined) };
      const { items, position } = await verbs.selectedPage(store, domainNames, selection, pageOf(input));
      return { Items: items, ...given({ NextToken: position }) };
    },
    merge: async (input: Model.UpdateDomainNameRequest, call: Call): Promise<Model.UpdateDomainNameResponse> => {
      await findDomainName(context, input, call);
      await keeper.UpdateDomainName({ domainName: input.DomainName, patchOperations: patches(input) }, call);
      return shown(input, call);
    },
    remove: async (input: DomainNameInput, call: Call): Promise<Record<never, never>> => {
      await findDomainName(context, input, call);
      await keeper.DeleteDomainName({ domainName: input.DomainName }, call);
      return {};
    },
  };
}

/**
 * A public domain name with a regional endpoint and TLS 1.2 or newer. The words are quoted in issues 401 and 381 of
 * github.com/amplify-education/serverless-domain-manager.
 * @throws {ServiceError} NotFoundException, BadRequestException
 */
export async function findDomainName({ store }: ApiGatewayV2Context, input: DomainNameInput, call: Call): Promise<Stored<DomainName>> {
  const domain = await store.get(domainNames, domainNameKey(call.account, call.region, input.DomainName));
  if (domain === undefined) throw notFound("Invalid domain name identifier specified");
  if (!domain.value.types.includes("REGIONAL")) throw badRequest(ONLY_REGIONAL);
  if (domain.value.securityPolicy === "TLS_1_0") {
    throw badRequest(
      "Only REGIONAL domain names with a security policy of TLS 1.2 can be managed through the API Gateway V2 API. For TLS 1.0 domain names, please use the API Gateway V1 API to upgrade your security policy to TLS 1.2. Currently, only REST APIs can be attached to a domain name with a security policy of TLS 1.0.",
    );
  }
  return domain;
}

const ONLY_REGIONAL =
  "Only REGIONAL domain names can be managed through the API Gateway V2 API. For EDGE domain names, please use the API Gateway V1 API. Also note that only REST APIs can be attached to EDGE domain names.";

/** Of TLS: github.com/hashicorp/terraform-provider-aws/issues/37869. @throws {ServiceError} BadRequestException */
function configurationOf([configuration, ...others]: readonly Model.DomainNameConfiguration[]): Model.DomainNameConfiguration {
  if (configuration === undefined || others.length > 0) throw badRequest("A domain name must have exactly one configuration");
  const { EndpointType = "REGIONAL", SecurityPolicy = "TLS_1_2" } = configuration;
  if (EndpointType !== "REGIONAL") throw badRequest(ONLY_REGIONAL);
  if (SecurityPolicy === "TLS_1_0") throw badRequest("TLS_1_0 is not supported for APIGatewayV2 domainName.");
  return configuration;
}

const V1_ROUTING_MODES: Readonly<Record<Model.RoutingMode, DomainName["routingMode"]>> = {
  API_MAPPING_ONLY: "BASE_PATH_MAPPING_ONLY",
  ROUTING_RULE_ONLY: "ROUTING_RULE_ONLY",
  ROUTING_RULE_THEN_API_MAPPING: "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
};

function creation(input: Model.CreateDomainNameRequest): V1.CreateDomainNameRequest {
  const { MutualTlsAuthentication: mutualTls, RoutingMode, Tags } = input;
  const configuration = configurationOf(input.DomainNameConfigurations ?? []);
  const { CertificateArn, CertificateName, IpAddressType, OwnershipVerificationCertificateArn, SecurityPolicy } = configuration;
  return {
    domainName: input.DomainName,
    endpointConfiguration: { types: ["REGIONAL"], ...given({ ipAddressType: IpAddressType }) },
    ...given({ regionalCertificateArn: CertificateArn, regionalCertificateName: CertificateName, securityPolicy: SecurityPolicy }),
    ...given({ ownershipVerificationCertificateArn: OwnershipVerificationCertificateArn }),
    ...given({ routingMode: RoutingMode && V1_ROUTING_MODES[RoutingMode], tags: Tags }),
    ...(mutualTls && { mutualTlsAuthentication: given({ truststoreUri: mutualTls.TruststoreUri, truststoreVersion: mutualTls.TruststoreVersion }) }),
  };
}

function patches(input: Model.UpdateDomainNameRequest): V1.PatchOperation[] {
  const { DomainNameConfigurations, MutualTlsAuthentication: mutualTls, RoutingMode } = input;
  const configuration = DomainNameConfigurations === undefined ? {} : configurationOf(DomainNameConfigurations);
  const replaced = {
    "/regionalCertificateArn": configuration.CertificateArn,
    "/regionalCertificateName": configuration.CertificateName,
    "/endpointConfiguration/ipAddressType": configuration.IpAddressType,
    "/ownershipVerificationCertificateArn": configuration.OwnershipVerificationCertificateArn,
    "/securityPolicy": configuration.SecurityPolicy,
    "/mutualTlsAuthentication/truststoreUri": mutualTls?.TruststoreUri,
    "/mutualTlsAuthentication/truststoreVersion": mutualTls?.TruststoreVersion,
    "/routingMode": RoutingMode && V1_ROUTING_MODES[RoutingMode],
  };
  return Object.entries(replaced).flatMap(([path, value]) => (value === undefined ? [] : [{ op: "replace", path, value }]));
}

/** A domain name as answers carry it. */
function show(domain: DomainName): Model.DomainName {
  const { mutualTlsAuthentication: mutualTls, ownershipVerificationCertificateArn, region, regionalCertificateArn, regionalCertificateName } = domain;
  const [routingMode] = Object.entries(V1_ROUTING_MODES).find(([, mode]) => mode === domain.routingMode) ?? [];
  return {
    ApiMappingSelectionExpression: "$request.basepath",
    DomainName: domain.domainName,
    DomainNameArn: domainNameArn(domain),
    DomainNameConfigurations: [
      {
        ...given({ ApiGatewayDomainName: domain.regionalDomainName }),
        ...given({ CertificateArn: regionalCertificateArn, CertificateName: regionalCertificateName }),
        DomainNameStatus: "AVAILABLE",
        EndpointType: "REGIONAL",
        ...given({ HostedZoneId: regionalHostedZoneId(region) }),
        IpAddressType: domain.ipAddressType,
        ...given({ OwnershipVerificationCertificateArn: ownershipVerificationCertificateArn }),
        SecurityPolicy: domain.securityPolicy as Model.SecurityPolicy,
      },
    ],
    ...(mutualTls && { MutualTlsAuthentication: given({ TruststoreUri: mutualTls.truststoreUri, TruststoreVersion: mutualTls.truststoreVersion }) }),
    ...given({ RoutingMode: routingMode }),
    Tags: domain.tags,
  };
}
