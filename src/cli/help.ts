// What `--help` prints: the options with their variables and defaults, from the table of settings.
import { SETTINGS, variable } from "../config.ts";

/** The text of `--help`. */
export function help(): string {
  const rows = Object.entries(SETTINGS).map(([name, { placeholder, help: what, fallback }]) => ({
    option: placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`,
    what: `${what}${defaultOf(fallback)}`,
    variable: variable(name),
  }));
  rows.push(
    { option: "--config FILE", what: "settings in YAML (default: gatehouse.yaml, when it is there)", variable: "" },
    { option: "--version", what: "print the version", variable: "" },
    { option: "--help", what: "print this", variable: "" },
  );
  const lines = rows.map(({ option, what, variable: name }) => `  ${option}${name === "" ? "" : `  [${name}]`}\n      ${what}`);
  return `Gatehouse: an open, self-hosted Amazon API Gateway.\n\nUsage: gatehouse [options]\n\n${lines.join("\n")}\n`;
}

function defaultOf(fallback: unknown): string {
  if (typeof fallback === "boolean" || fallback === "" || (Array.isArray(fallback) && fallback.length === 0)) return "";
  return ` (default: ${String(fallback)})`;
}
