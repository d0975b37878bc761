// Security schemes, and what they mean for methods: API keys, IAM, authorizers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html).
import { API_KEY_HEADER, EXTENSIONS, SIGV4_AUTHTYPE, UNUSED_SCHEME_NAME } from "../extensions.ts";
import type { ImportedAuthorizer, ImportedMethod } from "./imported.ts";
import { integerOf, type Reading, type Spot, textList, textOf, withoutUndefined } from "./spot.ts";

export type SecurityScheme =
  | { readonly kind: "apiKey" | "iam" | "unsupported" }
  | { readonly kind: "authorizer"; readonly authorizer: ImportedAuthorizer };

export type SecuritySchemes = ReadonlyMap<string, SecurityScheme>;

/** How a method is secured. */
export type MethodSecurity = Pick<ImportedMethod, "authorizationType" | "authorizer" | "authorizationScopes" | "apiKeyRequired">;

export function readSecuritySchemes(reading: Reading, definitions: Spot | undefined): SecuritySchemes {
  return new Map(
    reading.members(definitions).flatMap(([name, spot]) => {
      const scheme = reading.resolve(spot);
      return scheme === undefined ? [] : [[name, readScheme(reading, name, scheme)] as const];
    }),
  );
}

function readScheme(reading: Reading, name: string, scheme: Spot): SecurityScheme {
  const { member } = reading;
  const extension = member(scheme, EXTENSIONS.authorizer);
  if (extension !== undefined) return { kind: "authorizer", authorizer: readAuthorizer(reading, name, scheme, extension) };
  if (textOf(member(scheme, EXTENSIONS.authtype))?.toLowerCase() === SIGV4_AUTHTYPE.toLowerCase()) return { kind: "iam" };
  const isApiKey = textOf(member(scheme, "type")) === "apiKey" && textOf(member(scheme, "name"))?.toLowerCase() === API_KEY_HEADER;
  return { kind: isApiKey ? "apiKey" : "unsupported" };
}

function readAuthorizer(reading: Reading, name: string, scheme: Spot, extension: Spot): ImportedAuthorizer {
  const text = (member: string) => textOf(reading.member(extension, member));
  const authType = textOf(reading.member(scheme, EXTENSIONS.authtype));
  const identitySource = text("identitySource") ?? schemeSource(reading, scheme);
  const ttl = integerOf(reading.member(extension, "authorizerResultTtlInSeconds"));
  const providerARNs = textList(reading, reading.member(extension, "providerARNs"));
  const given = {
    authType,
    authorizerUri: text("authorizerUri"),
    authorizerCredentials: text("authorizerCredentials"),
    identitySource,
    identityValidationExpression: text("identityValidationExpression"),
    authorizerResultTtlInSeconds: ttl,
    providerARNs: providerARNs.length === 0 ? undefined : providerARNs,
    jwtConfiguration: reading.member(extension, "jwtConfiguration")?.value,
  };
  const type = (text("type") ?? "").toUpperCase();
  return { name, type, ...withoutUndefined(given), pointer: extension.pointer };
}

/** The header or query parameter that the scheme names, as a mapping expression. */
function schemeSource({ member }: Reading, scheme: Spot): string | undefined {
  const name = textOf(member(scheme, "name"));
  if (name === undefined || name === UNUSED_SCHEME_NAME) return undefined;
  return `method.request.${textOf(member(scheme, "in")) === "query" ? "querystring" : "header"}.${name}`;
}

/**
 * Reads an operation's `security` and `x-amazon-apigateway-auth`. Security of the whole document means nothing to API
 * Gateway (api-gateway-known-issues). Of several authorizers the first counts.
 */
export function readMethodSecurity(reading: Reading, schemes: SecuritySchemes, operation: Spot): MethodSecurity {
  let security: MethodSecurity = { authorizationType: authType(reading, operation), apiKeyRequired: false };
  for (const requirement of reading.elements(reading.member(operation, "security"))) {
    for (const [name, scopes] of reading.members(requirement)) {
      const scheme = schemes.get(name);
      if (scheme?.kind === "apiKey") security = { ...security, apiKeyRequired: true };
      else if (scheme?.kind === "iam") security = { ...security, authorizationType: "AWS_IAM" };
      else if (scheme?.kind === "authorizer") security = authorized(security, scheme.authorizer, textList(reading, scopes));
      // `NONE` names no scheme: SAM writes it on methods that its default authorizer does not apply to.
      else if (name !== "NONE") reading.report("warning", unusable(name, scheme !== undefined), scopes);
    }
  }
  return security;
}

const unusable = (name: string, exists: boolean): string =>
  exists ? `Unsupported security definition '${name}'. Ignoring.` : `Security definition '${name}' not found. Ignoring.`;

function authType({ member }: Reading, operation: Spot): string {
  return (textOf(member(member(operation, EXTENSIONS.auth), "type")) ?? "NONE").toUpperCase();
}

function authorized(security: MethodSecurity, { name, type }: ImportedAuthorizer, scopes: readonly string[]): MethodSecurity {
  if (security.authorizer !== undefined) return security;
  const authorizationType = type === "COGNITO_USER_POOLS" || type === "JWT" ? type : "CUSTOM";
  return { ...security, authorizationType, authorizer: name, ...(scopes.length === 0 ? {} : { authorizationScopes: scopes }) };
}
