// Security schemes of HTTP APIs, and what they mean for routes: IAM and authorizers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html).
import { EXTENSIONS, SIGV4_AUTHTYPE } from "../extensions.ts";
import { booleanOf, integerOf, type Reading, type Spot, textList, textOf, withoutUndefined } from "../read/spot.ts";
import { DISCOVERY } from "./extensions.ts";
import type { ImportedHttpAuthorizer, ImportedRoute } from "./imported.ts";

export type HttpSecurityScheme = { readonly kind: "iam" | "unsupported" } | { readonly kind: "authorizer"; readonly authorizer: ImportedHttpAuthorizer };

export type HttpSecuritySchemes = ReadonlyMap<string, HttpSecurityScheme>;

export function readHttpSecuritySchemes(reading: Reading, definitions: Spot | undefined): HttpSecuritySchemes {
  return new Map(
    reading.members(definitions).flatMap(([name, spot]) => {
      const scheme = reading.resolve(spot);
      return scheme === undefined ? [] : [[name, readScheme(reading, name, scheme)] as const];
    }),
  );
}

function readScheme(reading: Reading, name: string, scheme: Spot): HttpSecurityScheme {
  const extension = reading.member(scheme, EXTENSIONS.authorizer);
  if (extension !== undefined) return { kind: "authorizer", authorizer: readAuthorizer(reading, name, scheme, extension) };
  const authtype = textOf(reading.member(scheme, EXTENSIONS.authtype))?.toLowerCase();
  return { kind: authtype === SIGV4_AUTHTYPE.toLowerCase() ? "iam" : "unsupported" };
}

function readAuthorizer(reading: Reading, name: string, scheme: Spot, extension: Spot): ImportedHttpAuthorizer {
  const { member } = reading;
  const text = (key: string): string | undefined => textOf(member(extension, key));
  const given = {
    jwtConfiguration: jwtConfiguration(reading, scheme, member(extension, "jwtConfiguration")),
    authorizerUri: text("authorizerUri"),
    authorizerCredentialsArn: text("authorizerCredentials"),
    authorizerPayloadFormatVersion: text("authorizerPayloadFormatVersion") as ImportedHttpAuthorizer["authorizerPayloadFormatVersion"],
    authorizerResultTtlInSeconds: integerOf(member(extension, "authorizerResultTtlInSeconds")),
    enableSimpleResponses: booleanOf(member(extension, "enableSimpleResponses")),
  };
  return {
    name,
    authorizerType: (text("type") ?? "").toUpperCase(),
    identitySource: identitySources(reading, member(extension, "identitySource")),
    ...withoutUndefined(given),
    pointer: extension.pointer,
  };
}

/** A list, or a text with commas between the expressions. */
function identitySources(reading: Reading, spot: Spot | undefined): readonly string[] {
  if (Array.isArray(spot?.value)) return textList(reading, spot);
  return (textOf(spot) ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

/** The issuer may stand in `openIdConnectUrl` alone. */
function jwtConfiguration(reading: Reading, scheme: Spot, spot: Spot | undefined): ImportedHttpAuthorizer["jwtConfiguration"] {
  const url = textOf(reading.member(scheme, "openIdConnectUrl"));
  const found = url?.endsWith(DISCOVERY) ? url.slice(0, -DISCOVERY.length) : undefined;
  if (spot === undefined && found === undefined) return undefined;
  const audience = reading.member(spot, "audience");
  return withoutUndefined({ audience: audience && textList(reading, audience), issuer: textOf(reading.member(spot, "issuer")) ?? found });
}

type RouteSecurity = Pick<ImportedRoute, "authorizationType" | "authorizer" | "authorizationScopes">;

/** An operation's `security` and `x-amazon-apigateway-auth`. Several requirements are an error (guide: http-api-open-api, import validation). */
export function readRouteSecurity(reading: Reading, schemes: HttpSecuritySchemes, operation: Spot): RouteSecurity {
  const auth = textOf(reading.member(reading.member(operation, EXTENSIONS.auth), "type"))?.toUpperCase();
  const found: RouteSecurity[] = auth === "AWS_IAM" ? [{ authorizationType: "AWS_IAM" }] : [];
  const security = reading.member(operation, "security");
  for (const requirement of reading.elements(security)) {
    for (const [name, scopes] of reading.members(requirement)) {
      const scheme = schemes.get(name);
      if (scheme?.kind === "iam") found.push({ authorizationType: "AWS_IAM" });
      else if (scheme?.kind === "authorizer") found.push(authorizedBy(scheme.authorizer, textList(reading, scopes)));
      // `NONE` names no scheme: SAM writes it on operations that its default authorizer does not apply to.
      else if (name !== "NONE") reading.report("warning", unusable(name, scheme !== undefined), scopes);
    }
  }
  const [first = { authorizationType: "NONE" }, second] = found;
  if (second !== undefined) reading.report("error", "An operation can have only one of IAM authorization, a Lambda authorizer and a JWT authorizer", security ?? operation);
  return first;
}

const unusable = (name: string, exists: boolean): string =>
  exists ? `Unsupported security definition '${name}'. Ignoring.` : `Security definition '${name}' not found. Ignoring.`;

function authorizedBy({ name, authorizerType }: ImportedHttpAuthorizer, scopes: readonly string[]): RouteSecurity {
  return { authorizationType: authorizerType === "JWT" ? "JWT" : "CUSTOM", authorizer: name, ...(scopes.length === 0 ? {} : { authorizationScopes: scopes }) };
}
