// The issuers of JWT authorizers, asked when an authorizer gets its configuration: AWS takes none whose discovery document cannot
// be had (the words: github.com/haandol/cognito-kakao-example/issues/1). Where its keys are is asked anew when a token comes.
import { badRequest, repeatable } from "../../domain/errors.ts";
import type { HttpAuthorizer } from "../../domain/http-api.ts";
import type { Problem } from "../../openapi/index.ts";
import type { DiscoveredIssuer, IssuerDiscovery, UndiscoveredIssuer } from "../../ports/issuer-discovery.ts";
import { noteRefusal } from "../apigateway/index.ts";

interface Discovering {
  readonly issuers: IssuerDiscovery;
}

/** Why a text is no issuer. */
export const invalidIssuer = (issuer: string): string =>
  `Invalid issuer: ${repeatable(issuer)}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`;

type Discovery = Promise<DiscoveredIssuer | UndiscoveredIssuer>;

/** By the inputs of calls: one that is decided anew, as others were faster, does not wait for its issuers again. */
const asked = new WeakMap<object, Map<string, Discovery>>();

function discoverOnce({ issuers }: Discovering, input: object, issuer: string): Discovery {
  let ofCall = asked.get(input);
  if (ofCall === undefined) asked.set(input, (ofCall = new Map<string, Discovery>()));
  let discovery = ofCall.get(issuer);
  if (discovery === undefined) ofCall.set(issuer, (discovery = issuers.discover(issuer)));
  return discovery;
}

/**
 * That the issuer of an authorizer which has passed its checks, where it has one, says where its keys are.
 * @param input of the call that gives the authorizer its configuration
 * @throws {ServiceError} BadRequestException, with the reason behind AWS's words
 */
export async function assertDiscoverable(context: Discovering, input: object, { jwtConfiguration }: HttpAuthorizer): Promise<void> {
  const issuer = jwtConfiguration?.issuer;
  if (issuer === undefined) return;
  const found = await discoverOnce(context, input, issuer);
  if ("jwksUri" in found) return;
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  throw badRequest(`Caught exception when connecting to ${url} for issuer ${issuer}. Please try again later. Error: ${invalidIssuer(issuer)}: ${found.failure}`);
}

/** The same for those that a document brings, by their places in it. What is wrong joins the problems. */
export async function assertAllDiscoverable(context: Discovering, input: object, authorizers: ReadonlyMap<string, HttpAuthorizer>, problems: Problem[]): Promise<void> {
  // Nothing comes of such a document, so nobody is asked for it.
  if (problems.some(({ severity }) => severity === "error")) return;
  await Promise.all(
    Array.from(authorizers, async ([pointer, authorizer]) => {
      try {
        await assertDiscoverable(context, input, authorizer);
      } catch (error) {
        noteRefusal(problems, pointer, `Unable to create authorizer '${authorizer.name}'`, error);
      }
    }),
  );
}
