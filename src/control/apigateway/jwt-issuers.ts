// Where the issuers of a JWT authorizer have their keys, asked for whenever the authorizer gets its configuration: "API Gateway
// reads this document when you create the authorizer", and "runs OIDC discovery again for every issuer on each update"
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-update.html).
import type { Authorizer, JwtIssuer } from "../../domain/authorizer.ts";
import { badRequest } from "../../domain/errors.ts";
import type { Problem } from "../../openapi/index.ts";
import type { IssuerDiscovery } from "../../ports/issuer-discovery.ts";
import type { ApiGatewayContext } from "./context.ts";
import type { ImportedRest } from "./document-reading.ts";
import { noteRefusal } from "./importing.ts";

type Discovering = Pick<ApiGatewayContext, "issuers">;

/**
 * The authorizer with the key sets of its issuers. It has passed its checks.
 * @throws {ServiceError} BadRequestException when an issuer cannot be asked
 */
export async function withKeySets({ issuers: discovery }: Discovering, authorizer: Authorizer): Promise<Authorizer> {
  const { jwtConfiguration } = authorizer;
  if (jwtConfiguration === undefined) return authorizer;
  const issuers = await Promise.all(jwtConfiguration.issuers.map((issuer) => withKeySet(discovery, issuer)));
  return { ...authorizer, jwtConfiguration: { ...jwtConfiguration, issuers } };
}

/** The words are those of the V2 API (github.com/haandol/cognito-kakao-example/issues/1), with the reason behind them. */
async function withKeySet(discovery: IssuerDiscovery, trusted: JwtIssuer): Promise<JwtIssuer> {
  const { issuer } = trusted;
  const found = await discovery.discover(issuer);
  if ("jwksUri" in found) return { ...trusted, jwksUri: found.jwksUri };
  throw badRequest(`Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': ${found.failure}`);
}

/** An API's authorizers, those that a document has brought with the key sets of their issuers. Issuers without join the problems. */
export async function withImportedKeySets(
  context: Discovering,
  imported: ImportedRest,
  authorizers: readonly Authorizer[],
  problems: Problem[],
): Promise<readonly Authorizer[]> {
  // Nothing comes of such a document, so nobody is asked for it.
  if (problems.some(({ severity }) => severity === "error")) return authorizers;
  const pointers = new Map(imported.authorizers.map(({ name, pointer }) => [name, pointer]));
  return Promise.all(
    authorizers.map(async (authorizer) => {
      const pointer = pointers.get(authorizer.name);
      if (pointer === undefined) return authorizer;
      try {
        return await withKeySets(context, authorizer);
      } catch (error) {
        noteRefusal(problems, pointer, `Unable to create Authorizer '${authorizer.name}'`, error);
        return authorizer;
      }
    }),
  );
}
