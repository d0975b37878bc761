// Every list of the service: its pages, what it says to a wrong limit or position, and that its order stays while others write.
import { describe, expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { type List, LISTS, type Page } from "../../../test/harness/lists.ts";
import { apiGateway } from "../../model/apigateway.gen.ts";
import type { OperationTable } from "../../model/table.ts";

/** Lists that take a limit and a position, by their inputs in the model. */
function pagedOperations(): readonly string[] {
  const shapes: OperationTable["shapes"] = apiGateway.shapes;
  return Object.entries(apiGateway.operations).flatMap(([name, { input }]) => {
    const shape = shapes[input];
    return shape?.type === "structure" && "limit" in shape.members ? [name] : [];
  });
}

describe("lists that come whole, whatever limit and position are:", () => {
  const page = { limit: 1, position: "x" };
  // Model: GetTagsRequest.limit, not currently supported.
  test("GetTags", async () => {
    const { api } = startControlPlane();
    const restApiId = (await api.CreateRestApi({ name: "a", tags: { a: "1", b: "2" } }, call)).id as string;
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
    expect(await api.GetTags({ resourceArn, ...page }, call)).toEqual({ tags: { a: "1", b: "2" } });
  });

  // Model: GetGatewayResponsesRequest.limit, does not apply.
  test("GetGatewayResponses", async () => {
    const { api } = startControlPlane();
    const restApiId = (await api.CreateRestApi({ name: "a" }, call)).id as string;
    expect((await api.GetGatewayResponses({ restApiId, ...page }, call)).items).toHaveLength(21);
  });

  // The output of the SDK's model has no position.
  test("GetSdkTypes", async () => {
    const { api } = startControlPlane();
    expect((await api.GetSdkTypes(page, call)).items).toHaveLength(6);
  });

  test("and no others", () => {
    expect([...Object.keys(LISTS), "GetTags", "GetGatewayResponses", "GetSdkTypes"].sort()).toEqual([...pagedOperations()].sort());
  });
});

async function start(name: string, count = 5) {
  const { api } = startControlPlane();
  const { restApiId, rootId } = await petStore(api);
  const list = await (LISTS[name] as (typeof LISTS)[string])(api, restApiId, rootId);
  for (let n = 1; n <= count; n++) await list.make(n);
  return list;
}

/** All pages from a position on. */
async function pages({ page }: List, limit: number, first?: string): Promise<readonly (readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for (let position = first, more = true; more; more = position !== undefined) {
    const found: Page = await page({ limit, ...(position === undefined ? {} : { position }) });
    all.push(found.ids);
    position = found.position;
  }
  return all;
}

describe.each(Object.keys(LISTS))("%s", (name) => {
  test("has pages of any size, each full but the last, which has no position", async () => {
    const list = await start(name);
    const { ids, position } = await list.page({ limit: 500 });
    expect(position).toBeUndefined();
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(new Set(ids).size).toBe(ids.length);
    for (const limit of [1, 2, ids.length - 1, ids.length]) {
      const found = await pages(list, limit);
      expect(found.flat()).toEqual(ids);
      expect(found.map((each) => each.length)).toEqual(found.map((_, i) => Math.min(limit, ids.length - i * limit)));
    }
  });

  test("takes an empty position as none and a limit past 500 as 500, and refuses what is no limit or no position", async () => {
    const list = await start(name);
    const all = await list.page({ limit: 500 });
    expect(await list.page({ limit: 501, position: "" })).toEqual(all);
    for (const limit of [0, -1]) {
      expect(await refusal(list.page({ limit }))).toBe(`BadRequestException: Invalid limit specified: ${limit}. Must be at least 1`);
    }
    for (const position of ["nowhere", "%", "e30="]) {
      expect(await refusal(list.page({ position }))).toBe("BadRequestException: Invalid position parameter specified");
    }
  });

  test("keeps its order while things come and go, the last one shown among them", async () => {
    const list = await start(name, 6);
    const { make, remove } = list;
    const before = (await list.page({ limit: 500 })).ids;
    const first = await list.page({ limit: 3 });
    expect(first.ids).toEqual(before.slice(0, 3));
    const made = await make(7);
    const gone = [first.ids[2] as string, before[4] as string];
    for (const each of gone) await remove(each);
    const rest = (await pages(list, 2, first.position)).flat();
    expect(rest.filter((each) => each !== made)).toEqual(before.slice(3).filter((each) => !gone.includes(each)));
    expect((await pages(list, 2)).flat()).toContain(made);
  });
});

describe("lists by 25 unless told otherwise:", () => {
  test.each(["GetApiKeys", "GetResources", "GetDocumentationParts"])("%s", async (name) => {
    const list = await start(name, 30);
    const { ids, position } = await list.page({});
    expect(ids).toHaveLength(25);
    expect(position).toEqual(expect.any(String));
  });
});
