// What each type of authorizer takes (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html).
import { IAM_ROLE_ARN, partitionOf } from "../../domain/arn.ts";
import { badRequest } from "../../domain/errors.ts";
import type { HttpAuthorizer } from "../../domain/http-api.ts";
import { type HttpApiLimits, MAX_AUTHORIZER_TTL_SECONDS } from "../../domain/limits.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { checkLength, given } from "./context.ts";
import { invalidIssuer } from "./jwt-issuers.ts";

const DEFAULT_TTL_SECONDS = 300;
const FUNCTION_URI = /^arn:(aws[a-z-]*):apigateway:([a-z]{2}(?:-[a-z]+)+-\d+):lambda:path\/2015-03-31\/functions\/.+\/invocations$/s;
const TOKEN_SOURCE = /^\$request\.(?:header|querystring)\.[^\s,]+$/;
const SOURCE = /^\$(?:request\.(?:header|querystring)\.[^\s,]+|stageVariables\.\w+|context\.\w+(?:\.\w+)*)$/;

export function newAuthorizer(ids: Ids, input: Omit<Model.CreateAuthorizerRequest, "ApiId">): HttpAuthorizer {
  const { AuthorizerCredentialsArn, AuthorizerPayloadFormatVersion, AuthorizerType, AuthorizerUri, EnableSimpleResponses, JwtConfiguration } = input;
  const ttl = input.AuthorizerResultTtlInSeconds ?? (AuthorizerType === "REQUEST" ? DEFAULT_TTL_SECONDS : undefined);
  return {
    authorizerId: ids.alphanumeric(6),
    name: input.Name,
    authorizerType: AuthorizerType,
    identitySource: input.IdentitySource,
    ...given({ jwtConfiguration: JwtConfiguration && jwtConfigurationOf(JwtConfiguration), authorizerUri: AuthorizerUri }),
    ...given({
      authorizerCredentialsArn: AuthorizerCredentialsArn,
      authorizerPayloadFormatVersion: AuthorizerPayloadFormatVersion as HttpAuthorizer["authorizerPayloadFormatVersion"],
      authorizerResultTtlInSeconds: ttl,
      enableSimpleResponses: EnableSimpleResponses ?? (AuthorizerType === "REQUEST" ? false : undefined),
    }),
  };
}

export const jwtConfigurationOf = ({ Audience, Issuer }: Model.JWTConfiguration): NonNullable<HttpAuthorizer["jwtConfiguration"]> =>
  given({ audience: Audience, issuer: Issuer });

/** The authorizer, when its members are what its type takes. @throws {ServiceError} BadRequestException */
export function checkedAuthorizer(authorizer: HttpAuthorizer, limits: HttpApiLimits): HttpAuthorizer {
  checkAuthorizerName(authorizer);
  if (authorizer.authorizerType === "JWT") checkJwt(authorizer, limits);
  else checkFunction(authorizer);
  return authorizer;
}

/** @throws {ServiceError} BadRequestException */
export function checkAuthorizerName({ name }: Pick<HttpAuthorizer, "name">): void {
  if (name === "") throw badRequest("Authorizer name must not be empty");
  checkLength("Name", name, 128);
}

/** Issuers are not asked here. */
function checkJwt(authorizer: HttpAuthorizer, limits: HttpApiLimits): void {
  const { authorizerUri, authorizerCredentialsArn, authorizerPayloadFormatVersion, authorizerResultTtlInSeconds, enableSimpleResponses } = authorizer;
  const foreign = { authorizerUri, authorizerCredentialsArn, authorizerPayloadFormatVersion, authorizerResultTtlInSeconds, enableSimpleResponses };
  const [member] = Object.entries(foreign).find(([, value]) => value !== undefined && value !== false) ?? [];
  if (member !== undefined) throw badRequest(`${member} is only supported for REQUEST authorizers`);
  const { identitySource, jwtConfiguration } = authorizer;
  const [source = "", ...others] = identitySource;
  if (others.length > 0 || !TOKEN_SOURCE.test(source)) {
    throw badRequest(`Invalid identity source specified: ${identitySource.join(",")}. JWT authorizers have one, $request.header.{name} or $request.querystring.{name}`);
  }
  const { audience = [], issuer } = jwtConfiguration ?? {};
  if (issuer === undefined) throw badRequest("JwtConfiguration with an issuer is a required parameter for JWT authorizer");
  if (audience.length > limits.audiencesPerAuthorizer) {
    throw badRequest(`An authorizer has at most ${limits.audiencesPerAuthorizer} audiences; this would have ${audience.length}`);
  }
  if (!isIssuer(issuer)) throw badRequest(invalidIssuer(issuer));
}

const LOOPBACK = /^(?:localhost|(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** An https URL; one of http on this machine too, for development. */
function isIssuer(issuer: string): boolean {
  if (issuer.length > 2048 || !URL.canParse(issuer)) return false;
  const { hash, hostname, protocol, search } = new URL(issuer);
  return hash === "" && search === "" && (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname)));
}

/**
 * The words of the first two refusals and of that about identity sources and caching are quoted in issues 15181 and pull
 * request 32629 of github.com/hashicorp/terraform-provider-aws, that of URIs is the V1 API's.
 */
function checkFunction(authorizer: HttpAuthorizer): void {
  const { authorizerPayloadFormatVersion: version, identitySource, jwtConfiguration } = authorizer;
  const { authorizerResultTtlInSeconds: ttl = 0, enableSimpleResponses = false } = authorizer;
  if (jwtConfiguration !== undefined) throw badRequest("jwtConfiguration is only supported for JWT authorizers");
  if (version === undefined) throw badRequest("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer");
  if (!["1.0", "2.0"].includes(version)) throw badRequest(`Invalid authorizerPayloadFormatVersion specified: ${version}. Must be one of: [1.0, 2.0]`);
  if (enableSimpleResponses && version !== "2.0") throw badRequest("Simple responses are only supported for the authorizerPayloadFormatVersion 2.0");
  checkFunctionOf(authorizer);
  if (!(ttl >= 0 && ttl <= MAX_AUTHORIZER_TTL_SECONDS)) {
    throw badRequest(`Invalid authorizer result TTL specified: ${ttl}. Must be between 0 and ${MAX_AUTHORIZER_TTL_SECONDS} seconds`);
  }
  const wrong = identitySource.find((source) => !SOURCE.test(source));
  if (wrong !== undefined) throw badRequest(`Invalid identity source specified: ${wrong}. Must be a header, query string, stage variable or context variable of the request`);
  if (identitySource.length === 0 && ttl > 0) throw badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)");
}

/** The function that is asked, and the role that it is asked by. @throws {ServiceError} BadRequestException */
export function checkFunctionOf({ authorizerUri = "", authorizerCredentialsArn: role }: Pick<HttpAuthorizer, "authorizerUri" | "authorizerCredentialsArn">): void {
  const [, partition, region = ""] = FUNCTION_URI.exec(authorizerUri) ?? [];
  if (partition !== partitionOf(region)) {
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  if (role !== undefined && !IAM_ROLE_ARN.test(role)) throw badRequest("Invalid ARN specified in the request");
}
