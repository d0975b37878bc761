// OpenAPI 2.0: what of an operation is told in another way than in 3.0, and the document around it all.
import { EXTENSIONS } from "../extensions.ts";
import { modelReference } from "./schemas.ts";
import { defined, type JsonObject, unlessEmpty } from "./source.ts";
import type { Dialect } from "./dialect.ts";

export const swagger: Dialect = {
  models: "#/definitions/",
  methods: ["get", "head", "post", "put", "delete", "options", "patch"],
  parameter: ({ required, ...parameter }) => ({ ...parameter, required, type: "string" }),
  requestMembers(exporting, { method, path }, parameters, bodyDocumentation) {
    const { requestModels, methodIntegration: integration, methodResponses } = method;
    const body = modelReference(exporting, requestModels, `method ${method.httpMethod} of ${path}`);
    const bodyParameter = body && { in: "body", name: body[2], required: true, schema: body[1], ...bodyDocumentation };
    const consumed = [requestModels, integration?.requestTemplates];
    const produced = [
      ...Object.values(methodResponses).map(({ responseModels }) => responseModels),
      ...Object.values(integration?.integrationResponses ?? {}).map(({ responseTemplates }) => responseTemplates),
    ];
    return {
      consumes: contentTypes(consumed),
      produces: contentTypes(produced),
      parameters: unlessEmpty([...parameters, ...(bodyParameter ? [bodyParameter] : [])]),
    };
  },
  response: (description, headers, models, whose, exporting) => {
    const schema = modelReference(exporting, models, whose)?.[1];
    return defined({ description, schema, headers: unlessEmpty(headers) });
  },
  header: (documentation) => ({ type: "string", ...documentation }),
  responses: (responses) => responses,
  document({ api, stageName, domainSuffix, wants }, { title, version, ...info }, { paths, schemas, securitySchemes, endpointConfiguration }) {
    const { description, ...said } = info;
    return {
      swagger: "2.0",
      info: defined({ description, version, title, ...said }),
      host: `${api.id}.execute-api.${api.region}.${domainSuffix}`,
      basePath: `/${stageName}`,
      schemes: ["https"],
      paths,
      ...defined({ securityDefinitions: securitySchemes, definitions: schemas }),
      ...(wants("apigateway") ? defined({ [EXTENSIONS.endpointConfiguration]: endpointConfiguration }) : {}),
    };
  },
};

/** The content types that any of the maps has, each once. */
function contentTypes(maps: readonly (JsonObject | undefined)[]): readonly string[] | undefined {
  return unlessEmpty([...new Set(maps.flatMap((map) => Object.keys(map ?? {})))]);
}
