// The README's first API, its commands run exactly as printed.
import { execFile, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const installed = spawnSync("aws", ["--version"]).status === 0;

describe.skipIf(!installed)("the README (pip install awscli)", () => {
  it("makes a first API", { timeout: 120_000 }, async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const walk = readme.slice(readme.indexOf("## A first API in two minutes"));
    const blocks = [...walk.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text: text as string }));
    const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
    const printed = blocks.find(({ language }) => language === "")?.text;
    const gatehouse = await startGatehouse();
    const directory = await temporaryDirectory();
    // Only the port differs from what is printed: the default one may be taken.
    const script = `set -e\n${commands.join("\n")}`.replaceAll("127.0.0.1:4566", `127.0.0.1:${gatehouse.port}`);
    const env = { PATH: process.env["PATH"], HOME: directory };
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: directory, env });
    expect(stdout.endsWith(`}\n${printed}`)).toBe(true);
    await gatehouse.stop();
    await removeDirectory(directory);
    await removeDirectory(gatehouse.dataDir);
  });
});
