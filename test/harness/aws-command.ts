// The `aws` command, where it is installed, with a started Gatehouse for its endpoint.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import type { Gatehouse } from "./gatehouse.ts";

export const awsInstalled = spawnSync("aws", ["--version"]).status === 0;

/** Runs `aws ...` and parses what it prints. @throws with what the command says when it fails */
export async function aws(gatehouse: Gatehouse, ...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)("aws", ["--endpoint-url", gatehouse.url, "--output", "json", ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: gatehouse.dataDir,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}
