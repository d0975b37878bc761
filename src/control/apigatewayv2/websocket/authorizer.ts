// Authorizer of a WebSocket API: a function that is asked about a client that connects
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html).
import { badRequest, conflict } from "../../../domain/errors.ts";
import { type WebSocketApiDefinition, type WebSocketAuthorizer, webSocketAuthorizers } from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import * as verbs from "../../verbs/index.ts";
import { assertNameFree } from "../authorizer.ts";
import { checkAuthorizerName, checkFunctionOf } from "../authorizer-rules.ts";
import { type ApiGatewayV2Context, type ApiInput, given, notOfWebSocketApis, notSetForWebSocketApis } from "../context.ts";
import { partOperations } from "./parts.ts";

interface AuthorizerInput extends ApiInput {
  readonly AuthorizerId: string;
}

export function webSocketAuthorizerOperations(context: ApiGatewayV2Context) {
  const { ids, limits } = context;
  return partOperations(context, {
    name: "authorizers",
    kind: webSocketAuthorizers,
    word: "Authorizer",
    most: limits.authorizersPerApi,
    idIn: ({ AuthorizerId }: AuthorizerInput) => AuthorizerId,
    idOf: ({ authorizerId }) => authorizerId,
    make: ({ AuthorizerCredentialsArn, AuthorizerUri = "", IdentitySource, Name }: Model.CreateAuthorizerRequest): WebSocketAuthorizer => ({
      authorizerId: ids.alphanumeric(6),
      name: Name,
      authorizerType: "REQUEST",
      identitySource: IdentitySource,
      authorizerUri: AuthorizerUri,
      ...given({ authorizerCredentialsArn: AuthorizerCredentialsArn }),
    }),
    rules,
    refuseOthers,
    check,
    checkUnused,
    show,
  });
}

type Members = Partial<Omit<Model.CreateAuthorizerRequest, "ApiId">>;

function refuseOthers(members: Members): void {
  const { AuthorizerPayloadFormatVersion, AuthorizerResultTtlInSeconds, AuthorizerType, EnableSimpleResponses, IdentityValidationExpression, JwtConfiguration } = members;
  if (AuthorizerType === "JWT") throw notOfWebSocketApis("JWT authorizers");
  if (JwtConfiguration !== undefined) throw notSetForWebSocketApis("JwtConfiguration");
  if (AuthorizerResultTtlInSeconds !== undefined) throw notSetForWebSocketApis("AuthorizerResultTtlInSeconds");
  if (AuthorizerPayloadFormatVersion) throw notSetForWebSocketApis("AuthorizerPayloadFormatVersion");
  if (EnableSimpleResponses) throw notSetForWebSocketApis("EnableSimpleResponses");
  if (IdentityValidationExpression) throw badRequest("identityValidationExpression is not supported for REQUEST and JWT authorizers");
}

const SOURCE = /^(?:route\.request\.(?:querystring|header)|stageVariables|context)\.[a-zA-Z0-9._-]+$/;

/** The words are quoted in github.com/aws/aws-cdk/issues/18307. */
const invalidSource = (source: string) =>
  badRequest(
    `Invalid request identity source expression: ${source}. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9.\\_-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9.\\_-]+', or a context parameter, matching 'context.[a-zA-Z0-9.\\_-]+'`,
  );

function check(authorizer: WebSocketAuthorizer, { authorizers }: WebSocketApiDefinition): void {
  assertNameFree(authorizer, authorizers);
  checkAuthorizerName(authorizer);
  checkFunctionOf(authorizer);
  const wrong = authorizer.identitySource.find((source) => !SOURCE.test(source));
  if (wrong !== undefined) throw invalidSource(wrong);
}

/** The words: github.com/anomalyco/sst/issues/5586. */
function checkUnused({ authorizerId, name }: WebSocketAuthorizer, { routes }: WebSocketApiDefinition): void {
  const user = routes.find((route) => route.authorizerId === authorizerId);
  if (user !== undefined) throw conflict(`Cannot delete authorizer '${name}', is referenced in route: ${user.routeKey}`);
}

const rules: verbs.MergeRules<WebSocketAuthorizer, Model.UpdateAuthorizerRequest> = {
  Name: verbs.taken("name"),
  IdentitySource: verbs.taken("identitySource"),
  AuthorizerUri: verbs.taken("authorizerUri"),
  AuthorizerCredentialsArn: verbs.takenOrGone("authorizerCredentialsArn"),
};

const show = (authorizer: WebSocketAuthorizer): Model.Authorizer => ({
  ...given({ AuthorizerCredentialsArn: authorizer.authorizerCredentialsArn }),
  AuthorizerId: authorizer.authorizerId,
  AuthorizerType: authorizer.authorizerType,
  AuthorizerUri: authorizer.authorizerUri,
  IdentitySource: authorizer.identitySource,
  Name: authorizer.name,
});
