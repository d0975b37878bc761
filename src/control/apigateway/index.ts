// The door of API Gateway's V1 control plane: its operations, each with what it means. Those that are not here are not built.
import type { Call } from "../../domain/call.ts";
import { type AccountThrottle, AWS_ACCOUNT_THROTTLE, AWS_LIMITS, type RestApiLimits } from "../../domain/limits.ts";
import type { PrivateAddresses } from "../../domain/vpc-link.ts";
import type { ApiGatewayOperations } from "../../model/apigateway.types.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { IssuerDiscovery } from "../../ports/issuer-discovery.ts";
import type { Publication } from "../../ports/publication.ts";
import type { Store } from "../../ports/store.ts";
import type { TestInvocations } from "../../ports/test-invocation.ts";
import { accountOperations } from "./account.ts";
import { apiKeyOperations } from "./api-key.ts";
import { apiKeyImportOperations } from "./api-key-import.ts";
import { authorizerOperations } from "./authorizer.ts";
import { basePathMappingOperations } from "./base-path-mapping.ts";
import { clientCertificateOperations } from "./client-certificate.ts";
import { checkOpenApi } from "./check-open-api.ts";
import { deploymentOperations } from "./deployment.ts";
import { type DocumentReading, readingAtOnce } from "./document-reading.ts";
import { documentationPartOperations } from "./documentation-part.ts";
import { documentationVersionOperations } from "./documentation-version.ts";
import { domainNameOperations } from "./domain-name.ts";
import { accessAssociationOperations } from "./domain-name-access-association.ts";
import { exportOperations } from "./export.ts";
import { gatewayResponseOperations } from "./gateway-response.ts";
import { importRestApiOperations } from "./import-rest-api.ts";
import { integrationOperations } from "./integration.ts";
import { integrationResponseOperations } from "./integration-response.ts";
import { methodOperations } from "./method.ts";
import { methodResponseOperations } from "./method-response.ts";
import { modelOperations } from "./model.ts";
import { putRestApiOperations } from "./put-rest-api.ts";
import { withRates } from "./request-rates.ts";
import { requestValidatorOperations } from "./request-validator.ts";
import { resourceOperations } from "./resource.ts";
import { restApiOperations } from "./rest-api.ts";
import { sdkOperations } from "./sdk.ts";
import { sdkTypeOperations } from "./sdk-type.ts";
import { stageOperations } from "./stage.ts";
import { tagOperations } from "./tags.ts";
import { testInvokeAuthorizerOperations } from "./test-invoke-authorizer.ts";
import { testInvokeMethodOperations } from "./test-invoke-method.ts";
import { usageOperations } from "./usage.ts";
import { usagePlanOperations } from "./usage-plan.ts";
import { usagePlanKeyOperations } from "./usage-plan-key.ts";
import { vpcLinkOperations } from "./vpc-link.ts";

export { checkOpenApi };
export { apiGatewayArn, apiGatewayPermissions, isRole, isUnknownOf, passRole, pathOf, readExisting } from "./access.ts";
export { handedOver } from "./access-documents.ts";
export { keysFrom, member, type RequestKeySources } from "./access-keys.ts";
export { type DefinitionTask, type DocumentationTask, type DocumentReading, readDefinition, readDocumentation, readingAtOnce } from "./document-reading.ts";
export { warningsOf } from "./import-problems.ts";
export { refused } from "./import-rest-api.ts";
export { attempt, noteRefusal } from "./importing.ts";
// What both of API Gateway's control planes hold to.
export { checkCredentials, checkEndpoint, checkRoleOrCaller, checkUri } from "./integration-uri.ts";
export { checkTemplates } from "./mapping-templates.ts";
export { flatten, parseSchema, referencedModels, schemaChecker, unknownModels } from "./model-schema.ts";
export { sampleTemplate } from "./model-template.ts";
export { publishKeys } from "./publish-keys.ts";
export { hashOf } from "./snapshot.ts";
export { checkAccessLog, checkVariables } from "./stage-rules.ts";
export { addTags, dropTags, findTagged, type FindTagged, tagged } from "./tagging.ts";
export { checkedTags } from "./tag-rules.ts";
export { releaseStages } from "./usage-plan-stages.ts";
export { assertTakesMappings, checkApi as checkMappedApi, MIXED_PROTOCOLS } from "./base-path-mapping.ts";

