// What importing a large definition costs: node bench/import.ts [rounds, 10]
// 300 resources with three methods each, a model, a template and a validator on every method, imported and deployed
// through the AWS SDK, then put again; in milliseconds as the client sees them. The document as JSON, and as YAML.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APIGatewayClient, CreateDeploymentCommand, DeleteRestApiCommand, ImportRestApiCommand, PutRestApiCommand } from "@aws-sdk/client-api-gateway";
import { stringify } from "yaml";
import { startGatehouse } from "./gatehouse.ts";
import { median } from "./measure.ts";

/** The root is one of the 300 that an API may have. */
const PATHS = 299;
/** Models that refer to each other in a circle. */
const CIRCLE = 10;
const rounds = Number(process.argv[2] ?? 10);

const integration = {
  type: "aws",
  httpMethod: "POST",
  uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
  requestTemplates: { "application/json": "#set($in = $input.path('$'))\n{\"id\": \"$input.params('id')\", \"name\": \"$util.escapeJavaScript($in.name)\"}" },
  responses: { default: { statusCode: "200" }, ".*[Ee]rror.*": { statusCode: "500", responseTemplates: { "application/json": "$input.json('$.errorMessage')" } } },
};

const operation = (path: number) => ({
  operationId: `operation${path}`,
  parameters: [{ name: "limit", in: "query", required: true, schema: { type: "integer" } }],
  requestBody: { content: { "application/json": { schema: { $ref: `#/components/schemas/Model${path}` } } } },
  responses: { 200: { description: "200 response" }, 500: { description: "500 response" } },
  "x-amazon-apigateway-integration": integration,
});

const numbers = Array.from({ length: PATHS }, (_, path) => path);
const next = (path: number): number => Math.min(path - (path % CIRCLE) + ((path + 1) % CIRCLE), PATHS - 1);
const definition = {
  openapi: "3.0.1",
  info: { title: "bench", version: "1" },
  "x-amazon-apigateway-request-validators": { all: { validateRequestBody: true, validateRequestParameters: true } },
  "x-amazon-apigateway-request-validator": "all",
  paths: Object.fromEntries(numbers.map((path) => [`/resource${path}`, { get: operation(path), post: operation(path), put: operation(path) }])),
  components: {
    schemas: Object.fromEntries(
      numbers.map((path) => [
        `Model${path}`,
        { type: "object", required: ["name"], properties: { name: { type: "string", maxLength: 100 }, next: { $ref: `#/components/schemas/Model${next(path)}` } } },
      ]),
    ),
  },
};

const directory = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
const gatehouse = await startGatehouse(directory);
const client = new APIGatewayClient({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await work(), performance.now() - start];
}

try {
  for (const [language, text] of [["JSON", JSON.stringify(definition)], ["YAML", stringify(definition, { aliasDuplicateObjects: false })]] as const) {
    const body = Buffer.from(text);
    const times: Record<"import" | "deploy" | "both" | "put", number[]> = { import: [], deploy: [], both: [], put: [] };
    for (let round = 0; round < rounds; round++) {
      const [{ id: restApiId }, imported] = await timed(() => client.send(new ImportRestApiCommand({ body })));
      const [, deployed] = await timed(() => client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" })));
      const [, put] = await timed(() => client.send(new PutRestApiCommand({ restApiId, body, mode: "overwrite" })));
      await client.send(new DeleteRestApiCommand({ restApiId }));
      times.import.push(imported);
      times.deploy.push(deployed);
      times.both.push(imported + deployed);
      times.put.push(put);
    }
    const figures = Object.entries(times).map(([name, each]) => `${name} ${median(each).toFixed(0)} ms`);
    process.stdout.write(`${language}, ${(body.length / 1024).toFixed(0)} KB, ${PATHS + 1} resources, ${PATHS * 3} methods, ${PATHS} models: ${figures.join(", ")}\n`);
  }
} finally {
  client.destroy();
  await gatehouse.child.stop();
  rmSync(directory, { recursive: true, force: true });
}
