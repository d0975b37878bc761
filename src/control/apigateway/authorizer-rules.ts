// What each type of authorizer takes (https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html).
import { IAM_ROLE_ARN, partitionOf } from "../../domain/arn.ts";
import { type Authorizer, identitySources } from "../../domain/authorizer.ts";
import { badRequest, repeatable } from "../../domain/errors.ts";
import { MAX_AUTHORIZER_TTL_SECONDS } from "../../domain/limits.ts";
import { checkJwtConfiguration } from "./jwt-configuration.ts";
import { USER_POOL_ARN } from "../../domain/user-pool.ts";
import { compilePattern, PatternError } from "../../pattern/index.ts";

const FUNCTION_URI = /^arn:(aws[a-z-]*):apigateway:([a-z]{2}(?:-[a-z]+)+-\d+):lambda:path\/2015-03-31\/functions\/.+\/invocations$/s;
const TOKEN_SOURCE = /^method\.request\.header\.[a-zA-Z0-9._-]+$/;
const REQUEST_SOURCE = /^(?:method\.request\.(?:header|querystring)\.[^\s,]+|stageVariables\.\w+|context\.\w+(?:\.\w+)*)$/;

/** The authorizer, when its members are what its type takes. @throws {ServiceError} BadRequestException */
export function checkedAuthorizer(authorizer: Authorizer): Authorizer {
  const { type, authorizerCredentials: role, authorizerResultTtlInSeconds: ttl = 0 } = authorizer;
  if (type === "JWT" || authorizer.jwtConfiguration !== undefined) checkJwt(authorizer);
  else if (type === "COGNITO_USER_POOLS") checkUserPools(authorizer);
  else checkFunction(authorizer);
  if (type === "REQUEST") checkRequestSources(authorizer);
  else checkTokenSource(authorizer);
  if (role !== undefined && !IAM_ROLE_ARN.test(role)) throw badRequest("Invalid ARN specified in the request");
  if (!(ttl >= 0 && ttl <= MAX_AUTHORIZER_TTL_SECONDS)) {
    throw badRequest(`Invalid authorizer result TTL specified: ${ttl}. Must be between 0 and ${MAX_AUTHORIZER_TTL_SECONDS} seconds`);
  }
  checkValidationExpression(authorizer);
  return authorizer;
}

/**
 * The words are quoted in github.com/hashicorp/terraform-provider-aws/pull/1757, for a URI with the region `region`;
 * github.com/aws/aws-cdk/issues/8098 has them for a region of another partition.
 */
function checkFunction({ authorizerUri = "" }: Authorizer): void {
  const [, partition, region = ""] = FUNCTION_URI.exec(authorizerUri) ?? [];
  if (partition === partitionOf(region)) return;
  throw badRequest(
    `Invalid Authorizer URI: ${repeatable(authorizerUri)}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
  );
}

/** "This property is not supported for JWT authorizers" (model: CreateAuthorizerRequest), of each of these. */
const NOT_OF_JWT = ["providerARNs", "authorizerUri", "authorizerCredentials", "authorizerResultTtlInSeconds"] as const;

function checkJwt(authorizer: Authorizer): void {
  const { type, jwtConfiguration } = authorizer;
  if (type !== "JWT") throw badRequest("A JWT configuration can only be specified for an authorizer of type JWT");
  const foreign = NOT_OF_JWT.find((member) => authorizer[member] !== undefined);
  if (foreign !== undefined) throw badRequest(`${foreign} is not supported for authorizers of type JWT`);
  checkJwtConfiguration(jwtConfiguration);
}

function checkUserPools({ providerARNs = [] }: Authorizer): void {
  if (providerARNs.length === 0) throw badRequest("At least one provider ARN must be specified for an authorizer of type COGNITO_USER_POOLS");
  const wrong = providerARNs.find((arn) => !USER_POOL_ARN.test(arn));
  if (wrong !== undefined) throw badRequest(`Invalid provider ARN specified: ${repeatable(wrong)}. Must be the ARN of an Amazon Cognito user pool`);
}

/** The words are quoted in github.com/serverless/serverless/issues/4428. */
function checkTokenSource({ identitySource = "" }: Authorizer): void {
  if (TOKEN_SOURCE.test(identitySource)) return;
  throw badRequest(
    `Invalid token source expression: ${identitySource}. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.`,
  );
}

/** The words of the first refusal are those of the V2 API, quoted in github.com/hashicorp/terraform-provider-aws/pull/32629. */
function checkRequestSources({ identitySource, authorizerResultTtlInSeconds = 0 }: Authorizer): void {
  const sources = identitySources(identitySource);
  if (sources.length === 0 && authorizerResultTtlInSeconds > 0) {
    throw badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)");
  }
  const wrong = sources.find((source) => !REQUEST_SOURCE.test(source));
  if (wrong !== undefined) {
    throw badRequest(
      `Invalid identity source expression: ${wrong}. The source must be a header, query string, stage variable or context variable of the request.`,
    );
  }
}

function checkValidationExpression({ identityValidationExpression: expression }: Authorizer): void {
  if (expression === undefined) return;
  try {
    compilePattern(expression);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw badRequest(`Invalid identity validation expression specified: ${expression}. ${error.message}`);
  }
}
