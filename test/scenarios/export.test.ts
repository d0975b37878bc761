// GetExport through the AWS SDK and the `aws` command (developer guide: api-gateway-export-api).
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateDocumentationPartCommand,
  CreateDocumentationVersionCommand,
  CreateRestApiCommand,
  GetExportCommand,
  type GetExportCommandInput,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { aws, awsInstalled } from "../harness/aws-command.ts";
import { type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

let gatehouse: Gatehouse;
let client: APIGatewayClient;
let restApiId: string;
let directory: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway();
  const api = await client.send(new CreateRestApiCommand({ name: "Exported", description: "Größe" }));
  restApiId = api.id as string;
  const method = { restApiId, resourceId: api.rootResourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  await client.send(new CreateDocumentationPartCommand({ restApiId, location: { type: "METHOD" }, properties: '{"summary":"Sum"}' }));
  await client.send(new CreateDocumentationVersionCommand({ restApiId, documentationVersion: "1", stageName: "prod" }));
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(directory);
});

async function get(input: Partial<GetExportCommandInput>) {
  const { body, contentType, contentDisposition } = await client.send(new GetExportCommand({ restApiId, stageName: "prod", exportType: "oas30", ...input }));
  return { text: Buffer.from(body as Uint8Array).toString(), contentType, contentDisposition };
}

const expected = {
  paths: {
    "/": {
      get: {
        summary: "Sum",
        "x-amazon-apigateway-integration": {
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          passthroughBehavior: "when_no_match",
          responseTransferMode: "BUFFERED",
          type: "mock",
        },
      },
    },
  },
};

describe("GetExport", () => {
  it("comes to the SDK with its headers", async () => {
    const { text, contentType, contentDisposition } = await get({ parameters: { extensions: "apigateway" } });
    expect(contentType).toBe("application/octet-stream");
    const document = JSON.parse(text) as { info: { version: string } };
    expect(document.info.version).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(contentDisposition).toBe(`attachment; filename="oas30_${document.info.version}.json"`);
    expect(document).toMatchObject({ openapi: "3.0.1", info: { title: "Exported", description: "Größe" }, ...expected });
  });

  it("gives the same in YAML", async () => {
    const parameters = { extensions: "integrations,documentation" };
    const json = await get({ parameters, accepts: "application/json" });
    const yaml = await get({ parameters, accepts: "application/yaml" });
    expect(yaml.text.slice(0, 20)).toBe('---\nopenapi: "3.0.1"');
    expect(parseYaml(yaml.text)).toEqual(JSON.parse(json.text));
  });

  it.each([
    [{ exportType: "raml" }, "400 BadRequestException: Invalid export type specified: raml. Must be one of: [oas30, swagger]"],
    [{ stageName: "none" }, "404 NotFoundException: Invalid stage identifier specified"],
  ])("refuses %j", async (input, words) => {
    const refused = await get(input).catch((error: Error & { $metadata: { httpStatusCode: number } }) => `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`);
    expect(refused).toBe(words);
  });

  it.skipIf(!awsInstalled)("comes to the aws command (pip install awscli)", { timeout: 60_000 }, async () => {
    const file = join(directory, "latestswagger2.json");
    const names = ["--rest-api-id", restApiId, "--stage-name", "prod", "--export-type", "swagger"];
    const printed = await aws(gatehouse, "apigateway", "get-export", "--parameters", "extensions=apigateway", ...names, file);
    const document = JSON.parse(await readFile(file, "utf8")) as { info: { version: string } };
    expect(printed).toEqual({ contentType: "application/octet-stream", contentDisposition: `attachment; filename="swagger_${document.info.version}.json"` });
    expect(document).toMatchObject({ swagger: "2.0", ...expected });
  });
});
