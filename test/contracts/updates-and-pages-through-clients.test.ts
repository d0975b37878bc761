// Every path of every update, many in one request, and every list by pages, as the AWS SDK and the aws command see them.
import { describe, expect, test } from "vitest";
import { awsInstalled } from "../harness/aws-command.ts";
import { comparable } from "../harness/comparable.ts";
import { throughAws } from "../harness/control-plane-through-aws.ts";
import { throughSdk } from "../harness/control-plane-through-sdk.ts";
import { type ControlPlane, petStore, startControlPlane } from "../harness/control-plane.ts";
import { type List, LISTS } from "../harness/lists.ts";
import { type Op, preparationOf, requestOf, type Row } from "../harness/patch-case.ts";
import { PATCH_TABLE } from "../harness/patch-table.ts";
import { serveControlPlane } from "../harness/served-control-plane.ts";
import { type Deployed, deployed, type Patch, UPDATABLES } from "../harness/updatable.ts";

type Served = Awaited<ReturnType<typeof serveControlPlane>>;

const opsOf = ({ ops, also = [] }: Row): readonly Op[] => [...ops, ...also];

/** The requests that do rows' operations: what has to be there before, all that adds and replaces, and all that removes. */
function requestsOf(rows: readonly Row[], home: Deployed): readonly (readonly Patch[])[] {
  const kinds: readonly (readonly Op[])[] = [["add", "replace", "copy"], ["remove"]];
  const doing = (row: Row, ops: readonly Op[]) => opsOf(row).flatMap((op) => (ops.includes(op) ? requestOf(row, op, home) : []));
  const requests = [rows.flatMap((row) => preparationOf(row, home)), ...kinds.map((ops) => rows.flatMap((row) => doing(row, ops)))];
  return requests.filter((operations) => operations.length > 0);
}

/** Rows whose operations go together: those of one sort of thing, but for such as change it whole. */
function groupsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const sorts = [...new Set(rows.map(({ given }) => given))];
  return sorts.flatMap((sort) => {
    const own = rows.filter(({ given }) => given === sort);
    const together = own.filter(({ besides }) => besides === undefined);
    return [...(together.length > 0 ? [together] : []), ...own.filter(({ besides }) => besides !== undefined).map((row) => [row])];
  });
}

describe.each([
  ["the SDK", true, ({ client }: Served) => throughSdk(client)],
  ["the aws command", awsInstalled, (served: Served) => throughAws(served)],
] as const)("through %s", (_name, installed, seenBy) => {
  test.skipIf(!installed)("all operations of a table go in one request", { timeout: 300_000 }, async () => {
    await using served = await serveControlPlane();
    const { api } = startControlPlane();
    const seen = seenBy(served);
    for (const [operation, rows] of Object.entries(PATCH_TABLE)) {
      const make = UPDATABLES[operation] as (typeof UPDATABLES)[string];
      const homes = [await deployed(served.api), await deployed(api)] as const;
      expect(homes[0]).toEqual(homes[1]);
      for (const group of groupsOf(rows)) {
        const [one, other] = [await make(served.api, homes[0], group[0]?.given), await make(api, homes[1], group[0]?.given)];
        for (const operations of requestsOf(group, homes[0])) {
          const expected = await other.update(api, operations);
          expect(comparable(await one.update(seen, operations))).toEqual(comparable(expected));
        }
        await one.remove?.(served.api);
        await other.remove?.(api);
      }
    }
  });
});


/** Lists whose pages the command does not go through by itself, or does not put together: usage is a map. */
const BY_HAND: ReadonlySet<string> = new Set(["GetDomainNameAccessAssociations", "GetUsage"]);

/** A list of five things, made on the service itself and read through something, and all that is on it. */
async function listOf(name: string, { api }: Served, seen: ControlPlane): Promise<{ readonly page: List["page"]; readonly ids: readonly string[] }> {
  const { restApiId, rootId } = await petStore(api);
  let reader = api;
  const reading = new Proxy(api, { get: (target, operation) => Reflect.get(operation === name ? reader : target, operation) as unknown });
  const { make, page } = await (LISTS[name] as (typeof LISTS)[string])(reading, restApiId, rootId);
  for (let n = 1; n <= 5; n++) await make(n);
  const { ids } = await page({ limit: 500 });
  reader = seen;
  return { page, ids };
}

describe.each(Object.keys(LISTS))("%s", (name) => {
  test("through the SDK, page by page", async () => {
    await using served = await serveControlPlane();
    const { page, ids } = await listOf(name, served, throughSdk(served.client));
    const first = await page({ limit: 3 });
    expect(first.ids).toEqual(ids.slice(0, 3));
    expect(await page({ limit: 500, position: first.position as string })).toEqual({ ids: ids.slice(3), position: undefined });
    await expect(page({ limit: 0 })).rejects.toMatchObject({ name: "BadRequestException", message: "Invalid limit specified: 0. Must be at least 1" });
    await expect(page({ position: "nowhere" })).rejects.toMatchObject({ name: "BadRequestException", message: "Invalid position parameter specified" });
  });

  test.skipIf(!awsInstalled)("through the aws command, which goes through the pages or is told how", { timeout: 60_000 }, async () => {
    await using served = await serveControlPlane();
    const { page, ids } = await listOf(name, served, throughAws(served));
    const raw = await page({ limit: 3, paginate: false });
    expect(raw.ids).toEqual(ids.slice(0, 3));
    expect(await page({ limit: 500, position: raw.position as string, paginate: false })).toEqual({ ids: ids.slice(3), position: undefined });
    if (BY_HAND.has(name)) return;
    expect(await page({ pageSize: 2 })).toEqual({ ids, position: undefined });
    const first = await page({ maxItems: 2, pageSize: 3 });
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(await page({ startingToken: first.token as string })).toEqual({ ids: ids.slice(2), position: undefined });
  });
});

