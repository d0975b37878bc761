// Security schemes and requirements: API keys, IAM, authorizers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html).
import { type Authorizer, identitySources, type JwtConfiguration } from "../../domain/authorizer.ts";
import type { Method } from "../../domain/rest-api.ts";
import { API_KEY_HEADER, EXTENSIONS, SIGV4_AUTHTYPE, UNUSED_SCHEME_NAME } from "../extensions.ts";
import type { Documentation } from "./documentation.ts";
import { defined, type Exporting, type JsonObject, unlessEmpty } from "./source.ts";

/** The names of the schemes that are no authorizers', unlike any of theirs. */
function schemeNames(authorizers: readonly Authorizer[]): { readonly apiKey: string; readonly sigv4: string } {
  const free = (name: string): string => (authorizers.some((each) => each.name === name) ? free(`${name}_`) : name);
  return { apiKey: free("api_key"), sigv4: free("sigv4") };
}

/** What a caller of the method needs, as exports list it: one requirement each. */
export function writeSecurity({ authorizers }: Exporting, method: Method): readonly JsonObject[] | undefined {
  const { authorizationType, authorizerId, authorizationScopes, apiKeyRequired } = method;
  const authorizer = authorizers.find(({ id }) => id === authorizerId);
  const { apiKey, sigv4 } = schemeNames(authorizers);
  return unlessEmpty([
    ...(authorizationType === "AWS_IAM" ? [{ [sigv4]: [] }] : []),
    ...(authorizer === undefined ? [] : [{ [authorizer.name]: authorizationScopes ?? [] }]),
    ...(apiKeyRequired ? [{ [apiKey]: [] }] : []),
  ]);
}

/** The schemes that the methods need, and all authorizers where the export is to define them. */
export function writeSecuritySchemes(exporting: Exporting, documentation: Documentation): JsonObject | undefined {
  const { snapshot, authorizers } = exporting;
  const used = new Set(snapshot.methods.map(({ authorizerId }) => authorizerId));
  const { apiKey, sigv4 } = schemeNames(authorizers);
  const isDefined = exporting.wants("apigateway", "authorizers");
  const shown = authorizers.filter(({ id }) => isDefined || used.has(id));
  const schemes = shown.map((each) => [each.name, { ...scheme(each, isDefined), ...documentation.of({ type: "AUTHORIZER", name: each.name }) }]);
  return unlessEmpty({
    ...(snapshot.methods.some(({ authorizationType }) => authorizationType === "AWS_IAM") ? { [sigv4]: SIGV4_SCHEME } : {}),
    ...(Object.fromEntries(schemes) as JsonObject),
    ...(snapshot.methods.some(({ apiKeyRequired }) => apiKeyRequired) ? { [apiKey]: API_KEY_SCHEME } : {}),
  });
}

const SIGV4_SCHEME = { type: "apiKey", name: "Authorization", in: "header", [EXTENSIONS.authtype]: SIGV4_AUTHTYPE };
const API_KEY_SCHEME = { type: "apiKey", name: API_KEY_HEADER, in: "header" };

const IDENTITY = /^method\.request\.(header|querystring)\.(.+)$/;

function scheme(authorizer: Authorizer, isDefined: boolean): JsonObject {
  const [first = "method.request.header.Authorization", ...others] = identitySources(authorizer.identitySource);
  const [, place, name] = others.length > 0 ? [] : (IDENTITY.exec(first) ?? []);
  return {
    type: "apiKey",
    name: name ?? UNUSED_SCHEME_NAME,
    in: place === "querystring" ? "query" : "header",
    [EXTENSIONS.authtype]: authorizer.authType,
    ...(isDefined ? { [EXTENSIONS.authorizer]: definition(authorizer) } : {}),
  };
}

/** The identity of an authorizer of another type than `request` is the scheme's header. */
function definition(authorizer: Authorizer): JsonObject {
  const { id: _id, name: _name, authType: _authType, type, identitySource, ...settings } = authorizer;
  const { providerARNs, authorizerUri, authorizerCredentials, jwtConfiguration, ...rest } = settings;
  const named = type === "REQUEST" || identitySources(identitySource).length > 1 ? identitySource : undefined;
  const given = { providerARNs, authorizerUri, authorizerCredentials, ...rest, jwtConfiguration: jwtConfiguration && undiscovered(jwtConfiguration) };
  return defined({ ...given, identitySource: named, type: type.toLowerCase() });
}

/** Without what API Gateway has found out itself, which no import takes. */
function undiscovered({ issuers, ...settings }: JwtConfiguration): JsonObject {
  return { issuers: issuers.map(({ jwksUri: _jwksUri, ...issuer }) => issuer), ...settings };
}
