// ExportApi: an HTTP API as an OpenAPI 3.0 document, as a stage shows it or as it now is
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html).
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { httpDeployments, httpSnapshots } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type HttpExportSource, printJson, printYaml, writeHttpApi } from "../../openapi/index.ts";
import { type ApiGatewayV2Context, findApi } from "./context.ts";
import { definitionOf, findDefinition, httpProtocol, snapshotOf } from "./definition.ts";
import { stageOf } from "./protocol.ts";

const PRINTERS = { JSON: printJson, YAML: printYaml };

export function exportOperations(context: ApiGatewayV2Context) {
  return {
    read: async (input: Model.ExportApiRequest, call: Call): Promise<Model.ExportApiResponse> => {
      const { ExportVersion = "1.0", IncludeExtensions = true, OutputType, Specification } = input;
      if (Specification !== "OAS30") throw badRequest(`Invalid specification specified: ${Specification}. Must be one of: [OAS30]`);
      if (OutputType !== "JSON" && OutputType !== "YAML") throw badRequest(`Invalid outputType specified: ${OutputType}. Must be one of: [JSON, YAML]`);
      if (ExportVersion !== "1.0") throw badRequest(`Invalid exportVersion specified: ${ExportVersion}. Must be one of: [1.0]`);
      const source = input.StageName ? await staged(context, { ApiId: input.ApiId, StageName: input.StageName }, call) : await current(context, input, call);
      return { body: Buffer.from(PRINTERS[OutputType](writeHttpApi({ ...source, includeExtensions: IncludeExtensions }))) };
    },
  };
}

type Source = Omit<HttpExportSource, "includeExtensions">;

async function current(context: ApiGatewayV2Context, input: Model.ExportApiRequest, call: Call): Promise<Source> {
  const definition = definitionOf(await findDefinition(context, input, call));
  return { api: definition.api, snapshot: snapshotOf(definition), madeAt: context.clock.now() };
}

/** @throws {ServiceError} NotFoundException, also for a stage that nothing has been deployed to */
async function staged(context: ApiGatewayV2Context, input: { readonly ApiId: string; readonly StageName: string }, call: Call): Promise<Source> {
  const { store } = context;
  const api = await findApi(context, input, call);
  const stage = await stageOf(context, httpProtocol, api, input);
  const { deploymentId = "", stageName } = stage.value;
  const deployment = await store.get(httpDeployments, [...api.key, deploymentId]);
  const snapshot = deployment && (await store.get(httpSnapshots, [...api.key, deployment.value.snapshot]));
  if (snapshot === undefined) throw notFound("Invalid Deployment identifier specified");
  return { api: api.value, snapshot: snapshot.value, stageName, madeAt: deployment?.value.createdDate ?? context.clock.now() };
}
