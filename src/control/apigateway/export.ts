// GetExport: an API as a stage serves it, as an OpenAPI document
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html).
import { partitionOf } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import { documentationVersions } from "../../domain/documentation.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { deployments, snapshots } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { ExportExtension, ExportFormat } from "../../openapi/index.ts";
import { EXPORT_EXTENSIONS, ExportError, printJson, printYaml, timestamp, writeDocument } from "../../openapi/index.ts";
import { type ApiGatewayContext, findStage } from "./context.ts";

const FORMATS: readonly ExportFormat[] = ["oas30", "swagger"];

const PRINTERS = {
  "application/json": { print: printJson, ending: "json" },
  "application/yaml": { print: printYaml, ending: "yaml" },
} as const;

export function exportOperations(context: ApiGatewayContext) {
  return { read: (input: Model.GetExportRequest, call: Call) => readExport(context, input, call) };
}

/** The headers are those of AWS's answers, which name the deployment's time and give no better type than this. */
async function readExport(context: ApiGatewayContext, input: Model.GetExportRequest, call: Call): Promise<Model.ExportResponse> {
  const { store } = context;
  const { api, stage } = await findStage(context, input, call);
  const format = formatOf(input.exportType);
  const { print, ending } = printerOf(input.accepts);
  const extensions = extensionsOf(input.parameters?.["extensions"]);
  const { documentationVersion } = stage.value;
  const [deployment, version] = await Promise.all([
    store.get(deployments, [...api.key, stage.value.deploymentId]),
    documentationVersion === undefined ? undefined : store.get(documentationVersions, [...api.key, documentationVersion]),
  ]);
  const snapshot = deployment && (await store.get(snapshots, [deployment.value.snapshot]));
  if (deployment === undefined || snapshot === undefined) throw notFound("Invalid Deployment identifier specified");
  const source = {
    api: api.value,
    snapshot: snapshot.value,
    stageName: stage.value.stageName,
    deployedAt: deployment.value.createdDate,
    domainSuffix: partitionOf(call.region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
    ...(version ? { documentation: version.value } : {}),
    ...(extensions ? { extensions } : {}),
  };
  return {
    contentType: "application/octet-stream",
    contentDisposition: `attachment; filename="${format}_${timestamp(source.deployedAt)}.${ending}"`,
    body: Buffer.from(print(written(source, format))),
  };
}

function written(...args: Parameters<typeof writeDocument>): ReturnType<typeof writeDocument> {
  try {
    return writeDocument(...args);
  } catch (error) {
    if (error instanceof ExportError) throw badRequest(error.message);
    throw error;
  }
}

/** @throws {ServiceError} BadRequestException */
function formatOf(exportType: string): ExportFormat {
  const format = FORMATS.find((each) => each === exportType);
  if (format === undefined) throw badRequest(`Invalid export type specified: ${exportType}. Must be one of: [${FORMATS.join(", ")}]`);
  return format;
}

/** JSON where the client takes anything. @throws {ServiceError} BadRequestException */
function printerOf(accepts = ""): (typeof PRINTERS)[keyof typeof PRINTERS] {
  const types = accepts.split(",").map((each) => each.split(";")[0]?.trim().toLowerCase() ?? "");
  for (const type of types) {
    if (type === "application/json" || type === "application/yaml") return PRINTERS[type];
    if (type === "" || type === "*/*" || type === "application/*") return PRINTERS["application/json"];
  }
  throw badRequest(`Invalid Accept header specified: ${accepts}. Must be one of: [${Object.keys(PRINTERS).join(", ")}]`);
}

/** @throws {ServiceError} BadRequestException for a name that is none */
function extensionsOf(list: string | undefined): ReadonlySet<ExportExtension> | undefined {
  const names = list?.split(",").map((each) => each.trim()).filter((each) => each !== "");
  if (names === undefined || names.length === 0) return undefined;
  const known = EXPORT_EXTENSIONS.filter((each) => names.includes(each));
  const unknown = names.find((each) => !known.includes(each as ExportExtension));
  if (unknown !== undefined) throw badRequest(`Invalid extension specified: ${unknown}. Must be one of: [${EXPORT_EXTENSIONS.join(", ")}]`);
  return new Set(known);
}
