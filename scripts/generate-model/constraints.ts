// What AWS has documented and the newest SDK client does not know yet, and what AWS's service models say that the SDK's schemas leave out: the kind of each number that is not a 32-bit integer,
// and the lengths, ranges and patterns of what requests carry. A place is `Structure.member`, with `[]` for the elements of a list,
// `{}` for the values of a map and `{key}` for its keys.

import type { Member, Shape } from "../../src/model/table.ts";

/** A length (strings in characters, blobs in bytes, lists and maps in elements) or a range, and a pattern. */
export interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

/** Shapes, members and words of enumerations that are not in the SDK's schemas yet. To be taken out when they are. */
export interface Additions {
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly members: Readonly<Record<string, Readonly<Record<string, Member>>>>;
  readonly words: Readonly<Record<string, readonly string[]>>;
}

export interface ServiceConstraints {
  readonly additions?: Additions;
  readonly numbers: Readonly<Partial<Record<"long" | "float" | "double", readonly string[]>>>;
  /** Maps that may hold null, which the models do not say. */
  readonly sparse?: readonly string[];
  readonly constraints: readonly { readonly is: Constraint; readonly of: readonly string[] }[];
}

const inBody = (wireName: string, shape: string): Member => ({ shape, wireName, in: "body" });
const required = (wireName: string, shape: string): Member => ({ ...inBody(wireName, shape), required: true });

/**
 * JWT authorizers of REST APIs (developer guide: rest-api-jwt-authorizer-create and -update; the model of botocore 1.44.5,
 * which has the configurations that are given and shown as two shapes, has each as one here).
 */
