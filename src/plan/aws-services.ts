// What API Gateway has to know of an AWS service to call it: where it is, by which name requests to it are signed, and how
// its JSON protocol names an operation. The names are those of the service's endpoint, which integration URIs use. Facts
// of AWS's public API models (metadata of endpointPrefix, signingName, targetPrefix, jsonVersion) and of its partitions.

/** Where a service's own endpoint is, and in whose name its requests are signed. */
export interface ServiceAddress {
  /** `sqs.us-east-1.amazonaws.com` */
  readonly host: string;
  readonly signingName: string;
  readonly signingRegion: string;
}

/** Services with one endpoint for a whole partition, whose requests are signed for its first region. */
const GLOBAL = new Set(["cloudfront", "iam", "route53"]);

/** Services whose endpoint has another name than integration URIs give it. */
const ENDPOINTS: Readonly<Record<string, string>> = { iotdata: "iot" };

const DNS_SUFFIXES: readonly (readonly [regions: RegExp, suffix: string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^eusc-/, "amazonaws.eu"],
];

/** Signing names that are not the last label of the service's name. */
const SIGNING_NAMES: Readonly<Record<string, string>> = {
  "account-access-runtime": "account-access", "agent-registry-control": "agent-registry",
  "agreement-marketplace": "aws-marketplace", "api.tunneling.iot": "IoTSecuredTunneling", appconfigdata: "appconfig",
  appstream2: "appstream", "bedrock-agent": "bedrock", "bedrock-agent-runtime": "bedrock",
  "bedrock-agentcore-control": "bedrock-agentcore", "bedrock-data-automation": "bedrock",
  "bedrock-data-automation-runtime": "bedrock", "bedrock-runtime": "bedrock", "cassandra-streams": "cassandra",
  cloudhsmv2: "cloudhsm", cloudsearchdomain: "cloudsearch", "cloudwatch-omni": "cloudwatch", "contact-lens": "connect",
  "data-ats.iot": "iotdata", "data-signer": "signer", "data.jobs.iot": "iot-jobs-data",
  "deployment-marketplace": "aws-marketplace", "discovery-marketplace": "aws-marketplace", email: "ses",
  eventsv2: "events", forecastquery: "forecast", "iam-toolbox": "iam", "identity-chime": "chime", ivsrealtime: "ivs",
  "mail-manager": "ses", marketplace: "aws-marketplace", "media-pipelines-chime": "chime", "meetings-chime": "chime",
  "memory-db": "memorydb", "messaging-chime": "chime", "migrationhub-config": "mgh", "models-v2-lex": "lex",
  oidc: "sso-oauth", "participant.connect": "execute-api", "partnercentral-prm": "partnercentral",
  "personalize-events": "personalize", "personalize-runtime": "personalize", pinpoint: "mobiletargeting",
  "portal.sso": "awsssoportal", "reporting-marketplace": "aws-marketplace", "runtime-v2-lex": "lex", "s3-control": "s3",
  "servicecatalog-appregistry": "servicecatalog", "sms-voice.pinpoint": "sms-voice", "voice-chime": "chime",
};

/** @param subdomain before the service's name, without its dot; empty for none. */
export function serviceAddress(subdomain: string, service: string, region: string): ServiceAddress {
  const endpoint = own(ENDPOINTS, service) ?? service;
  const labels = subdomain === "" ? endpoint : `${subdomain}.${endpoint}`;
  const suffix = DNS_SUFFIXES.find(([regions]) => regions.test(region))?.[1] ?? "amazonaws.com";
  const full = subdomain === "" ? service : `${subdomain}.${service}`;
  const isGlobal = GLOBAL.has(service) && suffix === "amazonaws.com";
  return {
    host: isGlobal ? `${labels}.${suffix}` : `${labels}.${region}.${suffix}`,
    signingName: own(SIGNING_NAMES, full) ?? own(SIGNING_NAMES, service) ?? service,
    signingRegion: isGlobal ? "us-east-1" : region,
  };
}

/** How an action of a service with AWS's JSON protocol is asked for. */
export interface JsonAction {
  /** The value of `X-Amz-Target`. */
  readonly target: string;
  readonly contentType: string;
}

