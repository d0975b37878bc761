// OpenAPI 3.0: what of an operation is told in another way than in 2.0, and the document around it all.
import { EXTENSIONS } from "../extensions.ts";
import type { Dialect } from "./dialect.ts";
import { type ModelReference, modelReferences } from "./schemas.ts";
import { defined, type JsonObject, unlessEmpty } from "./source.ts";

export const oas30: Dialect = {
  models: "#/components/schemas/",
  methods: ["get", "put", "post", "delete", "options", "head", "patch"],
  parameter: ({ name, in: place, required, ...said }) => {
    return { name, in: place, ...(required ? { required } : {}), ...said, schema: { type: "string" } };
  },
  requestMembers(exporting, { method, path }, parameters, bodyDocumentation) {
    const content = contentOf(modelReferences(exporting, method.requestModels, `method ${method.httpMethod} of ${path}`));
    return {
      parameters: unlessEmpty(parameters),
      requestBody: unlessEmpty(content) && { ...bodyDocumentation, content, required: true },
    };
  },
  response: (description, headers, models, whose, exporting) =>
    defined({ description, headers: unlessEmpty(headers), content: contentOf(modelReferences(exporting, models, whose)) }),
  header: (documentation) => ({ ...documentation, schema: { type: "string" } }),
  // Exports of proxies have none.
  responses: unlessEmpty,
  document({ api, stageName, domainSuffix, wants }, { title, version, ...info }, { paths, schemas, securitySchemes, endpointConfiguration }) {
    const { description, ...said } = info;
    const server = {
      url: `https://${api.id}.execute-api.${api.region}.${domainSuffix}/{basePath}`,
      variables: { basePath: { default: `/${stageName}` } },
      ...(wants("apigateway") ? defined({ [EXTENSIONS.endpointConfiguration]: endpointConfiguration }) : {}),
    };
    return {
      openapi: "3.0.1",
      info: defined({ title, description, version, ...said }),
      servers: [server],
      paths,
      components: defined({ schemas, securitySchemes }),
    };
  },
};

const contentOf = (references: readonly ModelReference[]): JsonObject =>
  Object.fromEntries(references.map(([contentType, schema]) => [contentType, { schema }]));
