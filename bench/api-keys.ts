// Rows whose callers have API keys, in a usage plan that throttles and counts them.
import { APIGatewayClient, CreateUsagePlanCommand, ImportApiKeysCommand } from "@aws-sdk/client-api-gateway";
import { client } from "./gatehouse.ts";
import type { Called } from "./rows.ts";

/** More than any load makes: nobody is refused, and every request is counted all the same. */
const MANY = 999_999_999;
/** Of one file. */
const KEYS_AT_ONCE = 1000;
const VALUE_LENGTH = 40;

let made = 0;

/** Makes so many keys for a stage, of which each request has the next one. */
export async function createKeys(url: string, apiId: string, stage: string, count: number): Promise<Pick<Called, "turns">> {
  const gateway = new APIGatewayClient(client(url));
  const throttle = { rateLimit: MANY, burstLimit: MANY };
  const plan = await gateway.send(new CreateUsagePlanCommand({ name: "bench", apiStages: [{ apiId, stage }], throttle, quota: { limit: MANY, period: "MONTH" } }));
  const values = Array.from({ length: count }, () => `bench${String(++made).padStart(VALUE_LENGTH - 5, "0")}`);
  for (let i = 0; i < count; i += KEYS_AT_ONCE) {
    const rows = values.slice(i, i + KEYS_AT_ONCE).map((value, row) => `key${i + row},${value},true,${plan.id}`);
    await gateway.send(new ImportApiKeysCommand({ format: "csv", body: Buffer.from(["Name,Key,Enabled,UsagePlanIds", ...rows].join("\n")) }));
  }
  gateway.destroy();
  return { turns: { header: "x-api-key", values } };
}