/** The action in the JSON protocol; undefined for services that speak another one. `service`: with its subdomain. */
export function jsonAction(service: string, action: string): JsonAction | undefined {
  const prefix = own(JSON_1_0, service) ?? own(JSON_1_1, service);
  if (prefix === undefined) return undefined;
  const version = Object.hasOwn(JSON_1_0, service) ? "1.0" : "1.1";
  return { target: `${prefix}.${action}`, contentType: `application/x-amz-json-${version}` };
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

const JSON_1_0: Readonly<Record<string, string>> = {
  "airflow-serverless": "AmazonMWAAServerless", aoss: "OpenSearchServerless", apprunner: "AppRunner", b2bi: "B2BI",
  "bcm-dashboards": "AWSBCMDashboardsService", "bcm-pricing-calculator": "AWSBCMPricingCalculator",
  "bcm-recommended-actions": "AWSBillingAndCostManagementRecommendedActions", billing: "AWSBilling",
  "cassandra-streams": "KeyspacesStreams", cloudcontrolapi: "CloudApiService",
  "codestar-connections": "com.amazonaws.codestar.connections.CodeStar_connections_20191201",
  "controlplane.payment-cryptography": "PaymentCryptographyControlPlane",
  "cost-optimization-hub": "CostOptimizationHubService", dynamodb: "DynamoDB_20120810",
  evs: "AmazonElasticVMwareService", freetier: "AWSFreeTierService", healthlake: "HealthLake",
  "ingest.timestream": "Timestream_20181101", invoicing: "Invoicing", iotfleetwise: "IoTAutobahnControlPlane",
  lookoutequipment: "AWSLookoutEquipmentFrontendService", odb: "Odb", osm: "OpenSearchMemory",
  "partnercentral-account": "PartnerCentralAccount", "partnercentral-benefits": "PartnerCentralBenefitsService",
  "partnercentral-channel": "PartnerCentralChannel", "partnercentral-selling": "AWSPartnerCentralSelling",
  pcs: "AWSParallelComputingService", proton: "AwsProton20200720", "query.timestream": "Timestream_20181101",
  "route53-recovery-cluster": "ToggleCustomerAPI", "sms-voice": "PinpointSMSVoiceV2", states: "AWSStepFunctions",
  "streams.dynamodb": "DynamoDBStreams_20120810", swf: "SimpleWorkflowService",
  "timestream-influxdb": "AmazonTimestreamInfluxDB", verifiedpermissions: "VerifiedPermissions", voiceid: "VoiceID",
};

const JSON_1_1: Readonly<Record<string, string>> = {
  acm: "CertificateManager", "api.ecr": "AmazonEC2ContainerRegistry_V20150921",
  "api.ecr-public": "SpencerFrontendService", "api.pricing": "AWSPriceListService", "api.sagemaker": "SageMaker",
  "api.tunneling.iot": "IoTSecuredTunneling", "application-autoscaling": "AnyScaleFrontendService",
  athena: "AmazonAthena", "autoscaling-plans": "AnyScaleScalingPlannerFrontendService",
  "bcm-data-exports": "AWSBillingAndCostManagementDataExports",
  "bedrock-data-automation-runtime": "AmazonBedrockKeystoneRuntimeService", budgets: "AWSBudgetServiceGateway",
  ce: "AWSInsightsIndexService", cloud9: "AWSCloud9WorkspaceManagementService", cloudhsm: "CloudHsmFrontendService",
  cloudtrail: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", codecommit: "CodeCommit_20150413",
  "cognito-identity": "AWSCognitoIdentityService", "cognito-idp": "AWSCognitoIdentityProviderService",
  config: "StarlingDoveService", cur: "AWSOrigamiServiceGatewayService", datapipeline: "DataPipeline",
  dax: "AmazonDAXV3", devicefarm: "DeviceFarm_20150623", discovery: "AWSPoseidonService_V2015_11_01",
  dms: "AmazonDMSv20160101", "ec2-instance-connect": "AWSEC2InstanceConnectService",
  ecs: "AmazonEC2ContainerServiceV20141113", elasticmapreduce: "ElasticMapReduce", events: "AWSEvents",
  firehose: "Firehose_20150804", forecast: "AmazonForecast", forecastquery: "AmazonForecastRuntime",
  frauddetector: "AWSHawksNestServiceFacade", fsx: "AWSSimbaAPIService_v20180301",
  globalaccelerator: "GlobalAccelerator_V20180706", glue: "AWSGlue", identitystore: "AWSIdentityStore",
  inspector: "InspectorService", iotthingsgraph: "IotThingsGraphFrontEndService", kendra: "AWSKendraFrontendService",
  kinesis: "Kinesis_20131202", kms: "TrentService", "license-manager": "AWSLicenseManager",
  lightsail: "Lightsail_20161128", logs: "Logs_20140328", machinelearning: "AmazonML_20141212",
  marketplacecommerceanalytics: "MarketplaceCommerceAnalytics20150701", mediastore: "MediaStore_20170901",
  "metering.marketplace": "AWSMPMeteringService", mgh: "AWSMigrationHub",
  "migrationhub-config": "AWSMigrationHubMultiAccountService", "mturk-requester": "MTurkRequesterServiceV20170117",
  organizations: "AWSOrganizationsV20161128", personalize: "AmazonPersonalize", "redshift-data": "RedshiftData",
  "redshift-serverless": "RedshiftServerless", rekognition: "RekognitionService", route53resolver: "Route53Resolver",
  secretsmanager: "secretsmanager", servicequotas: "ServiceQuotasV20190624", ssm: "AmazonSSM",
  "ssm-contacts": "SSMContacts", sso: "SWBExternalService", storagegateway: "StorageGateway_20130630",
  support: "AWSSupport_20130415", transfer: "TransferService", waf: "AWSWAF_20150824",
  "waf-regional": "AWSWAF_Regional_20161128", wafv2: "AWSWAF_20190729", workmail: "WorkMailService",
};
