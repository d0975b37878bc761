// Lists of functions and of their versions.
import type { Call } from "../../domain/call.ts";
import type { FunctionConfiguration, LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Store, Stored } from "../../ports/store.ts";
import { summary } from "./configuration.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { LATEST, readTarget } from "./function-name.ts";
import { listPage, pageLimit, readMarker, writeMarker, type PageRequest } from "./paging.ts";
import { functions, versions, type FunctionRecord } from "./records.ts";
import { requireFunction } from "./resolve.ts";

export function listOperations(
  context: LambdaContext,
): Pick<Handlers<LambdaOperations, Call>, "ListFunctions" | "ListVersionsByFunction"> {
  const { store } = context;
  return {
    async ListFunctions(input, { account, region }) {
      // Functions of Lambda@Edge are copies of one in another region; none are made here.
      const { MasterRegion = "ALL" } = input;
      if (MasterRegion !== "ALL" && MasterRegion !== region) return { Functions: [] };
      if (input.FunctionVersion === "ALL") {
        const { items, NextMarker } = await takePage(everyVersion(store, account, region, input), input);
        return { Functions: items, ...(NextMarker === undefined ? {} : { NextMarker }) };
      }
      const { items, NextMarker } = await listPage(store, functions, [account, region], input);
      const Functions = items.map(({ value }) => summary({ account, region, name: value.name }, value.config, LATEST));
      return { Functions, ...(NextMarker === undefined ? {} : { NextMarker }) };
    },

    async ListVersionsByFunction(input, call) {
      const stored = await requireFunction(context, readTarget(call, "ListVersionsByFunction", input.FunctionName));
      const { items, NextMarker } = await takePage(versionsOf(store, stored), input);
      return { Versions: items, ...(NextMarker === undefined ? {} : { NextMarker }) };
    },
  };
}

interface ListedVersion {
  readonly name: string;
  /** 0 for `$LATEST`, which comes first. */
  readonly number: number;
  readonly configuration: FunctionConfiguration;
}

async function takePage(
  all: AsyncIterable<ListedVersion>, request: PageRequest,
): Promise<{ items: FunctionConfiguration[]; NextMarker?: string }> {
  const [lastName, lastNumber] = readMarker(request) ?? [];
  const items: FunctionConfiguration[] = [];
  let last: ListedVersion | undefined;
  for await (const version of all) {
    if (version.name === lastName && version.number <= Number(lastNumber)) continue;
    if (last && items.length === pageLimit(request)) return { items, NextMarker: writeMarker([last.name, String(last.number)]) };
    items.push(version.configuration);
    last = version;
  }
  return { items };
}

/** From the function on that the page before ended with. */
async function* everyVersion(
  store: Store, account: string, region: string, request: PageRequest,
): AsyncGenerator<ListedVersion> {
  const [from] = readMarker(request) ?? [];
  let after = from === undefined ? undefined : [account, region, from];
  const first = after && (await store.get(functions, after));
  if (first) yield* versionsOf(store, first);
  for (;;) {
    const page = await store.list(functions, { prefix: [account, region], limit: 50, ...(after ? { after } : {}) });
    for (const stored of page.items) yield* versionsOf(store, stored);
    if (!page.more) return;
    after = [...(page.items.at(-1) as Stored<FunctionRecord>).key];
  }
}

async function* versionsOf(store: Store, { key, value: { name, config } }: Stored<FunctionRecord>): AsyncGenerator<ListedVersion> {
  const id = { account: key[0] as string, region: key[1] as string, name };
  yield { name, number: 0, configuration: summary(id, config, LATEST, LATEST) };
  const published = await store.list(versions, { prefix: keyOf(id) });
  for (const { value } of published.items) {
    const version = String(value.number);
    yield { name, number: value.number, configuration: summary(id, value.config, version, version) };
  }
}
