// Real servers behind AWS service integrations: moto's stands in for S3, Kinesis, SQS and DynamoDB, and is asked over its
// wire only. Tests that need it are skipped where it is not installed.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

export interface AwsServices extends AsyncDisposable {
  readonly url: string;
}

/** Why the servers cannot be started; undefined when they can. */
export const awsServicesMissing: string | undefined = probe();

function probe(): string | undefined {
  const { status } = spawnSync("moto_server", ["--help"], { stdio: "ignore" });
  return status === 0 ? undefined : "moto_server is not installed: python3 -m pip install 'moto[server]==5.2.1'";
}

/** Starts them on a free port. @throws {Error} when they do not start within 20 seconds. */
export async function startAwsServices(): Promise<AwsServices> {
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "close");
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exit;
  };
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    const timer = setTimeout(() => reject(new Error(`moto_server did not start:\n${output}`)), 20_000);
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`moto_server ended with ${code}:\n${output}`)));
  }).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return { url, [Symbol.asyncDispose]: end };
}
