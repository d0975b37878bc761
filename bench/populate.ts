// Fills a data directory with deployed APIs, by the control plane itself in this process: node bench/populate.ts DIRECTORY [APIS, 10000] [RESOURCES, 1]
import { openSqliteStore } from "../src/adapters/sqlite/index.ts";
import { checkSnapshot, checkStage } from "../src/plan/index.ts";
import { call, startControlPlane } from "../test/harness/control-plane.ts";

export interface Population {
  /** Where the data directory is; its Gatehouse must not be running. */
  readonly directory: string;
  readonly apis: number;
  /** Of each API, besides the root: `/row`, and `/row1`, `/row2`, ... */
  readonly resources?: number;
}

/** The stage that each is deployed to. */
export const STAGE = "bench";

/** So many APIs are made at once, so that their commits share flushes to the disk. */
const AT_ONCE = 100;

/** Makes APIs with `GET /row`, a MOCK that answers with the stage variable `version`, and deploys each to {@link STAGE}. Gives their ids. */
export async function populate({ directory, apis, resources = 1 }: Population): Promise<readonly string[]> {
  const store = await openSqliteStore({ directory });
  try {
    // Nobody is told of what is made: it is served by whoever starts with the directory next.
    const { api } = startControlPlane({ store, limits: { edgeApis: Infinity, resourcesPerApi: Infinity }, publication: { checkSnapshot, checkStage } });
    const body = Buffer.from(JSON.stringify(definition(resources)));
    const ids: string[] = [];
    let begun = 0;
    const maker = async (): Promise<void> => {
      while (begun < apis) {
        begun++;
        const { id: restApiId = "" } = await api.ImportRestApi({ body }, call);
        await api.CreateDeployment({ restApiId, stageName: STAGE }, call);
        ids.push(restApiId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, maker));
    return ids;
  } finally {
    await store.close();
  }
}

/** Where an API that was made here is called. */
export const pathOf = (apiId: string): string => `/restapis/${apiId}/${STAGE}/_user_request_/row`;

function definition(resources: number): object {
  const get = {
    responses: { 200: { description: "200 response" } },
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: "200", responseTemplates: { "application/json": '"$stageVariables.version"' } } },
    },
  };
  const paths = Array.from({ length: resources }, (_, i) => [`/row${i === 0 ? "" : i}`, { get }]);
  return { openapi: "3.0.1", info: { title: "small", version: "1" }, paths: Object.fromEntries(paths) };
}

if (import.meta.main) {
  const [directory, apis = "10000", resources = "1"] = process.argv.slice(2);
  if (directory === undefined) throw new Error("node bench/populate.ts DIRECTORY [APIS] [RESOURCES]");
  const began = performance.now();
  const { length } = await populate({ directory, apis: Number(apis), resources: Number(resources) });
  process.stdout.write(`${length} APIs in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
