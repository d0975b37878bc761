// The README's first API and what is made of it, the commands run exactly as printed.
import { execFile, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const installed = spawnSync("aws", ["--version"]).status === 0;

const FIRST = "A first API in two minutes";

describe.skipIf(!installed)("the README (pip install awscli)", () => {
  it("makes a first API", { timeout: 120_000 }, async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const blocks = (title: string) => {
      const [section = ""] = readme.slice(readme.indexOf(`## ${title}`) + 3).split("\n## ");
      return [...section.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text: text as string }));
    };
    const commandsOf = (title: string) => blocks(title).filter(({ language }) => language === "sh").map(({ text }) => text);
    const printed = blocks(FIRST).find(({ language }) => language === "")?.text;
    const commands = [...commandsOf(FIRST), "echo OPENAPI\n", ...commandsOf("An API from OpenAPI")];
    const gatehouse = await startGatehouse();
    const directory = await temporaryDirectory();
    // Only the port differs from what is printed: the default one may be taken.
    const script = `set -e\n${commands.join("\n")}`.replaceAll("127.0.0.1:4566", `127.0.0.1:${gatehouse.port}`);
    const env = { PATH: process.env["PATH"], HOME: directory };
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: directory, env });
    const [first = "", openApi = ""] = stdout.split("OPENAPI\n");
    expect(first.endsWith(`}\n${printed}`)).toBe(true);
    expect(openApi).toContain('"name": "first"');
    await gatehouse.stop();
    await removeDirectory(directory);
    await removeDirectory(gatehouse.dataDir);
  });
});
