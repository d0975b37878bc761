// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html#api-gateway-control-service-limits-table
import { expect, test } from "vitest";
import { call, callOf, NOW } from "../../../test/harness/control-plane.ts";
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import { RATES, withRates } from "./request-rates.ts";

/** Operations that only count, under AWS's rates. */
function start() {
  let now = NOW;
  const counting = async (_input: never, _call: Call) => "done";
  const names = [...Object.keys(RATES).map((name) => name.split(" ")[0] as string), "GetRestApi"];
  const operations = withRates<Record<string, typeof counting>>(Object.fromEntries(names.map((name) => [name, counting])), { now: () => now, after: () => () => undefined });
  const ask = async (name: string, input: object = {}, caller: Call = call): Promise<string> => {
    try {
      return String(await operations[name]?.(input as never, caller));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return `${error.code} ${error.message} ${String(error.members["retryAfterSeconds"])}`;
    }
  };
  return { ask, advance: (ms: number) => (now += ms) };
}

const refused = (seconds: number) => `TooManyRequestsException Too Many Requests ${seconds}`;
const ofType = (type: string) => ({ endpointConfiguration: { types: [type] } });

test.each<[string, object, number, number]>([
  ["CreateApiKey", {}, 5, 1],
  ["CreateDeployment", {}, 1, 5],
  ["CreateDocumentationVersion", {}, 1, 20],
  ["CreateDomainName", {}, 1, 30],
  ["CreateResource", {}, 5, 1],
  ["CreateRestApi", ofType("REGIONAL"), 1, 3],
  ["CreateRestApi", ofType("PRIVATE"), 1, 3],
  ["CreateRestApi", ofType("EDGE"), 1, 30],
  ["CreateRestApi", {}, 1, 30],
  ["DeleteApiKey", {}, 5, 1],
  ["DeleteDomainName", {}, 1, 30],
  ["DeleteResource", {}, 5, 1],
  ["DeleteRestApi", {}, 1, 30],
  ["GetResources", {}, 5, 2],
  ["ImportDocumentationParts", {}, 1, 30],
  ["ImportRestApi", { parameters: { endpointConfigurationTypes: "REGIONAL" } }, 1, 3],
  ["ImportRestApi", { parameters: { endpointConfigurationTypes: "EDGE" } }, 1, 30],
  ["ImportRestApi", {}, 1, 30],
  ["PutRestApi", {}, 1, 1],
  ["UpdateAccount", {}, 1, 20],
  ["UpdateDomainName", {}, 1, 30],
  ["UpdateUsagePlan", {}, 1, 20],
])("%s %j: %i in %i s", async (name, input, requests, seconds) => {
  const { ask, advance } = start();
  const next = (seconds * 1000) / requests;
  for (let i = 0; i < requests; i++) expect(await ask(name, input)).toBe("done");
  expect(await ask(name, input)).toBe(refused(Math.ceil(next / 1000)));
  advance(next - 1);
  expect(await ask(name, input)).toBe(refused(1));
  advance(1);
  expect(await ask(name, input)).toBe("done");
  advance(100_000);
  for (let i = 0; i < requests; i++) expect(await ask(name, input)).toBe("done");
  expect(await ask(name, input)).toBe(refused(Math.ceil(next / 1000)));
});

test("all operations together: 10 requests a second, 40 at once", async () => {
  const { ask, advance } = start();
  for (let i = 0; i < 40; i++) expect(await ask("GetRestApi")).toBe("done");
  expect(await ask("GetRestApi")).toBe(refused(1));
  expect(await ask("CreateDomainName")).toBe(refused(1));
  advance(100);
  // What was refused for the total has not used up the operation's own.
  expect(await ask("CreateDomainName")).toBe("done");
  expect(await ask("GetRestApi")).toBe(refused(1));
  advance(60_000);
  for (let i = 0; i < 40; i++) expect(await ask("GetRestApi")).toBe("done");
  expect(await ask("GetRestApi")).toBe(refused(1));
});

test("each account has its own in each region, and edge-optimized APIs have theirs apart", async () => {
  const { ask } = start();
  for (const caller of [call, callOf("111111111111", "us-east-1"), callOf("000000000000", "eu-west-1")]) {
    expect(await ask("CreateRestApi", ofType("EDGE"), caller)).toBe("done");
    expect(await ask("CreateRestApi", ofType("REGIONAL"), caller)).toBe("done");
    expect(await ask("CreateRestApi", ofType("EDGE"), caller)).toBe(refused(30));
  }
});

test("what is remembered is bounded: past 10,000 accounts the first ones begin anew", async () => {
  const { ask } = start();
  expect(await ask("UpdateAccount")).toBe("done");
  expect(await ask("UpdateAccount")).toBe(refused(20));
  for (let i = 0; i < 10_000; i++) await ask("GetRestApi", {}, callOf(String(i + 1).padStart(12, "0"), "us-east-1"));
  expect(await ask("UpdateAccount")).toBe("done");
});
