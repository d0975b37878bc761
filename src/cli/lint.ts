// `gatehouse lint FILE`: what an import would say of an OpenAPI document, with the places in the file.
import { readFileSync } from "node:fs";
import { ConfigError, readCommand } from "../config/index.ts";
import { checkOpenApi } from "../control/apigateway/index.ts";
import { AWS_LIMITS } from "../domain/limits.ts";

type LintProblem = ReturnType<typeof checkOpenApi>[number];

export const LINT_USAGE = "gatehouse lint FILE [--json] [--limits NAME=NUMBER]";

export interface LintResult {
  /** For standard output. */
  readonly text: string;
  /** 1 when the file has errors, else 0. */
  readonly exitCode: number;
}

/**
 * Runs the command with the arguments behind its name; the settings are read as at a start, for the quotas that they raise.
 * @throws {ConfigError} for arguments that it does not have, and for a file that cannot be read
 */
export function lint(args: readonly string[], env: Readonly<Record<string, string | undefined>>): LintResult {
  const [file = "", ...settings] = args.filter((arg) => arg !== "--json");
  if (file.startsWith("-")) throw new ConfigError(`unknown option ${file}; usage: ${LINT_USAGE}`);
  if (file === "" || settings[0]?.startsWith("-") === false) throw new ConfigError(`lint takes one file; usage: ${LINT_USAGE}`);
  const command = readCommand(settings, env);
  if (command.kind !== "start") return { text: `Usage: ${LINT_USAGE}\n`, exitCode: 0 };
  const problems = checkOpenApi(read(file), { ...AWS_LIMITS, ...command.config.limits });
  const text = args.includes("--json") ? asJson(file, problems) : asText(file, problems);
  return { text, exitCode: problems.some(({ severity }) => severity === "error") ? 1 : 0 };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

const SEVERITIES = ["error", "warning", "note"] as const;

function counts(problems: readonly LintProblem[]): readonly number[] {
  return SEVERITIES.map((severity) => problems.filter((problem) => problem.severity === severity).length);
}

/** The layout of compilers, which editors and CI systems read. */
function asText(file: string, problems: readonly LintProblem[]): string {
  const lines = problems.map(({ severity, message, detail, line, column }) => {
    return `${file}:${line}:${column}: ${severity}: ${message}${detail === undefined ? "" : ` (${detail})`}`;
  });
  const [errors = 0, warnings = 0, notes = 0] = counts(problems);
  return `${[...lines, `${plural(errors, "error")}, ${plural(warnings, "warning")}, ${plural(notes, "note")}`].join("\n")}\n`;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function asJson(file: string, problems: readonly LintProblem[]): string {
  const [errors, warnings, notes] = counts(problems);
  return `${JSON.stringify({ file, errors, warnings, notes, problems }, undefined, 2)}\n`;
}