export interface ApiGatewayParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly publication: Publication;
  /** Asked where they have their keys when an authorizer is told to trust them. */
  readonly issuers: IssuerDiscovery;
  /** Where OpenAPI documents are read; at once, where they come, when absent. */
  readonly documents?: DocumentReading;
  readonly testInvocations: TestInvocations;
  /** Where VPC links lead to; none of them anywhere when absent. */
  readonly privateAddresses?: PrivateAddresses;
  /** Names by which this program itself is called: no custom domain name takes requests for them away from it. */
  readonly ownHosts?: readonly string[];
  /** Quotas that differ from AWS's defaults. */
  readonly limits?: Partial<RestApiLimits>;
  /** What an account may use; AWS's default when absent. */
  readonly throttle?: AccountThrottle;
  /** Whether requests are refused that come more often than AWS takes them. */
  readonly limitsRates?: boolean;
}

/** The operations, each of which decides for itself what it means. */
export function createApiGateway({ limitsRates = false, ...parts }: ApiGatewayParts): ReturnType<typeof operationsOf> {
  const operations = operationsOf(parts);
  return limitsRates ? withRates(operations, parts.clock) : operations;
}

function operationsOf({ limits, throttle = AWS_ACCOUNT_THROTTLE, privateAddresses = new Map(), ownHosts = [], testInvocations, ...parts }: Omit<ApiGatewayParts, "limitsRates">) {
  const { documents = readingAtOnce(parts.ids) } = parts;
  const context = { ...parts, documents, throttle, privateAddresses, ownHosts, limits: { ...AWS_LIMITS, ...limits } };
  const restApi = restApiOperations(context);
  const importRestApi = importRestApiOperations(context);
  const putRestApi = putRestApiOperations(context);
  const resource = resourceOperations(context);
  const method = methodOperations(context);
  const methodResponse = methodResponseOperations(context);
  const integration = integrationOperations(context);
  const integrationResponse = integrationResponseOperations(context);
  const model = modelOperations(context);
  const requestValidator = requestValidatorOperations(context);
  const authorizer = authorizerOperations(context);
  const gatewayResponse = gatewayResponseOperations(context);
  const deployment = deploymentOperations(context);
  const stage = stageOperations(context);
  const documentationPart = documentationPartOperations(context);
  const documentationVersion = documentationVersionOperations(context);
  const exports = exportOperations(context);
  const apiKey = apiKeyOperations(context);
  const apiKeyImport = apiKeyImportOperations(context);
  const usagePlan = usagePlanOperations(context);
  const usagePlanKey = usagePlanKeyOperations(context);
  const usage = usageOperations(context);
  const domainName = domainNameOperations(context);
  const basePathMapping = basePathMappingOperations(context);
  const accessAssociation = accessAssociationOperations(context);
  const tags = tagOperations(context);
  const account = accountOperations(context);
  const clientCertificate = clientCertificateOperations(context);
  const vpcLink = vpcLinkOperations(context);
  const sdkType = sdkTypeOperations();
  const sdk = sdkOperations(context);
  const testInvokeAuthorizer = testInvokeAuthorizerOperations(context, testInvocations);
  const testInvokeMethod = testInvokeMethodOperations(context, testInvocations);

  return {
    CreateRestApi: restApi.create,
    GetRestApi: restApi.read,
    GetRestApis: restApi.list,
    UpdateRestApi: restApi.patch,
    DeleteRestApi: restApi.remove,
    ImportRestApi: importRestApi.import,
    PutRestApi: putRestApi.put,

    CreateResource: resource.create,
    GetResource: resource.read,
    GetResources: resource.list,
    UpdateResource: resource.patch,
    DeleteResource: resource.remove,

    PutMethod: method.put,
    GetMethod: method.read,
    UpdateMethod: method.patch,
    DeleteMethod: method.remove,
    TestInvokeMethod: testInvokeMethod.test,

    PutMethodResponse: methodResponse.put,
    GetMethodResponse: methodResponse.read,
    UpdateMethodResponse: methodResponse.patch,
    DeleteMethodResponse: methodResponse.remove,

    PutIntegration: integration.put,
    GetIntegration: integration.read,
    UpdateIntegration: integration.patch,
    DeleteIntegration: integration.remove,

    PutIntegrationResponse: integrationResponse.put,
    GetIntegrationResponse: integrationResponse.read,
    UpdateIntegrationResponse: integrationResponse.patch,
    DeleteIntegrationResponse: integrationResponse.remove,

    CreateModel: model.create,
    GetModel: model.read,
    GetModels: model.list,
    GetModelTemplate: model.template,
    UpdateModel: model.patch,
    DeleteModel: model.remove,

    CreateRequestValidator: requestValidator.create,
    GetRequestValidator: requestValidator.read,
    GetRequestValidators: requestValidator.list,
    UpdateRequestValidator: requestValidator.patch,
    DeleteRequestValidator: requestValidator.remove,

    CreateAuthorizer: authorizer.create,
    GetAuthorizer: authorizer.read,
    GetAuthorizers: authorizer.list,
    UpdateAuthorizer: authorizer.patch,
    DeleteAuthorizer: authorizer.remove,
    TestInvokeAuthorizer: testInvokeAuthorizer.test,

    PutGatewayResponse: gatewayResponse.put,
    GetGatewayResponse: gatewayResponse.read,
    GetGatewayResponses: gatewayResponse.list,
    UpdateGatewayResponse: gatewayResponse.patch,
    DeleteGatewayResponse: gatewayResponse.remove,

    CreateDeployment: deployment.create,
    GetDeployment: deployment.read,
    GetDeployments: deployment.list,
    UpdateDeployment: deployment.patch,
    DeleteDeployment: deployment.remove,

    CreateStage: stage.create,
    GetStage: stage.read,
    GetStages: stage.list,
    UpdateStage: stage.patch,
    DeleteStage: stage.remove,
    FlushStageCache: stage.flushCache,
    FlushStageAuthorizersCache: stage.flushAuthorizers,

    GenerateClientCertificate: clientCertificate.generate,
    GetClientCertificate: clientCertificate.read,
    GetClientCertificates: clientCertificate.list,
    UpdateClientCertificate: clientCertificate.patch,
    DeleteClientCertificate: clientCertificate.remove,

    CreateDocumentationPart: documentationPart.create,
    GetDocumentationPart: documentationPart.read,
    GetDocumentationParts: documentationPart.list,
    ImportDocumentationParts: documentationPart.import,
    UpdateDocumentationPart: documentationPart.patch,
    DeleteDocumentationPart: documentationPart.remove,

    CreateDocumentationVersion: documentationVersion.create,
    GetDocumentationVersion: documentationVersion.read,
    GetDocumentationVersions: documentationVersion.list,
    UpdateDocumentationVersion: documentationVersion.patch,
    DeleteDocumentationVersion: documentationVersion.remove,

    CreateApiKey: apiKey.create,
    GetApiKey: apiKey.read,
    GetApiKeys: apiKey.list,
    UpdateApiKey: apiKey.patch,
    DeleteApiKey: apiKey.remove,
    ImportApiKeys: apiKeyImport.import,

    CreateUsagePlan: usagePlan.create,
    GetUsagePlan: usagePlan.read,
    GetUsagePlans: usagePlan.list,
    UpdateUsagePlan: usagePlan.patch,
    DeleteUsagePlan: usagePlan.remove,

    CreateUsagePlanKey: usagePlanKey.create,
    GetUsagePlanKey: usagePlanKey.read,
    GetUsagePlanKeys: usagePlanKey.list,
    DeleteUsagePlanKey: usagePlanKey.remove,

    GetUsage: usage.read,
    UpdateUsage: usage.patch,

    GetSdkTypes: sdkType.list,
    GetSdkType: sdkType.read,
    GetSdk: sdk.read,

    CreateVpcLink: vpcLink.create,
    GetVpcLink: vpcLink.read,
    GetVpcLinks: vpcLink.list,
    UpdateVpcLink: vpcLink.patch,
    DeleteVpcLink: vpcLink.remove,

    CreateDomainName: domainName.create,
    GetDomainName: domainName.read,
    GetDomainNames: domainName.list,
    UpdateDomainName: domainName.patch,
    DeleteDomainName: domainName.remove,

    CreateBasePathMapping: basePathMapping.create,
    GetBasePathMapping: basePathMapping.read,
    GetBasePathMappings: basePathMapping.list,
    UpdateBasePathMapping: basePathMapping.patch,
    DeleteBasePathMapping: basePathMapping.remove,

    CreateDomainNameAccessAssociation: accessAssociation.create,
    GetDomainNameAccessAssociations: accessAssociation.list,
    DeleteDomainNameAccessAssociation: accessAssociation.remove,
    RejectDomainNameAccessAssociation: accessAssociation.reject,

    GetExport: exports.read,

    TagResource: tags.tag,
    UntagResource: tags.untag,
    GetTags: tags.read,

    GetAccount: account.read,
    UpdateAccount: account.patch,
  } satisfies Partial<Handlers<ApiGatewayOperations, Call>>;
}
