// Gatehouse under test: started from src/main.ts, with a function to invoke.
import { join } from "node:path";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { zip } from "../test/harness/zip.ts";
import { start } from "./children.ts";
import type { Child } from "./children.ts";

const ENTRY = join(import.meta.dirname, "../src/main.ts");

export interface Gatehouse {
  readonly child: Child;
  /** `http://127.0.0.1:port` */
  readonly url: string;
}

export interface GatehouseOptions {
  readonly core?: number | undefined;
  readonly workers?: number;
  readonly args?: readonly string[];
}

/** The program of its workers, by which their processes are told from those of functions. */
export const WORKER_PROGRAM = "worker-main.ts";

/** An account's ten thousand requests a second are fewer than the load makes; they are counted all the same. */
const UNTHROTTLED = ["rate", "burst"].flatMap((limit) => [`--account-${limit}-limit`, "999999999"]);

/** Rows have more keys than the 10,000 of an account. */
const KEYS = ["--limits", "api-keys=20000"];

/** Starts it and resolves when it is ready. */
export async function startGatehouse(dataDirectory: string, { core, workers = 1, args = [] }: GatehouseOptions = {}): Promise<Gatehouse> {
  const options = ["--port", "0", "--data-dir", dataDirectory, "--log-level", "info", "--workers", String(workers), ...UNTHROTTLED, ...KEYS, ...args];
  const child = start(process.execPath, ["--disable-warning=ExperimentalWarning", ENTRY, ...options], core);
  const url = await child.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
  return { child, url };
}

const FUNCTION = `exports.handler = async () => ({
  statusCode: 200, headers: { "Content-Type": "application/json" }, body: ${JSON.stringify(`{"data":"${"x".repeat(1013)}"}`)},
});`;

const FUNCTION_NAME = "bench";

/** Makes a function that API Gateway may invoke: the one that rows do, unless told otherwise. Gives its ARN. */
export async function createFunction(url: string, FunctionName = FUNCTION_NAME, code = FUNCTION): Promise<string> {
  const lambda = new LambdaClient(client(url));
  const made = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/bench",
      Code: { ZipFile: zip({ "index.js": code }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName });
  await lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: "bench",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    }),
  );
  lambda.destroy();
  return made.FunctionArn ?? "";
}

/** Where a client of Gatehouse finds it. */
export function client(url: string) {
  return { endpoint: url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}
