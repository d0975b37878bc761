// GetDocumentationParts: the parts that an API has, or the entities of it that have none.
import type { Call } from "../../domain/call.ts";
import type { Definition } from "../../domain/definition.ts";
import type { DocumentationPart, DocumentationPartLocation } from "../../domain/documentation.ts";
import { documentationParts, LOCATION_DEFAULTS, locationText } from "../../domain/documentation.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { Method } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApi } from "./context.ts";
import { findDefinition } from "./definition.ts";

/** A part, or where one could be. */
type Listed = Pick<DocumentationPart, "location"> & Partial<DocumentationPart>;

/** @throws {ServiceError} NotFoundException, BadRequestException */
export async function listDocumentationParts(
  context: ApiGatewayContext,
  input: Model.GetDocumentationPartsRequest,
  call: Call,
): Promise<Model.DocumentationParts> {
  const api = await findApi(context, input, call);
  const { items } = await context.store.list(documentationParts, { prefix: api.key });
  const parts = items.map(({ value }) => value);
  if (input.locationStatus !== "UNDOCUMENTED") return verbs.pageOf<Listed>(parts.filter(matches(input)), ({ id = "" }) => id, input);
  const documented = new Set(parts.map(({ location }) => locationText(location)));
  const { definition } = await findDefinition(context, input, call);
  const without = locationsOf(definition).filter((location) => !documented.has(locationText(location)));
  const listed: readonly Listed[] = without.map((location) => ({ location }));
  return verbs.pageOf(listed.filter(matches(input)), ({ location }) => locationText(location), input);
}

const matches =
  ({ type, nameQuery = "", path = "" }: Model.GetDocumentationPartsRequest) =>
  ({ location }: Listed): boolean =>
    (type === undefined || location.type === type) &&
    (nameQuery === "" || (location.name ?? "").startsWith(nameQuery)) &&
    (path === "" || location.path === path);

/** Where everything is that an API could have documentation of. */
function locationsOf({ resources, methods, models, authorizers }: Definition): readonly DocumentationPartLocation[] {
  const tree = byId(resources);
  return [
    { type: "API" },
    ...resources.map(({ id }): DocumentationPartLocation => ({ type: "RESOURCE", path: resourcePath(tree, id) })),
    ...methods.flatMap((method) => ofMethod(method, resourcePath(tree, method.resourceId))),
    ...models.map(({ name }): DocumentationPartLocation => ({ type: "MODEL", name })),
    ...authorizers.map(({ name }): DocumentationPartLocation => ({ type: "AUTHORIZER", name })),
  ];
}

const PARAMETER_TYPES = { path: "PATH_PARAMETER", querystring: "QUERY_PARAMETER", header: "REQUEST_HEADER" } as const;

function ofMethod({ httpMethod, requestParameters, requestModels, methodResponses }: Method, path: string): readonly DocumentationPartLocation[] {
  // Any method is what a part says that names none.
  const where = { path, method: httpMethod === "ANY" ? LOCATION_DEFAULTS.method : httpMethod };
  return [
    { type: "METHOD", ...where },
    ...Object.keys(requestParameters ?? {}).flatMap((parameter): readonly DocumentationPartLocation[] => {
      const [, , place, ...name] = parameter.split(".");
      const type = PARAMETER_TYPES[place as keyof typeof PARAMETER_TYPES];
      return [{ type, ...where, name: name.join(".") }];
    }),
    ...(Object.keys(requestModels ?? {}).length === 0 ? [] : [{ type: "REQUEST_BODY", ...where } as const]),
    ...Object.values(methodResponses).flatMap(({ statusCode, responseParameters, responseModels }): readonly DocumentationPartLocation[] => [
      { type: "RESPONSE", ...where, statusCode },
      ...Object.keys(responseParameters ?? {}).map((parameter): DocumentationPartLocation => {
        return { type: "RESPONSE_HEADER", ...where, statusCode, name: parameter.slice("method.response.header.".length) };
      }),
      ...(Object.keys(responseModels ?? {}).length === 0 ? [] : [{ type: "RESPONSE_BODY", ...where, statusCode } as const]),
    ]),
  ];
}
