// MethodResponse: a status code that a method answers with, and the headers and models it declares for it.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import type { Method, MethodResponse } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext, FoundMethod, MethodInput } from "./context.ts";
import { findMethod } from "./context.ts";
import { checkMethodResponseParameters } from "./mapping-expressions.ts";
import { keepMethod, keepReferring } from "./method.ts";
import { showMethodResponse } from "./show-method.ts";

export interface StatusInput extends MethodInput {
  readonly statusCode: string;
}

interface Found extends FoundMethod {
  readonly response: MethodResponse;
}

export function methodResponseOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: StatusInput, call: Call): Promise<Found> => {
    const found = await findMethod(context, input, call);
    return { ...found, response: methodResponse(found.method.value, input.statusCode) };
  };
  return {
    put: verbs.writing(store, async (input: Model.PutMethodResponseRequest, call): Promise<verbs.Decision<Model.MethodResponse>> => {
      const found = await findMethod(context, input, call);
      const { restApiId: _restApiId, resourceId: _resourceId, httpMethod: _httpMethod, ...members } = input;
      const response = checkedMethodResponse(members);
      if (Object.hasOwn(found.method.value.methodResponses, response.statusCode)) throw conflict("Response already exists for this resource");
      return keep(context, found, response);
    }),
    read: verbs.reading(find, ({ response }) => showMethodResponse(response)),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateMethodResponseRequest, call) => find(input, call),
      of: ({ response }) => response,
      rules,
      keep: (found, next) => keep(context, found, checkedMethodResponse(next)),
    }),
    remove: verbs.removing(store, find, (found) => {
      const { [found.response.statusCode]: _gone, ...methodResponses } = found.method.value.methodResponses;
      return keepMethod(found, { ...found.method.value, methodResponses }, undefined);
    }),
  };
}

/** @throws {ServiceError} NotFoundException */
export function methodResponse(method: Method, statusCode: string): MethodResponse {
  const response = Object.hasOwn(method.methodResponses, statusCode) ? method.methodResponses[statusCode] : undefined;
  if (response === undefined) throw notFound("Invalid Response status code specified");
  return response;
}

function keep(context: ApiGatewayContext, found: FoundMethod, response: MethodResponse): Promise<verbs.Decision<Model.MethodResponse>> {
  const methodResponses = { ...found.method.value.methodResponses, [response.statusCode]: response };
  return keepReferring(context, found, { ...found.method.value, methodResponses }, showMethodResponse(response));
}

/** Three digits, the first 1 to 5 (model: StatusCode). @throws {ServiceError} BadRequestException */
export function checkStatusCode(statusCode: string): void {
  if (!/^[1-5]\d\d$/.test(statusCode)) throw badRequest("Invalid Response status code specified");
}

/** @throws {ServiceError} BadRequestException */
export function checkedMethodResponse(response: MethodResponse): MethodResponse {
  checkStatusCode(response.statusCode);
  checkMethodResponseParameters(response.responseParameters);
  return response;
}

const rules: verbs.PatchRules<MethodResponse> = {
  "/responseModels/{contentType}": verbs.entries<MethodResponse, "responseModels">("responseModels", verbs.someText),
  "/responseParameters/{name}": verbs.entries<MethodResponse, "responseParameters">("responseParameters", verbs.boolean),
};
