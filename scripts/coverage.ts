// Writes docs/coverage.md: which operations of each service are built, read from the services themselves, and which files
// test them. Ends with 1 when one that is built is called by no test; `--check` compares, and does so too when the page is stale.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCodeFiles } from "../src/adapters/code-files/index.ts";
import { createFunctionRuntime } from "../src/adapters/lambda-runtime/index.ts";
import { createMemoryStore } from "../src/adapters/memory/index.ts";
import { createLog, systemClock, systemIds } from "../src/adapters/system/index.ts";
import { createApiGateway } from "../src/control/apigateway/index.ts";
import { createApiGatewayV2 } from "../src/control/apigatewayv2/index.ts";
import { apiGateway } from "../src/model/apigateway.gen.ts";
import { apiGatewayManagementApi } from "../src/model/apigatewaymanagementapi.gen.ts";
import { apiGatewayV2 } from "../src/model/apigatewayv2.gen.ts";
import { iam } from "../src/model/iam.gen.ts";
import { lambda } from "../src/model/lambda.gen.ts";
import { sts } from "../src/model/sts.gen.ts";
import type { OperationTable } from "../src/model/table.ts";
import { createIam } from "../src/services/iam/index.ts";
import { createLambda } from "../src/services/lambda/index.ts";
import { createSts } from "../src/services/sts/index.ts";
import { findOperationTests, foremost, type OperationTests } from "./operation-tests.ts";

const PAGE = new URL("../docs/coverage.md", import.meta.url);

interface Coverage {
  readonly title: string;
  /** Of the service among the tests: its endpoint prefix. */
  readonly name: string;
  readonly table: OperationTable;
  readonly handlers: object;
}

/** What is built and does not do what its name says. */
const NOTES: Readonly<Record<string, string>> = {
  "apigateway GetSdk": "checks what it is asked for, and then refuses: no SDKs are generated yet",
};

const all = await services();
const tests = await findOperationTests(new URL("../", import.meta.url), [
  { service: "apigateway", client: "@aws-sdk/client-api-gateway", folder: "src/control/apigateway/", harnesses: ["/harness/control-plane.ts"] },
  { service: "apigatewayv2", client: "@aws-sdk/client-apigatewayv2", folder: "src/control/apigatewayv2/" },
  { service: "apigatewaymanagementapi", client: "@aws-sdk/client-apigatewaymanagementapi" },
  { service: "lambda", client: "@aws-sdk/client-lambda", folder: "src/services/lambda/" },
  { service: "iam", client: "@aws-sdk/client-iam", folder: "src/services/iam/" },
  { service: "sts", client: "@aws-sdk/client-sts", folder: "src/services/sts/" },
]);
const text = page(all, tests);
const untested = all.flatMap(({ name, handlers }) => Object.keys(handlers).filter((operation) => !tests.has(`${name} ${operation}`)).map((operation) => `${name} ${operation}`));
if (untested.length > 0) {
  process.stderr.write(`built, and called by no test: ${untested.join(", ")}\n`);
  process.exitCode = 1;
}
if (process.argv.includes("--check")) {
  if ((await readFile(PAGE, "utf8").catch(() => "")) !== text) {
    process.stderr.write("docs/coverage.md is stale: run `npm run generate`\n");
    process.exitCode = 1;
  }
} else await writeFile(PAGE, text);