const jwtAuthorizers: Additions = {
  shapes: {
    JwtAdditionalClaim: {
      type: "structure",
      members: {
        claimName: required("claimName", "string"),
        format: required("format", "JwtClaimFormat"),
        expectedValues: inBody("expectedValues", "List<string>"),
        required: inBody("required", "boolean"),
      },
    },
    JwtClaimFormat: { type: "string", enum: ["SINGLE_STRING"] },
    JwtConfiguration: {
      type: "structure",
      members: { issuers: required("issuers", "List<JwtIssuer>"), defaultAlgorithms: required("defaultAlgorithms", "List<JwtSigningAlgorithm>") },
    },
    JwtIssuer: {
      type: "structure",
      members: {
        issuer: required("issuer", "string"),
        audiences: required("audiences", "List<string>"),
        additionalClaims: inBody("additionalClaims", "List<JwtAdditionalClaim>"),
        jwksUri: inBody("jwksUri", "string"),
      },
    },
    JwtSigningAlgorithm: { type: "string", enum: ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512"] },
    "List<JwtAdditionalClaim>": { type: "list", element: "JwtAdditionalClaim" },
    "List<JwtIssuer>": { type: "list", element: "JwtIssuer" },
    "List<JwtSigningAlgorithm>": { type: "list", element: "JwtSigningAlgorithm" },
  },
  members: {
    Authorizer: { jwtConfiguration: inBody("jwtConfiguration", "JwtConfiguration") },
    CreateAuthorizerRequest: { jwtConfiguration: inBody("jwtConfiguration", "JwtConfiguration") },
  },
  words: { AuthorizerType: ["JWT"] },
};

export const apigateway: ServiceConstraints = {
  additions: jwtAuthorizers,
  // A template of null passes the backend's body through.
  sparse: ["IntegrationResponse.responseTemplates", "PutIntegrationResponseRequest.responseTemplates"],
  numbers: {
    long: [
      "TestInvokeAuthorizerResponse.latency", "TestInvokeMethodResponse.latency", "Usage.items{}[][]",
    ],
    double: [
      "CanarySettings.percentTraffic", "DeploymentCanarySettings.percentTraffic", "MethodSetting.throttlingRateLimit",
      "ThrottleSettings.rateLimit",
    ],
  },
  constraints: [
    {
      is: { pattern: "[1-5]\\d\\d" },
      of: [
        "DeleteIntegrationResponseRequest.statusCode", "DeleteMethodResponseRequest.statusCode",
        "GetIntegrationResponseRequest.statusCode", "GetMethodResponseRequest.statusCode",
        "PutGatewayResponseRequest.statusCode", "PutIntegrationResponseRequest.statusCode",
        "PutMethodResponseRequest.statusCode", "UpdateIntegrationResponseRequest.statusCode",
        "UpdateMethodResponseRequest.statusCode",
      ],
    },
    {
      is: { pattern: "^([1-5]\\d\\d|\\*|\\s*)$" },
      of: [
        "DocumentationPartLocation.statusCode",
      ],
    },
  ],
};

export const apigatewayv2: ServiceConstraints = {
  numbers: {
    double: [
      "RouteSettings.ThrottlingRateLimit",
    ],
  },
  constraints: [
    {
      is: { min: 10, max: 2048 },
      of: [
        "ACMManaged.CertificateArn",
      ],
    },
    {
      is: { min: 3, max: 256 },
      of: [
        "ACMManaged.DomainName",
      ],
    },
    {
      is: { min: 1, max: 256 },
      of: [
        "CognitoConfig.AppClientId",
      ],
    },
    {
      is: { min: 20, max: 2048 },
      of: [
        "CognitoConfig.UserPoolArn", "CognitoConfig.UserPoolDomain",
        "CreatePortalRequest.IncludedPortalProductArns[]", "DisplayOrder.OverviewPageArn",
        "DisplayOrder.ProductPageArns[]", "Section.ProductRestEndpointPageArns[]",
        "UpdatePortalRequest.IncludedPortalProductArns[]",
      ],
    },
    {
      is: { min: -1, max: 86400 },
      of: [
        "Cors.MaxAge",
      ],
    },
    {
      is: { min: 0, max: 3600 },
      of: [
        "CreateAuthorizerRequest.AuthorizerResultTtlInSeconds",
        "UpdateAuthorizerRequest.AuthorizerResultTtlInSeconds",
      ],
    },
    {
      is: { min: 50, max: 30000 },
      of: [
        "CreateIntegrationRequest.TimeoutInMillis", "UpdateIntegrationRequest.TimeoutInMillis",
      ],
    },
    {
      is: { min: 0, max: 1024 },
      of: [
        "CreatePortalProductRequest.Description", "PortalContent.Description", "PublishPortalRequest.Description",
        "UpdatePortalProductRequest.Description",
      ],
    },
    {
      is: { min: 1, max: 255 },
      of: [
        "CreatePortalProductRequest.DisplayName", "DisplayContent.Title", "DisplayContentOverrides.OperationName",
        "UpdatePortalProductRequest.DisplayName",
      ],
    },
    {
      is: { min: 0, max: 1092 },
      of: [
        "CreatePortalRequest.LogoUri", "UpdatePortalRequest.LogoUri",
      ],
    },
    {
      is: { min: 0, max: 255 },
      of: [
        "CreatePortalRequest.RumAppMonitorName", "UpdatePortalRequest.RumAppMonitorName",
      ],
    },
    {
      is: { min: 1, max: 1000000 },
      of: [
        "CreateRoutingRuleRequest.Priority", "PutRoutingRuleRequest.Priority",
      ],
    },
    {
      is: { min: 1, max: 16 },
      of: [
        "CustomColors.AccentColor", "CustomColors.BackgroundColor", "CustomColors.ErrorValidationColor",
        "CustomColors.HeaderColor", "CustomColors.NavigationColor", "CustomColors.TextColor",
      ],
    },
    {
      is: { min: 1, max: 32768 },
      of: [
        "DisplayContent.Body", "DisplayContentOverrides.Body",
      ],
    },
    {
      is: { min: 1, max: 1024 },
      of: [
        "DisplayContentOverrides.Endpoint",
      ],
    },
    {
      is: { min: 1, max: 100 },
      of: [
        "ListRoutingRulesRequest.MaxResults",
      ],
    },
    {
      is: { min: 1, max: 20 },
      of: [
        "IdentifierParts.Method",
      ],
    },
    {
      is: { min: 1, max: 4096 },
      of: [
        "IdentifierParts.Path",
      ],
    },
    {
      is: { min: 1, max: 50 },
      of: [
        "IdentifierParts.RestApiId",
      ],
    },
    {
      is: { min: 1, max: 128 },
      of: [
        "IdentifierParts.Stage",
      ],
    },
    {
      is: { min: 3, max: 255 },
      of: [
        "PortalContent.DisplayName",
      ],
    },
    {
      is: { min: 1, max: 307200 },
      of: [
        "PutPortalProductSharingPolicyRequest.PolicyDocument",
      ],
    },
  ],
};

export const apigatewaymanagementapi: ServiceConstraints = {
  numbers: {
  },
  constraints: [
    {
      is: { max: 131072 },
      of: [
        "PostToConnectionRequest.Data",
      ],
    },
  ],
};

export const lambda: ServiceConstraints = {
  numbers: {
    long: [
      "AccountLimit.TotalCodeSize", "AccountLimit.CodeSizeUnzipped", "AccountLimit.CodeSizeZipped",
      "AccountUsage.TotalCodeSize", "AccountUsage.FunctionCount", "AddLayerVersionPermissionRequest.VersionNumber",
      "DeleteLayerVersionRequest.VersionNumber", "FunctionConfiguration.CodeSize",
      "GetLayerVersionPolicyRequest.VersionNumber", "GetLayerVersionRequest.VersionNumber",
      "GetLayerVersionResponse.Version", "Layer.CodeSize", "LayerVersionContentOutput.CodeSize",
      "LayerVersionsListItem.Version", "PublishLayerVersionResponse.Version",
      "RemoveLayerVersionPermissionRequest.VersionNumber",
    ],
    double: [
      "AliasRoutingConfiguration.AdditionalVersionWeights{}",
      "LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu",
      "TargetTrackingScalingPolicy.TargetValue",
    ],
  },
  constraints: [
    {
      is: { min: 1, max: 140, pattern: "(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+" },
      of: [
        "AddLayerVersionPermissionRequest.LayerName", "DeleteLayerVersionRequest.LayerName",
        "GetLayerVersionPolicyRequest.LayerName", "GetLayerVersionRequest.LayerName",
        "ListLayerVersionsRequest.LayerName", "PublishLayerVersionRequest.LayerName",
        "RemoveLayerVersionPermissionRequest.LayerName",
      ],
    },
    {
      is: { min: 1, max: 100, pattern: "([a-zA-Z0-9-_]+)" },
      of: [
        "AddLayerVersionPermissionRequest.StatementId", "AddPermissionRequest.StatementId",
        "RemoveLayerVersionPermissionRequest.StatementId",
      ],
    },
    {
      is: { min: 0, max: 22, pattern: "lambda:GetLayerVersion" },
      of: [
        "AddLayerVersionPermissionRequest.Action",
      ],
    },
    {
      is: { pattern: "\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root" },
      of: [
        "AddLayerVersionPermissionRequest.Principal",
      ],
    },
    {
      is: { min: 0, max: 34, pattern: "o-[a-z0-9]{10,32}" },
      of: [
        "AddLayerVersionPermissionRequest.OrganizationId",
      ],
    },
    {
      is: { min: 1, max: 256, pattern: "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?" },
      of: [
        "AddPermissionRequest.FunctionName", "ChainedInvokeOptions.FunctionName",
        "CreateEventSourceMappingRequest.FunctionName", "DeleteFunctionCodeSigningConfigRequest.FunctionName",
        "DeleteFunctionEventInvokeConfigRequest.FunctionName", "DeleteFunctionRequest.FunctionName",
        "GetFunctionCodeSigningConfigRequest.FunctionName", "GetFunctionConfigurationRequest.FunctionName",
        "GetFunctionEventInvokeConfigRequest.FunctionName", "GetFunctionRequest.FunctionName",
        "GetPolicyRequest.FunctionName", "GetRuntimeManagementConfigRequest.FunctionName",
        "InvocationRequest.FunctionName", "InvokeAsyncRequest.FunctionName",
        "InvokeWithResponseStreamRequest.FunctionName", "ListDurableExecutionsByFunctionRequest.FunctionName",
        "ListEventSourceMappingsRequest.FunctionName", "ListFunctionEventInvokeConfigsRequest.FunctionName",
        "ListVersionsByFunctionRequest.FunctionName", "PutFunctionCodeSigningConfigRequest.FunctionName",
        "PutFunctionEventInvokeConfigRequest.FunctionName", "PutRuntimeManagementConfigRequest.FunctionName",
        "RemovePermissionRequest.FunctionName", "UpdateEventSourceMappingRequest.FunctionName",
        "UpdateFunctionEventInvokeConfigRequest.FunctionName",
      ],
    },
    {
      is: { pattern: "(lambda:[*]|lambda:[a-zA-Z]+|[*])" },
      of: [
        "AddPermissionRequest.Action",
      ],
    },
    {
      is: { pattern: "[^\\s]+" },
      of: [
        "AddPermissionRequest.Principal",
      ],
    },
    {
      is: { pattern: "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)" },
      of: [
        "AddPermissionRequest.SourceArn", "AllowedPublishers.SigningProfileVersionArns[]",
        "CreateEventSourceMappingRequest.EventSourceArn", "KafkaSchemaRegistryAccessConfig.URI",
        "ListEventSourceMappingsRequest.EventSourceArn",
      ],
    },
    {
      is: { min: 0, max: 12, pattern: "\\d{12}" },
      of: [
        "AddPermissionRequest.SourceAccount",
      ],
    },
    {
      is: { min: 0, max: 256, pattern: "[a-zA-Z0-9._\\-]+" },
      of: [
        "AddPermissionRequest.EventSourceToken",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+" },
      of: [
        "AddPermissionRequest.Qualifier", "DeleteFunctionEventInvokeConfigRequest.Qualifier",
        "DeleteFunctionRequest.Qualifier", "GetFunctionConfigurationRequest.Qualifier",
        "GetFunctionEventInvokeConfigRequest.Qualifier", "GetFunctionRequest.Qualifier", "GetPolicyRequest.Qualifier",
        "GetRuntimeManagementConfigRequest.Qualifier", "InvocationRequest.Qualifier",
        "InvokeWithResponseStreamRequest.Qualifier", "ListDurableExecutionsByFunctionRequest.Qualifier",
        "PutFunctionEventInvokeConfigRequest.Qualifier", "PutRuntimeManagementConfigRequest.Qualifier",
        "RemovePermissionRequest.Qualifier", "UpdateFunctionEventInvokeConfigRequest.Qualifier",
      ],
    },
    {
      is: { min: 12, max: 34, pattern: "o-[a-z0-9]{10,32}" },
      of: [
        "AddPermissionRequest.PrincipalOrgID",
      ],
    },
    {
      is: { min: 1, max: 1024, pattern: "[0-9]+" },
      of: [
        "AliasRoutingConfiguration.AdditionalVersionWeights{key}",
      ],
    },
    {
      is: { min: 0.0, max: 1.0 },
      of: [
        "AliasRoutingConfiguration.AdditionalVersionWeights{}",
      ],
    },
    {
      is: { min: 1, max: 20 },
      of: [
        "AllowedPublishers.SigningProfileVersionArns",
      ],
    },
    {
      is: { min: 1, max: 200, pattern: "[a-zA-Z0-9-\\/*:_+=.@-]*" },
      of: [
        "AmazonManagedKafkaEventSourceConfig.ConsumerGroupId", "SelfManagedKafkaEventSourceConfig.ConsumerGroupId",
        "SourceAccessConfiguration.URI",
      ],
    },
    {
      is: { min: 0 },
      of: [
        "CallbackOptions.TimeoutSeconds", "CallbackOptions.HeartbeatTimeoutSeconds",
        "PutFunctionConcurrencyRequest.ReservedConcurrentExecutions",
      ],
    },
    {
      is: { pattern: "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+" },
      of: [
        "CapacityProviderPermissionsConfig.CapacityProviderOperatorRoleArn", "CreateFunctionRequest.Role",
        "UpdateFunctionConfigurationRequest.Role",
      ],
    },
    {
      is: { min: 2, max: 15000 },
      of: [
        "CapacityProviderScalingConfig.MaxVCpuCount",
      ],
    },
    {
      is: { min: 1, max: 10 },
      of: [
        "CapacityProviderScalingConfig.ScalingPolicies", "CreateEventSourceMappingRequest.ParallelizationFactor",
        "ListDurableExecutionsByFunctionRequest.Statuses", "SelfManagedEventSource.Endpoints{}",
        "UpdateEventSourceMappingRequest.ParallelizationFactor",
      ],
    },
    {
      is: { min: 1, max: 16 },
      of: [
        "CapacityProviderVpcConfig.SubnetIds",
      ],
    },
    {
      is: { min: 0, max: 5 },
      of: [
        "CapacityProviderVpcConfig.SecurityGroupIds", "VpcConfig.SecurityGroupIds",
      ],
    },
    {
      is: { min: 1, max: 256, pattern: "[a-zA-Z0-9\\._:\\/=+\\-@ ]+" },
      of: [
        "ChainedInvokeOptions.TenantId", "InvocationRequest.TenantId", "InvokeWithResponseStreamRequest.TenantId",
      ],
    },
    {
      is: { min: 1, max: 1024, pattern: "arn:([a-zA-Z0-9-]+):lambda:([a-zA-Z0-9-]+):(\\d{12}):function:([a-zA-Z0-9_-]+):(\\$LATEST(?:\\.PUBLISHED)?|[0-9]+)/durable-execution/([a-zA-Z0-9_-]+)/([a-zA-Z0-9_-]+)" },
      of: [
        "CheckpointDurableExecutionRequest.DurableExecutionArn",
        "GetDurableExecutionHistoryRequest.DurableExecutionArn", "GetDurableExecutionRequest.DurableExecutionArn",
        "GetDurableExecutionStateRequest.DurableExecutionArn", "StopDurableExecutionRequest.DurableExecutionArn",
      ],
    },
    {
      is: { min: 1, max: 2048, pattern: "[A-Za-z0-9+/]+={0,2}" },
      of: [
        "CheckpointDurableExecutionRequest.CheckpointToken", "GetDurableExecutionStateRequest.CheckpointToken",
      ],
    },
    {
      is: { min: 1, max: 64, pattern: "[\\x21-\\x7E]+" },
      of: [
        "CheckpointDurableExecutionRequest.ClientToken",
      ],
    },
    {
      is: { min: 0, max: 100 },
      of: [
        "Cors.AllowHeaders", "Cors.AllowOrigins", "Cors.ExposeHeaders",
      ],
    },
    {
      is: { min: 0, max: 1024, pattern: ".*" },
      of: [
        "Cors.AllowHeaders[]", "Cors.ExposeHeaders[]",
      ],
    },
    {
      is: { min: 0, max: 6 },
      of: [
        "Cors.AllowMethods",
      ],
    },
    {
      is: { min: 0, max: 6, pattern: ".*" },
      of: [
        "Cors.AllowMethods[]",
      ],
    },
    {
      is: { min: 1, max: 253, pattern: ".*" },
      of: [
        "Cors.AllowOrigins[]",
      ],
    },
    {
      is: { min: 0, max: 86400 },
      of: [
        "Cors.MaxAge",
      ],
    },
    {
      is: { min: 1, max: 140, pattern: "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?" },
      of: [
        "CreateAliasRequest.FunctionName", "CreateFunctionRequest.FunctionName",
        "CreateFunctionUrlConfigRequest.FunctionName", "DeleteAliasRequest.FunctionName",
        "DeleteFunctionConcurrencyRequest.FunctionName", "DeleteFunctionUrlConfigRequest.FunctionName",
        "DeleteProvisionedConcurrencyConfigRequest.FunctionName", "GetAliasRequest.FunctionName",
        "GetFunctionConcurrencyRequest.FunctionName", "GetFunctionUrlConfigRequest.FunctionName",
        "GetProvisionedConcurrencyConfigRequest.FunctionName", "ListAliasesRequest.FunctionName",
        "ListFunctionUrlConfigsRequest.FunctionName", "ListProvisionedConcurrencyConfigsRequest.FunctionName",
        "PublishVersionRequest.FunctionName", "PutFunctionConcurrencyRequest.FunctionName",
        "PutProvisionedConcurrencyConfigRequest.FunctionName", "UpdateAliasRequest.FunctionName",
        "UpdateFunctionCodeRequest.FunctionName", "UpdateFunctionConfigurationRequest.FunctionName",
        "UpdateFunctionUrlConfigRequest.FunctionName",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "(?!^[0-9]+$)([a-zA-Z0-9-_]+)" },
      of: [
        "CreateAliasRequest.Name", "DeleteAliasRequest.Name", "GetAliasRequest.Name", "UpdateAliasRequest.Name",
      ],
    },
    {
      is: { min: 1, max: 1024, pattern: "(\\$LATEST(\\.PUBLISHED)?|[0-9]+)" },
      of: [
        "CreateAliasRequest.FunctionVersion", "ListAliasesRequest.FunctionVersion",
        "UpdateAliasRequest.FunctionVersion",
      ],
    },
    {
      is: { min: 0, max: 256 },
      of: [
        "CreateAliasRequest.Description", "CreateCodeSigningConfigRequest.Description",
        "CreateFunctionRequest.Description", "PublishLayerVersionRequest.Description",
        "PublishVersionRequest.Description", "UpdateAliasRequest.Description",
        "UpdateCodeSigningConfigRequest.Description", "UpdateFunctionConfigurationRequest.Description",
      ],
    },
    {
      is: { min: 1, max: 140, pattern: "(arn:aws[a-zA-Z-]*:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:capacity-provider:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+" },
      of: [
        "CreateCapacityProviderRequest.CapacityProviderName", "DeleteCapacityProviderRequest.CapacityProviderName",
        "GetCapacityProviderRequest.CapacityProviderName",
        "ListFunctionVersionsByCapacityProviderRequest.CapacityProviderName",
        "UpdateCapacityProviderRequest.CapacityProviderName",
      ],
    },
    {
      is: { min: 0, max: 10000, pattern: "arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*" },
      of: [
        "CreateCapacityProviderRequest.KmsKeyArn",
      ],
    },
    {
      is: { min: 1, max: 10000 },
      of: [
        "CreateEventSourceMappingRequest.BatchSize", "ListAliasesRequest.MaxItems",
        "ListCodeSigningConfigsRequest.MaxItems", "ListEventSourceMappingsRequest.MaxItems",
        "ListFunctionsByCodeSigningConfigRequest.MaxItems", "ListFunctionsRequest.MaxItems",
        "ListVersionsByFunctionRequest.MaxItems", "UpdateEventSourceMappingRequest.BatchSize",
      ],
    },
    {
      is: { min: 0, max: 300 },
      of: [
        "CreateEventSourceMappingRequest.MaximumBatchingWindowInSeconds",
        "UpdateEventSourceMappingRequest.MaximumBatchingWindowInSeconds",
      ],
    },
    {
      is: { min: -1, max: 604800 },
      of: [
        "CreateEventSourceMappingRequest.MaximumRecordAgeInSeconds",
        "UpdateEventSourceMappingRequest.MaximumRecordAgeInSeconds",
      ],
    },
    {
      is: { min: -1, max: 10000 },
      of: [
        "CreateEventSourceMappingRequest.MaximumRetryAttempts",
        "UpdateEventSourceMappingRequest.MaximumRetryAttempts",
      ],
    },
    {
      is: { min: 0, max: 900 },
      of: [
        "CreateEventSourceMappingRequest.TumblingWindowInSeconds",
        "UpdateEventSourceMappingRequest.TumblingWindowInSeconds",
      ],
    },
    {
      is: { min: 1, max: 1 },
      of: [
        "CreateEventSourceMappingRequest.Topics", "CreateEventSourceMappingRequest.Queues",
        "CreateFunctionRequest.Architectures", "InstanceRequirements.Architectures",
        "UpdateFunctionCodeRequest.Architectures",
      ],
    },
    {
      is: { min: 1, max: 249, pattern: "[^.]([a-zA-Z0-9\\-_.]+)" },
      of: [
        "CreateEventSourceMappingRequest.Topics[]",
      ],
    },
    {
      is: { min: 1, max: 1000, pattern: "[\\s\\S]*" },
      of: [
        "CreateEventSourceMappingRequest.Queues[]",
      ],
    },
    {
      is: { min: 0, max: 22 },
      of: [
        "CreateEventSourceMappingRequest.SourceAccessConfigurations",
        "UpdateEventSourceMappingRequest.SourceAccessConfigurations",
      ],
    },
    {
      is: { min: 0, max: 1 },
      of: [
        "CreateEventSourceMappingRequest.FunctionResponseTypes", "CreateFunctionRequest.FileSystemConfigs",
        "UpdateEventSourceMappingRequest.FunctionResponseTypes",
        "UpdateFunctionConfigurationRequest.FileSystemConfigs",
      ],
    },
    {
      is: { pattern: "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()" },
      of: [
        "CreateEventSourceMappingRequest.KMSKeyArn", "CreateFunctionRequest.KMSKeyArn", "DeadLetterConfig.TargetArn",
        "FunctionCode.SourceKMSKeyArn", "UpdateEventSourceMappingRequest.KMSKeyArn",
        "UpdateFunctionCodeRequest.SourceKMSKeyArn", "UpdateFunctionConfigurationRequest.KMSKeyArn",
      ],
    },
    {
      is: { min: 0, max: 128, pattern: "[^\\s]+" },
      of: [
        "CreateFunctionRequest.Handler", "UpdateFunctionConfigurationRequest.Handler",
      ],
    },
    {
      is: { min: 1 },
      of: [
        "CreateFunctionRequest.Timeout", "PutProvisionedConcurrencyConfigRequest.ProvisionedConcurrentExecutions",
        "UpdateFunctionConfigurationRequest.Timeout",
      ],
    },
    {
      is: { min: 128, max: 32768 },
      of: [
        "CreateFunctionRequest.MemorySize", "UpdateFunctionConfigurationRequest.MemorySize",
      ],
    },
    {
      is: { min: 1, max: 140, pattern: "arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+" },
      of: [
        "CreateFunctionRequest.Layers[]", "GetLayerVersionByArnRequest.Arn",
        "UpdateFunctionConfigurationRequest.Layers[]",
      ],
    },
    {
      is: { min: 0, max: 200, pattern: "arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:\\d{12}:code-signing-config:csc-[a-z0-9]{17}" },
      of: [
        "CreateFunctionRequest.CodeSigningConfigArn", "DeleteCodeSigningConfigRequest.CodeSigningConfigArn",
        "GetCodeSigningConfigRequest.CodeSigningConfigArn",
        "ListFunctionsByCodeSigningConfigRequest.CodeSigningConfigArn",
        "PutFunctionCodeSigningConfigRequest.CodeSigningConfigArn",
        "UpdateCodeSigningConfigRequest.CodeSigningConfigArn",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "((?!^\\d+$)^[0-9a-zA-Z-_]+$)" },
      of: [
        "CreateFunctionUrlConfigRequest.Qualifier", "DeleteFunctionUrlConfigRequest.Qualifier",
        "GetFunctionUrlConfigRequest.Qualifier", "UpdateFunctionUrlConfigRequest.Qualifier",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "(|[a-zA-Z0-9$_-]+)" },
      of: [
        "DeleteProvisionedConcurrencyConfigRequest.Qualifier", "GetProvisionedConcurrencyConfigRequest.Qualifier",
        "PutProvisionedConcurrencyConfigRequest.Qualifier",
      ],
    },
    {
      is: { min: 1, max: 63, pattern: "[^ /\\.$\\x22]*" },
      of: [
        "DocumentDBEventSourceConfig.DatabaseName",
      ],
    },
    {
      is: { min: 1, max: 57, pattern: "(^(?!(system\\x2e)))(^[_a-zA-Z0-9])([^$]*)" },
      of: [
        "DocumentDBEventSourceConfig.CollectionName",
      ],
    },
    {
      is: { min: 1, max: 90 },
      of: [
        "DurableConfig.RetentionPeriodInDays",
      ],
    },
    {
      is: { min: 1, max: 31622400 },
      of: [
        "DurableConfig.ExecutionTimeout", "StepOptions.NextAttemptDelaySeconds", "WaitOptions.WaitSeconds",
      ],
    },
    {
      is: { pattern: "[a-zA-Z]([a-zA-Z0-9_])+" },
      of: [
        "Environment.Variables{key}",
      ],
    },
    {
      is: { min: 512, max: 10240 },
      of: [
        "EphemeralStorage.Size",
      ],
    },
    {
      is: { min: 0, max: 3 },
      of: [
        "EventSourceMappingMetricsConfig.Metrics",
      ],
    },
    {
      is: { min: 0, max: 256, pattern: "arn:aws[a-zA-Z-]*:elasticfilesystem:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:\\d{12}:access-point/fsap-[a-f0-9]{17}$|^arn:aws[-a-z]*:s3files:[0-9a-z-:]+:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}" },
      of: [
        "FileSystemConfig.Arn",
      ],
    },
    {
      is: { min: 0, max: 160, pattern: "/mnt/[a-zA-Z0-9-_.]+" },
      of: [
        "FileSystemConfig.LocalMountPath",
      ],
    },
    {
      is: { min: 0, max: 4096, pattern: ".*" },
      of: [
        "Filter.Pattern",
      ],
    },
    {
      is: { min: 3, max: 63, pattern: "[0-9A-Za-z\\.\\-_]*(?<!\\.)" },
      of: [
        "FunctionCode.S3Bucket", "LayerVersionContentInput.S3Bucket", "UpdateFunctionCodeRequest.S3Bucket",
      ],
    },
    {
      is: { min: 1, max: 1024 },
      of: [
        "FunctionCode.S3Key", "FunctionCode.S3ObjectVersion", "LayerVersionContentInput.S3Key",
        "LayerVersionContentInput.S3ObjectVersion", "UpdateFunctionCodeRequest.S3Key",
        "UpdateFunctionCodeRequest.S3ObjectVersion",
      ],
    },
    {
      is: { min: 0, max: 15000 },
      of: [
        "FunctionScalingConfig.MinExecutionEnvironments", "FunctionScalingConfig.MaxExecutionEnvironments",
      ],
    },
    {
      is: { min: 0, max: 1000 },
      of: [
        "GetDurableExecutionHistoryRequest.MaxItems", "GetDurableExecutionStateRequest.MaxItems",
        "ImageConfig.WorkingDirectory", "ListDurableExecutionsByFunctionRequest.MaxItems",
      ],
    },
    {
      is: { min: 1, max: 140, pattern: "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)" },
      of: [
        "GetFunctionRecursionConfigRequest.FunctionName", "GetFunctionScalingConfigRequest.FunctionName",
        "PutFunctionRecursionConfigRequest.FunctionName", "PutFunctionScalingConfigRequest.FunctionName",
      ],
    },
    {
      is: { min: 1, max: 128, pattern: "(\\$LATEST\\.PUBLISHED|[0-9]+)" },
      of: [
        "GetFunctionScalingConfigRequest.Qualifier", "PutFunctionScalingConfigRequest.Qualifier",
      ],
    },
    {
      is: { min: 0, max: 1500 },
      of: [
        "ImageConfig.EntryPoint", "ImageConfig.Command",
      ],
    },
    {
      is: { min: 0, max: 400 },
      of: [
        "InstanceRequirements.AllowedInstanceTypes", "InstanceRequirements.ExcludedInstanceTypes",
      ],
    },
    {
      is: { min: 1, max: 30, pattern: "[a-zA-Z0-9\\.\\-]+" },
      of: [
        "InstanceRequirements.AllowedInstanceTypes[]", "InstanceRequirements.ExcludedInstanceTypes[]",
      ],
    },
    {
      is: { min: 1, max: 64, pattern: "[a-zA-Z0-9-_]+" },
      of: [
        "InvocationRequest.DurableExecutionName", "ListDurableExecutionsByFunctionRequest.DurableExecutionName",
        "OperationUpdate.Id", "OperationUpdate.ParentId",
      ],
    },
    {
      is: { min: 1, max: 10000, pattern: "[a-zA-Z0-9-\\/*:_+=.@-]*" },
      of: [
        "KafkaSchemaRegistryConfig.SchemaRegistryURI",
      ],
    },
    {
      is: { min: 1, max: 140, pattern: "arn:aws[a-zA-Z-]*:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:capacity-provider:[a-zA-Z0-9-_]+" },
      of: [
        "LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn",
      ],
    },
    {
      is: { min: 1, max: 1600 },
      of: [
        "LambdaManagedInstancesCapacityProviderConfig.PerExecutionEnvironmentMaxConcurrency",
      ],
    },
    {
      is: { min: 2.0, max: 8.0 },
      of: [
        "LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu",
      ],
    },
    {
      is: { min: 1, max: 50 },
      of: [
        "ListCapacityProvidersRequest.MaxItems", "ListFunctionEventInvokeConfigsRequest.MaxItems",
        "ListFunctionUrlConfigsRequest.MaxItems", "ListFunctionVersionsByCapacityProviderRequest.MaxItems",
        "ListLayerVersionsRequest.MaxItems", "ListLayersRequest.MaxItems",
        "ListProvisionedConcurrencyConfigsRequest.MaxItems",
      ],
    },
    {
      is: { pattern: "ALL|[a-z]{2}(-gov)?-[a-z]+-\\d{1}" },
      of: [
        "ListFunctionsRequest.MasterRegion",
      ],
    },
    {
      is: { min: 1, max: 256, pattern: "arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)" },
      of: [
        "ListTagsRequest.Resource", "TagResourceRequest.Resource", "UntagResourceRequest.Resource",
      ],
    },
    {
      is: { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
      of: [
        "LoggingConfig.LogGroup",
      ],
    },
    {
      is: { min: 0, max: 350, pattern: "$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)" },
      of: [
        "OnFailure.Destination", "OnSuccess.Destination",
      ],
    },
    {
      is: { min: 1, max: 256, pattern: "[\\x20-\\x7E]+" },
      of: [
        "OperationUpdate.Name",
      ],
    },
    {
      is: { min: 1, max: 32, pattern: "[a-zA-Z0-9-_]+" },
      of: [
        "OperationUpdate.SubType",
      ],
    },
    {
      is: { min: 0, max: 6291456 },
      of: [
        "OperationUpdate.Payload",
      ],
    },
    {
      is: { min: 1, max: 200 },
      of: [
        "ProvisionedPollerConfig.MinimumPollers",
      ],
    },
    {
      is: { min: 1, max: 2000 },
      of: [
        "ProvisionedPollerConfig.MaximumPollers",
      ],
    },
    {
      is: { min: 0, max: 128, pattern: "[a-zA-Z0-9-_]*" },
      of: [
        "ProvisionedPollerConfig.PollerGroupName",
      ],
    },
    {
      is: { min: 0, max: 15 },
      of: [
        "PublishLayerVersionRequest.CompatibleRuntimes",
      ],
    },
    {
      is: { min: 0, max: 512 },
      of: [
        "PublishLayerVersionRequest.LicenseInfo",
      ],
    },
    {
      is: { min: 0, max: 2 },
      of: [
        "PublishLayerVersionRequest.CompatibleArchitectures",
        "PutFunctionEventInvokeConfigRequest.MaximumRetryAttempts",
        "UpdateFunctionEventInvokeConfigRequest.MaximumRetryAttempts",
      ],
    },
    {
      is: { min: 60, max: 21600 },
      of: [
        "PutFunctionEventInvokeConfigRequest.MaximumEventAgeInSeconds",
        "UpdateFunctionEventInvokeConfigRequest.MaximumEventAgeInSeconds",
      ],
    },
    {
      is: { min: 26, max: 2048, pattern: "arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}::runtime:.+" },
      of: [
        "PutRuntimeManagementConfigRequest.RuntimeVersionArn",
      ],
    },
    {
      is: { min: 1, max: 100, pattern: "([a-zA-Z0-9-_.]+)" },
      of: [
        "RemovePermissionRequest.StatementId",
      ],
    },
    {
      is: { min: 2, max: 1000 },
      of: [
        "ScalingConfig.MaximumConcurrency",
      ],
    },
    {
      is: { min: 1, max: 2 },
      of: [
        "SelfManagedEventSource.Endpoints",
      ],
    },
    {
      is: { min: 1, max: 300, pattern: "(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\\-]*[A-Za-z0-9]):[0-9]{1,5}" },
      of: [
        "SelfManagedEventSource.Endpoints{}[]",
      ],
    },
    {
      is: { min: 1, max: 1024, pattern: "[A-Za-z0-9+/]+={0,2}" },
      of: [
        "SendDurableExecutionCallbackFailureRequest.CallbackId",
        "SendDurableExecutionCallbackHeartbeatRequest.CallbackId",
        "SendDurableExecutionCallbackSuccessRequest.CallbackId",
      ],
    },
    {
      is: { min: 0, max: 262144 },
      of: [
        "SendDurableExecutionCallbackSuccessRequest.Result",
      ],
    },
    {
      is: { min: 0.0, max: 100.0 },
      of: [
        "TargetTrackingScalingPolicy.TargetValue",
      ],
    },
    {
      is: { min: 0, max: 16 },
      of: [
        "VpcConfig.SubnetIds",
      ],
    },
  ],
};
