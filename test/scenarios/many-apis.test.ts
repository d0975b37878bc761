// More APIs than are kept compiled, made before the program starts: all of them are served.
import { Agent, get } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathOf, populate } from "../../bench/populate.ts";
import { type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const APIS = 1100;

let dataDir: string;
let ids: readonly string[];
beforeAll(async () => {
  dataDir = await temporaryDirectory();
  ids = await populate({ directory: dataDir, apis: APIS });
});
afterAll(() => removeDirectory(dataDir));

/** How often each answer was given. */
async function answersOf({ url }: Gatehouse, some: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const counts: Record<string, number> = {};
  const ask = (id: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = get(url + pathOf(id), { agent }, (response) => {
        let text = `${response.statusCode} `;
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => {
          counts[text] = (counts[text] ?? 0) + 1;
          resolve();
        });
      });
      request.on("error", reject);
    });
  await Promise.all(some.map(ask));
  agent.destroy();
  return counts;
}

test("all are served, and again when they were dropped meanwhile", async () => {
  const gatehouse = await startGatehouse({ dataDir });
  try {
    expect(gatehouse.output()).toContain(`(${APIS} stages,`);
    expect(await answersOf(gatehouse, ids)).toEqual({ '200 ""': APIS });
    expect(await answersOf(gatehouse, ids.slice(0, 200))).toEqual({ '200 ""': 200 });
  } finally {
    await gatehouse.stop();
  }
});
