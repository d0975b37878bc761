// Method: one HTTP verb on a resource. What hangs on it (responses, integration) is part of its record.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict } from "../../domain/errors.ts";
import { HTTP_METHODS } from "../../domain/http-method.ts";
import type { Method } from "../../domain/rest-api.ts";
import { methods, resources } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { check, put, remove } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext, FoundMethod, MethodInput } from "./context.ts";
import { findMethod, findResource, unchanged } from "./context.ts";
import { checkMethodRequestParameters } from "./mapping-expressions.ts";
import { holdReferences, noAuthorizer } from "./method-references.ts";
import { showMethod } from "./show-method.ts";

/** What a method may be declared for. */
export const DECLARED_METHODS: readonly string[] = [...HTTP_METHODS, "ANY"];

export function methodOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = (input: MethodInput, call: Call) => findMethod(context, input, call);
  return {
    put: verbs.writing(store, async (input: Model.PutMethodRequest, call): Promise<verbs.Decision<Model.Method>> => {
      const { api, resource } = await findResource(context, input, call);
      const key = [...resource.key, input.httpMethod];
      const method = checkedMethod(newMethod(input));
      if ((await store.get(methods, key)) !== undefined) throw conflict("Method already exists for this resource");
      return {
        changes: [
          unchanged(api),
          check(resources, resource.key, resource.version),
          put(methods, key, method, "absent"),
          ...(await holdReferences(context, api, method)),
        ],
        answer: showMethod(method),
      };
    }),
    read: verbs.reading(find, ({ method }) => showMethod(method.value)),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateMethodRequest, call) => find(input, call),
      of: ({ method }) => method.value,
      rules,
      keep: (found, next) => keepReferring(context, found, checkedMethod(next), showMethod(next)),
    }),
    remove: verbs.removing(store, find, ({ method }) => ({ changes: [remove(methods, method.key, method.version)] })),
  };
}

/** Writes a method, and answers with what of it the operation was about. */
export function keepMethod<Out>({ method }: FoundMethod, next: Method, answer: Out): verbs.Decision<Out> {
  return { changes: [put(methods, method.key, next, method.version)], answer };
}

/** The same for a method that may refer to other models, another validator or another authorizer than before. */
export async function keepReferring<Out>(context: ApiGatewayContext, found: FoundMethod, next: Method, answer: Out): Promise<verbs.Decision<Out>> {
  const { changes, ...decision } = keepMethod(found, next, answer);
  return { ...decision, changes: [...changes, ...(await holdReferences(context, found.api, next, found.method.value))] };
}

function newMethod({ restApiId: _restApiId, apiKeyRequired = false, ...members }: Model.PutMethodRequest): Method {
  return { ...members, apiKeyRequired, methodResponses: {} };
}

const AUTHORIZATION_TYPES: readonly string[] = ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"];

const BY_AUTHORIZER: readonly string[] = ["CUSTOM", "COGNITO_USER_POOLS", "JWT"];

/** The method, when its members agree with each other. @throws {ServiceError} BadRequestException */
export function checkedMethod(method: Method): Method {
  if (!DECLARED_METHODS.includes(method.httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${DECLARED_METHODS.join(",")}`);
  }
  if (!AUTHORIZATION_TYPES.includes(method.authorizationType)) {
    throw badRequest(`Invalid authorization type specified. Valid options are ${AUTHORIZATION_TYPES.join(",")}`);
  }
  const { authorizationType, authorizerId } = method;
  if (BY_AUTHORIZER.includes(authorizationType) && !authorizerId) throw noAuthorizer();
  checkMethodRequestParameters(method.requestParameters);
  return method;
}

const rules: verbs.PatchRules<Method> = {
  "/authorizationScopes": { add: verbs.items<Method>("authorizationScopes").add, remove: verbs.items<Method>("authorizationScopes").remove },
  "/authorizationType": { replace: verbs.set("authorizationType", verbs.someText) },
  "/authorizerId": { replace: verbs.set("authorizerId", verbs.optionalText) },
  "/apiKeyRequired": { replace: verbs.set("apiKeyRequired", verbs.boolean) },
  "/operationName": { replace: verbs.set("operationName", verbs.optionalText) },
  "/requestParameters/{name}": verbs.entries<Method, "requestParameters">("requestParameters", verbs.boolean),
  "/requestModels/{contentType}": verbs.entries<Method, "requestModels">("requestModels", verbs.someText),
  "/requestValidatorId": { replace: verbs.set("requestValidatorId", verbs.optionalText) },
};
