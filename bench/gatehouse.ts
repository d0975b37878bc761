// Gatehouse under test: started from src/main.ts, and given its APIs through the AWS SDK as any user would.
import { join } from "node:path";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { zip } from "../test/harness/zip.ts";
import { start } from "./children.ts";
import type { Child } from "./children.ts";
import type { Row, Setting } from "./rows.ts";

const ENTRY = join(import.meta.dirname, "../src/main.ts");

export interface Gatehouse {
  readonly child: Child;
  /** `http://127.0.0.1:port` */
  readonly url: string;
}

export interface GatehouseOptions {
  readonly core?: number | undefined;
  readonly workers?: number;
}

/** The program of its workers, by which their processes are told from those of functions. */
export const WORKER_PROGRAM = "worker-main.ts";

/** An account's ten thousand requests a second are fewer than the load makes; they are counted all the same. */
const UNTHROTTLED = ["rate", "burst"].flatMap((limit) => [`--account-${limit}-limit`, "999999999"]);

/** Starts it and resolves when it is ready. */
export async function startGatehouse(dataDirectory: string, { core, workers = 1 }: GatehouseOptions = {}): Promise<Gatehouse> {
  const options = ["--port", "0", "--data-dir", dataDirectory, "--log-level", "info", "--workers", String(workers), ...UNTHROTTLED];
  const child = start(process.execPath, ["--disable-warning=ExperimentalWarning", ENTRY, ...options], core);
  const url = await child.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
  return { child, url };
}

const FUNCTION = `exports.handler = async () => ({
  statusCode: 200, headers: { "Content-Type": "application/json" }, body: ${JSON.stringify(`{"data":"${"x".repeat(1013)}"}`)},
});`;

const FUNCTION_NAME = "bench";

/** Makes the function that rows may invoke. Gives the URI of integrations with it. */
export async function createFunction(url: string): Promise<string> {
  const lambda = new LambdaClient(client(url));
  const made = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION_NAME,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/bench",
      Code: { ZipFile: zip({ "index.js": FUNCTION }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: FUNCTION_NAME });
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: FUNCTION_NAME,
      StatementId: "bench",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    }),
  );
  lambda.destroy();
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${made.FunctionArn}/invocations`;
}

/** Makes and deploys an API with one method, GET /row. Gives the path to call. */
export async function createApi(url: string, row: Row, setting: Setting): Promise<string> {
  const gateway = new APIGatewayClient(client(url));
  const api = await gateway.send(new CreateRestApiCommand({ name: row.name }));
  const resource = await gateway.send(
    new CreateResourceCommand({ restApiId: api.id, parentId: api.rootResourceId, pathPart: "row" }),
  );
  const method = { restApiId: api.id, resourceId: resource.id, httpMethod: "GET" };
  const integration = row.integration(setting);
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await gateway.send(new PutIntegrationCommand({ ...method, ...integration }));
  if (!integration.type?.endsWith("_PROXY")) {
    await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
    const responseTemplates = row.responseTemplate === undefined ? undefined : { "application/json": row.responseTemplate };
    await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates }));
  }
  await gateway.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: "bench" }));
  gateway.destroy();
  return `/restapis/${api.id}/bench/_user_request_/row`;
}

/** Where a client of Gatehouse finds it. */
export function client(url: string) {
  return { endpoint: url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}
