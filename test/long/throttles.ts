// A throttle of 100 requests a second with 50 at once, for each of two keys, in real time and under full load:
//   node test/long/throttles.ts [seconds (10)] [numbers of workers (1,2,4)]
// Prints what each key was let in, against what its bucket allows in that time, how many more were refused and by how long
// the load itself was held up, and fails when a key is off by more than a twentieth.
import { Agent, request } from "node:http";
import {
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";

const throttle = { rateLimit: 100, burstLimit: 50 };
const TOLERANCE = 0.05;
/** Of each key: enough for every worker to have some of each. */
const CONNECTIONS_PER_WORKER = 4;
/** Between an answer and the next request of a connection: the load is many times what is let in, and leaves the machine to the workers. */
const PAUSE_MS = 5;

const seconds = Number(process.argv[2] ?? 10);
const numbers = (process.argv[3] ?? "1,2,4").split(",").map(Number);

/** An API on whose `GET /` two keys are throttled. */
async function serve(gatehouse: Gatehouse): Promise<{ readonly path: string; readonly keys: readonly string[] }> {
  const client = gatehouse.apiGateway();
  const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "throttled" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE", apiKeyRequired: true }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
  await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200" }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "two", apiStages: [{ apiId: restApiId, stage: "prod" }], throttle }));
  const keys: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { id: keyId, value = "" } = await client.send(new CreateApiKeyCommand({ enabled: true }));
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
    keys.push(value);
  }
  client.destroy();
  return { path: `/restapis/${restApiId}/prod/_user_request_/`, keys };
}

interface Counts {
  admitted: number;
  refused: number;
}

/** One connection that asks again and again. @throws at any answer but 200 and 429 */
async function connection(port: number, path: string, key: string, until: number, counts: Counts): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, path, agent, headers: { "x-api-key": key } }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      });
      sent.on("error", reject).end();
    });
  while (performance.now() < until) {
    const status = await ask();
    if (status === 200) counts.admitted++;
    else if (status === 429) counts.refused++;
    else throw new Error(`the answer is ${status}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  agent.destroy();
}

/** How much later than they should timers of this process are, at most, in milliseconds: a measure of how busy the machine is. */
function watchDelays(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 10);
    last = now;
  }, 10);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

let hasFailed = false;
for (const workers of numbers) {
  const gatehouse = await startGatehouse({ args: ["--in-memory", "--workers", String(workers)] });
  try {
    const { path, keys } = await serve(gatehouse);
    const counts = keys.map((): Counts => ({ admitted: 0, refused: 0 }));
    const longestDelay = watchDelays();
    const began = performance.now();
    const loads = keys.flatMap((key, i) =>
      Array.from({ length: CONNECTIONS_PER_WORKER * workers }, () => connection(gatehouse.port, path, key, began + seconds * 1000, counts[i] as Counts)),
    );
    await Promise.all(loads);
    const allowed = throttle.burstLimit + (throttle.rateLimit * (performance.now() - began)) / 1000;
    const delay = longestDelay();
    for (const [i, { admitted, refused }] of counts.entries()) {
      const off = admitted / allowed - 1;
      if (Math.abs(off) > TOLERANCE) hasFailed = true;
      const figure = `${admitted} of ${allowed.toFixed(0)} allowed (${off < 0 ? "" : "+"}${(off * 100).toFixed(1)} %)`;
      console.log(`${workers} worker${workers === 1 ? "" : "s"}, key ${i + 1}: ${figure}, ${refused} refused, delays of up to ${delay.toFixed(0)} ms`);
    }
  } finally {
    await gatehouse.stop();
    await removeDirectory(gatehouse.dataDir);
  }
}
process.exit(hasFailed ? 1 : 0);
