// What `--help` prints: the options with their variables and defaults, from the table of settings.
import { SETTINGS, variable } from "../config/index.ts";
import { INIT_USAGE } from "./init.ts";
import { LINT_USAGE } from "./lint.ts";

/** Variables that AWS's SDKs have made a convention, so that they are no settings. */
const AWS_VARIABLES = `
Integrations with AWS services are sent to AWS_ENDPOINT_URL_<SERVICE>, else AWS_ENDPOINT_URL, else AWS, and signed with
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else with the API's account id and the secret "test".
Segments of traced requests are sent to the X-Ray daemon at AWS_XRAY_DAEMON_ADDRESS, unless --xray-daemon names one. Where
neither does, those of stages with tracing are logged, a line of JSON each; docs/tracing.md says more.
`;

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
  return `Gatehouse: an open, self-hosted Amazon API Gateway.\n\nUsage: gatehouse [options]\n       ${INIT_USAGE}\n           make the first administrator, and print its access key once; docs/access.md says more\n       ${LINT_USAGE}   check an OpenAPI document before it is imported\n\n${lines.join("\n")}\n${AWS_VARIABLES}`;
}

function defaultOf(fallback: unknown): string {
  if (typeof fallback === "boolean" || fallback === "" || isEmpty(fallback)) return "";
  return ` (default: ${String(fallback)})`;
}

const isEmpty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;