async function services(): Promise<readonly Coverage[]> {
  const store = createMemoryStore();
  const publication = { checkSnapshot: () => [], checkStage: () => [], stageChanged: async () => {}, httpApiChanged: async () => {}, webSocketApiChanged: async () => {}, domainChanged: async () => {}, flushCache: async () => {}, flushAuthorizers: async () => {}, identitiesChanged: async () => {}, keysChanged: async () => {}, usagePlansChanged: async () => {}, usageChanged: async () => {}, keepUsage: async () => {} };
  const nobody = () => Promise.reject(new TypeError("nobody runs tests"));
  const testInvocations = { checkTest: () => [], testInvoke: nobody, testAuthorizer: nobody };
  const identity = createIam({ store, clock: systemClock, publication, log: createLog({ level: "error", stream: process.stderr }) });
  const issuers = { discover: async () => ({ failure: "nobody is asked" }) };
  const apiGatewayHandlers = createApiGateway({ store, publication, issuers, testInvocations, clock: systemClock, ids: systemIds });
  return [
    {
      title: "API Gateway, REST APIs (`apigateway`)",
      name: "apigateway",
      table: apiGateway,
      handlers: apiGatewayHandlers,
    },
    { title: "API Gateway, HTTP and WebSocket APIs (`apigatewayv2`)", name: "apigatewayv2", table: apiGatewayV2, handlers: createApiGatewayV2({ store, publication, issuers, domainNames: apiGatewayHandlers, clock: systemClock, ids: systemIds }) },
    // Answered by the data plane: src/gateway/websocket/callbacks.ts.
    { title: "API Gateway, callbacks (`apigatewaymanagementapi`)", name: "apigatewaymanagementapi", table: apiGatewayManagementApi, handlers: apiGatewayManagementApi.operations },
    { title: "Lambda (`lambda`)", name: "lambda", table: lambda, handlers: await lambdaHandlers() },
    { title: "IAM (`iam`)", name: "iam", table: iam, handlers: identity.handlers },
    { title: "STS (`sts`)", name: "sts", table: sts, handlers: createSts(identity.context) },
  ];
}

async function lambdaHandlers(): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), "gatehouse-coverage-"));
  const parts = { store: createMemoryStore(), clock: systemClock, ids: systemIds, log: createLog({ level: "error", stream: process.stderr }) };
  const code = await createCodeFiles({ directory, durable: false });
  const runtime = createFunctionRuntime({
    ...parts,
    sandbox: "off",
    protectedDirectories: [],
    temporaryDirectory: directory,
    idleMs: 0,
    limits: { processes: 0, memoryMb: 0 },
  });
  const settings = { relaxPermissions: false, hotReload: false, maxConcurrency: 0, eventLimit: 0 };
  const service = createLambda({ ...parts, runtime, code, settings });
  await service.close();
  await runtime.close();
  await code.close();
  await rm(directory, { recursive: true, force: true });
  return service.handlers;
}

function page(all: readonly Coverage[], tests: OperationTests): string {
  const rows = all.map(({ title, table, handlers }) => {
    const { length } = Object.keys(table.operations);
    return `| ${title} | ${Object.keys(handlers).length} of ${length} |`;
  });
  const lists = all.map(({ title, name, table, handlers }) => {
    const names = Object.keys(table.operations).sort();
    const [built, missing] = [names.filter((each) => each in handlers), names.filter((each) => !(each in handlers))];
    const tested = built.map((operation) => row(name, operation, tests));
    const builtTable = built.length === 0 ? "" : `| built | tested by |\n|---|---|\n${tested.join("\n")}\n\n`;
    return `## ${title}\n\n${builtTable}${paragraph("Answers 501", missing)}`;
  });
  return (
    "# Operations\n\nGenerated by `npm run generate` from the services' own tables and the tests that call them; do not edit.\n\n" +
    `| service | built |\n|---|---|\n${rows.join("\n")}\n\n${lists.join("")}`.trimEnd() + "\n"
  );
}

function row(service: string, operation: string, tests: OperationTests): string {
  const note = NOTES[`${service} ${operation}`];
  const files = foremost(tests, service, operation).map((file) => `[${file.slice(file.lastIndexOf("/") + 1).replace(".test.ts", "")}](../${file})`);
  return `| \`${operation}\`${note === undefined ? "" : ` (${note})`} | ${files.join(", ")} |`;
}

function paragraph(label: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `${label}: ${names.map((name) => `\`${name}\``).join(", ")}.\n\n`;
}
