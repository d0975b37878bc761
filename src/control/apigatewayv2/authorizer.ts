// Authorizer: who decides whether a caller may use a route, an issuer of JSON web tokens or a function.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { type HttpAuthorizer, httpAuthorizers } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { checkedAuthorizer, jwtConfigurationOf, newAuthorizer } from "./authorizer-rules.ts";
import { type ApiGatewayV2Context, type ApiInput, findApi, given, pageOf, shownPage } from "./context.ts";
import { definitionOf, findDefinition, type FoundDefinition, redefined, withPart } from "./definition.ts";
import { assertDiscoverable } from "./jwt-issuers.ts";
import { tooMany } from "./route.ts";

interface AuthorizerInput extends ApiInput {
  readonly AuthorizerId: string;
}

interface Found {
  readonly found: FoundDefinition;
  readonly authorizer: Stored<HttpAuthorizer>;
}

const idOf = ({ authorizerId }: HttpAuthorizer): string => authorizerId;

export function authorizerOperations(context: ApiGatewayV2Context) {
  const { store, ids, limits } = context;
  const find = async (input: AuthorizerInput, call: Call): Promise<Found> => {
    const found = await findDefinition(context, input, call);
    const authorizer = found.authorizers.find(({ value }) => value.authorizerId === input.AuthorizerId);
    if (authorizer === undefined) throw notFound("Invalid Authorizer identifier specified");
    return { found, authorizer };
  };
  /** @param configuring the input of a call that says whom the authorizer trusts */
  const keep = async (found: FoundDefinition, authorizer: HttpAuthorizer, configuring: object | undefined) => {
    const before = definitionOf(found);
    assertNameFree(authorizer, before.authorizers);
    const checked = checkedAuthorizer(authorizer, limits);
    if (configuring !== undefined) await assertDiscoverable(context, configuring, checked);
    return { ...(await redefined(context, found, { ...before, authorizers: withPart(before.authorizers, checked, idOf) })), answer: show(checked) };
  };
  return {
    create: verbs.writing(store, async (input: Model.CreateAuthorizerRequest, call): Promise<verbs.Decision<Model.CreateAuthorizerResponse>> => {
      const found = await findDefinition(context, input, call);
      refuseExpression(input);
      if (found.authorizers.length >= limits.authorizersPerApi) throw tooMany("Authorizers");
      return keep(found, newAuthorizer(ids, input), input);
    }),
    read: verbs.reading(find, ({ authorizer }) => show(authorizer.value)),
    list: async (input: Model.GetAuthorizersRequest, call: Call): Promise<Model.GetAuthorizersResponse> => {
      const api = await findApi(context, input, call);
      return shownPage(await verbs.page(store, httpAuthorizers, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: async (input: Model.UpdateAuthorizerRequest, call) => {
        const found = await find(input, call);
        refuseExpression(input);
        const { authorizerType } = found.authorizer.value;
        if (input.AuthorizerType !== undefined && input.AuthorizerType !== authorizerType) {
          throw badRequest(`An authorizer of type ${authorizerType} cannot become one of type ${input.AuthorizerType}`);
        }
        return found;
      },
      of: ({ authorizer }): HttpAuthorizer => authorizer.value,
      rules,
      keep: ({ found }, next, input): Promise<verbs.Decision<Model.UpdateAuthorizerResponse>> => keep(found, next, input.JwtConfiguration && input),
    }),
    remove: verbs.removing(store, find, ({ found, authorizer }) => {
      const { authorizerId, name } = authorizer.value;
      const before = definitionOf(found);
      const user = before.routes.find((route) => route.authorizerId === authorizerId);
      // The words: github.com/anomalyco/sst/issues/5586.
      if (user !== undefined) throw conflict(`Cannot delete authorizer '${name}', is referenced in route: ${user.routeKey}`);
      return redefined(context, found, { ...before, authorizers: before.authorizers.filter((each) => each !== authorizer.value) });
    }),
  };
}

/** Model: CreateAuthorizerRequest.identityValidationExpression. */
function refuseExpression({ IdentityValidationExpression: expression }: Pick<Model.CreateAuthorizerRequest, "IdentityValidationExpression">): void {
  if (expression) throw badRequest("identityValidationExpression is not supported for REQUEST and JWT authorizers");
}

type NamedAuthorizer = Pick<HttpAuthorizer, "authorizerId" | "name">;

/** The words are quoted in github.com/aws/aws-cdk/issues/13711. */
export function assertNameFree({ authorizerId, name }: NamedAuthorizer, authorizers: readonly NamedAuthorizer[]): void {
  if (authorizers.some((each) => each.name === name && each.authorizerId !== authorizerId)) {
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  }
}

const rules: verbs.MergeRules<HttpAuthorizer, Model.UpdateAuthorizerRequest> = {
  Name: verbs.taken("name"),
  IdentitySource: verbs.taken("identitySource"),
  JwtConfiguration: (authorizer, configuration) => ({ ...authorizer, jwtConfiguration: jwtConfigurationOf(configuration) }),
  AuthorizerUri: verbs.takenOrGone("authorizerUri"),
  AuthorizerCredentialsArn: verbs.takenOrGone("authorizerCredentialsArn"),
  AuthorizerPayloadFormatVersion: (authorizer, version) => ({
    ...authorizer,
    authorizerPayloadFormatVersion: version as NonNullable<HttpAuthorizer["authorizerPayloadFormatVersion"]>,
  }),
  AuthorizerResultTtlInSeconds: verbs.taken("authorizerResultTtlInSeconds"),
  EnableSimpleResponses: verbs.taken("enableSimpleResponses"),
};

/** An authorizer as answers carry it. */
function show(authorizer: HttpAuthorizer): Model.Authorizer {
  const { authorizerCredentialsArn, authorizerPayloadFormatVersion, authorizerResultTtlInSeconds, authorizerUri } = authorizer;
  const { enableSimpleResponses, jwtConfiguration } = authorizer;
  return {
    ...given({ AuthorizerCredentialsArn: authorizerCredentialsArn }),
    AuthorizerId: authorizer.authorizerId,
    ...given({ AuthorizerPayloadFormatVersion: authorizerPayloadFormatVersion, AuthorizerResultTtlInSeconds: authorizerResultTtlInSeconds }),
    AuthorizerType: authorizer.authorizerType,
    ...given({ AuthorizerUri: authorizerUri, EnableSimpleResponses: enableSimpleResponses }),
    IdentitySource: authorizer.identitySource,
    ...(jwtConfiguration === undefined ? {} : { JwtConfiguration: given({ Audience: jwtConfiguration.audience, Issuer: jwtConfiguration.issuer }) }),
    Name: authorizer.name,
  };
}
