// What every store does, whatever it keeps its records in: the contract of src/ports/store.ts.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordKind, scoped } from "../../src/domain/record.ts";
import type { Key, RecordKind } from "../../src/domain/record.ts";
import type { Change, ListQuery, Store, Stored } from "../../src/ports/store.ts";
import { check, put, remove, removeAll, UniqueViolation, VersionConflict } from "../../src/ports/store.ts";

interface Pet {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly n?: number;
}

let kinds = 0;

/** A kind that no other test writes to. */
function petKind(): RecordKind<Pet> {
  return recordKind<Pet>(`pet${++kinds}`, {
    name: { unique: true, values: (pet) => (pet.name === undefined ? [] : [pet.name]) },
    tag: { unique: false, values: (pet) => pet.tags ?? [] },
    owner: { unique: false, values: (_pet, key) => [scoped(key[0] as string)] },
  });
}

/** Runs the suite. `open` gives an empty store. */
export function describeStore(adapter: string, open: () => Promise<Store>): void {
  describe(`${adapter} store`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.close();
    });

    const keys = async (kind: RecordKind<Pet>, query: ListQuery = {}) =>
      (await store.list(kind, query)).items.map((item) => item.key.join("|"));
    const fill = async (kind: RecordKind<Pet>, list: readonly Key[]) =>
      await store.commit(list.map((key) => put(kind, key, {}, "absent")));

    describe("a record", () => {
      it("is read as it was put, with the version of its commit", async () => {
        const pets = petKind();
        const value = { name: "Rex", tags: ["dog", "\0", "\ud800", "日本"], n: -1.5 };
        const version = await store.commit([put(pets, ["a", "b"], value, "absent")]);
        expect(await store.get(pets, ["a", "b"])).toEqual({ key: ["a", "b"], version, value });
      });

      it("is undefined when it is not there, and in another kind", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["a"], {}, "absent")]);
        expect(await store.get(pets, ["b"])).toBeUndefined();
        expect(await store.get(pets, ["a", "b"])).toBeUndefined();
        expect(await store.get(petKind(), ["a"])).toBeUndefined();
      });

      it("is read with others in one go, in the order of the keys, however often it is asked for", async () => {
        const pets = petKind();
        const version = await store.commit([put(pets, ["a"], { n: 1 }, "absent"), put(pets, ["b", "é"], { n: 2 }, "absent")]);
        const [a, b] = [
          { key: ["a"], version, value: { n: 1 } },
          { key: ["b", "é"], version, value: { n: 2 } },
        ];
        expect(await store.getAll(pets, [["b", "é"], ["c"], ["a"], ["b"], ["a"]])).toEqual([b, undefined, a, undefined, a]);
        expect(await store.getAll(pets, [])).toEqual([]);
        expect(await store.getAll(petKind(), [["a"]])).toEqual([undefined]);
      });

      it("shares no object with its writer or its readers", async () => {
        const pets = petKind();
        const value = { tags: ["dog"] };
        await store.commit([put(pets, ["a"], value, "absent")]);
        value.tags.push("cat");
        const read = (await store.list(pets, {})).items[0] as Stored<{ tags: string[] }>;
        read.value.tags.push("bird");
        expect((await store.get(pets, ["a"]))?.value).toEqual({ tags: ["dog"] });
      });

      it("is replaced whole, with its index values", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["a"], { name: "Rex", tags: ["dog", "old"] }, "absent")]);
        const version = await store.commit([put(pets, ["a"], { name: "Tom", tags: ["cat", "old"] }, "any")]);
        expect(await store.get(pets, ["a"])).toEqual({ key: ["a"], version, value: { name: "Tom", tags: ["cat", "old"] } });
        expect(await keys(pets, { index: { name: "name", value: "Rex" } })).toEqual([]);
        expect(await keys(pets, { index: { name: "tag", value: "dog" } })).toEqual([]);
        expect(await keys(pets, { index: { name: "tag", value: "old" } })).toEqual(["a"]);
        expect(await keys(pets, { index: { name: "tag", value: "cat" } })).toEqual(["a"]);
      });

      it("may be any JSON value", async () => {
        const anything = recordKind<unknown>(`anything${++kinds}`);
        for (const value of [null, 0, "", false, [], { deep: [{ er: null }] }, "x".repeat(3_000_000)]) {
          await store.commit([put(anything, ["a"], value, "any")]);
          expect((await store.get(anything, ["a"]))?.value).toEqual(value);
        }
      });

      it("is refused when it is no JSON, and so is a key without parts", async () => {
        const anything = recordKind<unknown>(`anything${++kinds}`);
        const refused = store.commit([put(anything, ["a"], 1, "any"), put(anything, ["b"], undefined, "any")]);
        await expect(refused).rejects.toThrow(new TypeError(`${anything.name}: a value that is not JSON cannot be stored`));
        await expect(store.get(anything, [])).rejects.toThrow(new RangeError("a key needs at least one part"));
        expect(await store.count(anything, {})).toBe(0);
      });
    });

    describe("a commit", () => {
      const conflict = (kind: RecordKind<Pet>, key: Key) => new VersionConflict(kind.name, key);

      it("puts only where it finds what it expects", async () => {
        const pets = petKind();
        await expect(store.commit([put(pets, ["a"], {}, 1)])).rejects.toThrow(conflict(pets, ["a"]));
        const first = await store.commit([put(pets, ["a"], { n: 1 }, "absent")]);
        await expect(store.commit([put(pets, ["a"], { n: 2 }, "absent")])).rejects.toThrow(conflict(pets, ["a"]));
        await expect(store.commit([put(pets, ["a"], { n: 2 }, first + 1)])).rejects.toThrow(conflict(pets, ["a"]));
        const second = await store.commit([put(pets, ["a"], { n: 3 }, first)]);
        await expect(store.commit([put(pets, ["a"], { n: 4 }, first)])).rejects.toThrow(conflict(pets, ["a"]));
        expect(await store.get(pets, ["a"])).toEqual({ key: ["a"], version: second, value: { n: 3 } });
      });

      it("removes only what it expects; any removes what is there, if it is", async () => {
        const pets = petKind();
        await expect(store.commit([remove(pets, ["a"], 1)])).rejects.toThrow(conflict(pets, ["a"]));
        await store.commit([remove(pets, ["a"], "any")]);
        const version = await store.commit([put(pets, ["a"], { name: "Rex" }, "absent"), put(pets, ["b"], {}, "absent")]);
        await expect(store.commit([remove(pets, ["a"], version - 1)])).rejects.toThrow(conflict(pets, ["a"]));
        await store.commit([remove(pets, ["a"], version), remove(pets, ["b"], "any")]);
        expect(await keys(pets)).toEqual([]);
        expect(await keys(pets, { index: { name: "name", value: "Rex" } })).toEqual([]);
      });

      it("checks records that it does not write", async () => {
        const pets = petKind();
        const version = await store.commit([put(pets, ["parent"], {}, "absent")]);
        await store.commit([check(pets, ["parent"], version), check(pets, ["none"], "absent"), put(pets, ["a"], {}, "absent")]);
        const stale = [put(pets, ["b"], {}, "absent"), check(pets, ["parent"], version - 1)];
        await expect(store.commit(stale)).rejects.toThrow(conflict(pets, ["parent"]));
        const there = [put(pets, ["b"], {}, "absent"), check(pets, ["parent"], "absent")];
        await expect(store.commit(there)).rejects.toThrow(conflict(pets, ["parent"]));
        const gone = [put(pets, ["b"], {}, "absent"), check(pets, ["none"], version)];
        await expect(store.commit(gone)).rejects.toThrow(conflict(pets, ["none"]));
        expect(await keys(pets)).toEqual(["a", "parent"]);
        expect((await store.get(pets, ["parent"]))?.version).toBe(version);
      });

      it("says which record is not as expected", async () => {
        const pets = petKind();
        const error = await store.commit([remove(pets, ["a/b", "c"], 7)]).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(VersionConflict);
        expect(error).toMatchObject({ name: "VersionConflict", kind: pets.name, key: ["a/b", "c"] });
      });

      it("makes all of its changes or none", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["a"], { name: "Rex", tags: ["dog"] }, "absent"), put(pets, ["under", "b"], {}, "absent")]);
        const before = await store.list(pets, {});
        const changes: Change[] = [
          put(pets, ["new"], { name: "New", tags: ["dog"] }, "absent"),
          put(pets, ["a"], { name: "Changed" }, "any"),
          removeAll(pets, ["under"]),
        ];
        await expect(store.commit([...changes, remove(pets, ["z"], 1)])).rejects.toThrow(VersionConflict);
        await expect(store.commit([...changes, put(pets, ["z"], { name: "New" }, "any")])).rejects.toThrow(UniqueViolation);
        expect(await store.list(pets, {})).toEqual(before);
        expect(await keys(pets, { index: { name: "tag", value: "dog" } })).toEqual(["a"]);
        expect(await keys(pets, { index: { name: "name", value: "Rex" } })).toEqual(["a"]);
        expect(await keys(pets, { index: { name: "name", value: "New" } })).toEqual([]);
      });

      it("makes its changes in their order, each on top of those before", async () => {
        const pets = petKind();
        await fill(pets, [["a", "1"], ["a", "2"]]);
        await store.commit([
          put(pets, ["a", "3"], {}, "absent"),
          removeAll(pets, ["a"]),
          put(pets, ["a", "1"], { n: 1 }, "absent"),
          put(pets, ["b"], { name: "first" }, "absent"),
          put(pets, ["b"], { name: "last" }, "any"),
          put(pets, ["c"], {}, "absent"),
          remove(pets, ["c"], "any"),
          check(pets, ["c"], "absent"),
        ]);
        expect(await keys(pets)).toEqual(["a|1", "b"]);
        expect(await keys(pets, { index: { name: "name", value: "first" } })).toEqual([]);
        expect(await keys(pets, { index: { name: "name", value: "last" } })).toEqual(["b"]);
        const twice = store.commit([put(pets, ["d"], {}, "absent"), put(pets, ["d"], {}, "absent")]);
        await expect(twice).rejects.toThrow(conflict(pets, ["d"]));
      });

      it("gives one version to all records it puts, each greater than all before, across removals", async () => {
        const pets = petKind();
        const first = await store.commit([put(pets, ["a"], {}, "absent"), put(pets, ["b"], {}, "absent")]);
        expect((await store.list(pets, {})).items.map((item) => item.version)).toEqual([first, first]);
        await store.commit([remove(pets, ["a"], first)]);
        const second = await store.commit([put(pets, ["a"], {}, "absent")]);
        expect(second).toBeGreaterThan(first);
        await expect(store.commit([put(pets, ["a"], {}, first)])).rejects.toThrow(VersionConflict);
        expect((await store.get(pets, ["b"]))?.version).toBe(first);
      });

      it("writes kinds side by side", async () => {
        const [dogs, cats] = [petKind(), petKind()];
        await store.commit([put(dogs, ["a"], { name: "Rex" }, "absent"), put(cats, ["a"], { name: "Rex" }, "absent")]);
        await store.commit([removeAll(dogs, [])]);
        expect(await keys(dogs)).toEqual([]);
        expect(await keys(cats, { index: { name: "name", value: "Rex" } })).toEqual(["a"]);
      });

      it("loses none of 100 increments made at once, each tried again until it fits", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["counter"], { n: 0 }, "absent")]);
        const increment = async () => {
          for (;;) {
            const read = await store.get(pets, ["counter"]);
            try {
              return await store.commit([put(pets, ["counter"], { n: (read?.value.n ?? NaN) + 1 }, read?.version ?? "absent")]);
            } catch (error) {
              if (!(error instanceof VersionConflict)) throw error;
            }
          }
        };
        const versions = await Promise.all(Array.from({ length: 100 }, increment));
        expect((await store.get(pets, ["counter"]))?.value).toEqual({ n: 100 });
        expect(new Set(versions).size).toBe(100);
      });

      it("is seen by a read that was asked for after it, also before it is answered", async () => {
        const pets = petKind();
        const commit = store.commit([put(pets, ["a"], { n: 1 }, "absent")]);
        const refused = store.commit([put(pets, ["a"], { n: 2 }, "absent")]).catch((error: unknown) => error);
        const read = store.get(pets, ["a"]);
        expect(await read).toEqual({ key: ["a"], version: await commit, value: { n: 1 } });
        expect(await refused).toEqual(conflict(pets, ["a"]));
      });

      it("takes 10,000 changes", async () => {
        const pets = petKind();
        const list = Array.from({ length: 10_000 }, (_, i): Key => ["all", String((i * 7919) % 10_000).padStart(5, "0")]);
        await store.commit(list.map((key) => put(pets, key, { tags: ["one"] }, "absent")));
        expect(await store.count(pets, {})).toBe(10_000);
        const page = await store.list(pets, { index: { name: "tag", value: "one" }, after: ["all", "04999"], limit: 2 });
        expect(page.items.map((item) => item.key[1])).toEqual(["05000", "05001"]);
        await store.commit([removeAll(pets, ["all"])]);
        expect(await store.count(pets, { index: { name: "tag", value: "one" } })).toBe(0);
      });
    });

    describe("a unique index", () => {
      const taken = (kind: RecordKind<Pet>, value: string) => new UniqueViolation(kind.name, "name", value);

      it("keeps a value for one record", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["a"], { name: "Rex" }, "absent")]);
        const error = await store.commit([put(pets, ["b"], { name: "Rex" }, "absent")]).catch((thrown: unknown) => thrown);
        expect(error).toEqual(taken(pets, "Rex"));
        expect(error).toBeInstanceOf(UniqueViolation);
        expect(error).toMatchObject({ name: "UniqueViolation", kind: pets.name, index: "name", value: "Rex" });
        await store.commit([put(pets, ["a"], { name: "Rex", n: 2 }, "any")]);
      });

      it("holds within one commit", async () => {
        const pets = petKind();
        const both = store.commit([put(pets, ["a"], { name: "Rex" }, "absent"), put(pets, ["b"], { name: "Rex" }, "absent")]);
        await expect(both).rejects.toThrow(taken(pets, "Rex"));
        expect(await keys(pets)).toEqual([]);
      });

      it("lets records exchange their values in one commit", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["a"], { name: "A" }, "absent"), put(pets, ["b"], { name: "B" }, "absent")]);
        await store.commit([put(pets, ["a"], { name: "B" }, "any"), put(pets, ["b"], { name: "A" }, "any")]);
        expect(await keys(pets, { index: { name: "name", value: "A" } })).toEqual(["b"]);
        expect(await keys(pets, { index: { name: "name", value: "B" } })).toEqual(["a"]);
        await store.commit([put(pets, ["c"], { name: "A" }, "any"), remove(pets, ["b"], "any")]);
        expect(await keys(pets, { index: { name: "name", value: "A" } })).toEqual(["c"]);
        await expect(store.commit([put(pets, ["c"], { name: "B" }, "any")])).rejects.toThrow(taken(pets, "B"));
      });

      it("frees the values of what is removed", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["x", "a"], { name: "A" }, "absent"), put(pets, ["x", "b"], { name: "B" }, "absent")]);
        await store.commit([remove(pets, ["x", "a"], "any"), put(pets, ["y", "a"], { name: "A" }, "absent")]);
        await store.commit([removeAll(pets, ["x"]), put(pets, ["y", "b"], { name: "B" }, "absent")]);
        expect(await keys(pets)).toEqual(["y|a", "y|b"]);
      });

      it("tells values apart by every character", async () => {
        const pets = petKind();
        const names = ["", " ", "a", "A", "a ", "a\0", "a\0b", "é", "e\u0301", "%61", "😀", "\ufffd", "1", "1.0"];
        await store.commit(names.map((name, i) => put(pets, [String(i)], { name }, "absent")));
        for (const [i, value] of names.entries()) {
          expect(await keys(pets, { index: { name: "name", value } })).toEqual([String(i)]);
          await expect(store.commit([put(pets, ["again"], { name: value }, "any")])).rejects.toThrow(taken(pets, value));
        }
        // A lone surrogate is no character: like everywhere in UTF-8, U+FFFD stands for it.
        expect(await keys(pets, { index: { name: "name", value: "\udc00" } })).toEqual(["11"]);
      });
    });

    describe("a list", () => {
      it("is in the order of the encoded keys", async () => {
        const pets = petKind();
        const list: Key[] = [["b"], ["a", "b"], ["a"], ["B"], ["a-b"], ["10"], ["9"], ["a", "b", "c"], ["é"], ["aa"]];
        await fill(pets, list);
        const sorted = list.toSorted((a, b) => (scoped(...a) < scoped(...b) ? -1 : 1)).map((key) => key.join("|"));
        expect(await keys(pets)).toEqual(sorted);
        expect(sorted).toEqual(["é", "10", "9", "B", "a", "a-b", "a|b", "a|b|c", "aa", "b"]);
      });

      it("takes a prefix as whole parts", async () => {
        const pets = petKind();
        await fill(pets, [["a"], ["a", "1"], ["a", ""], ["a-b"], ["a-b", "1"], ["a!", "1"], ["a0"], ["ab"], ["ab", "1"], ["A", "1"]]);
        expect(await keys(pets, { prefix: ["a"] })).toEqual(["a", "a|", "a|1"]);
        expect(await keys(pets, { prefix: ["ab"] })).toEqual(["ab", "ab|1"]);
        expect(await keys(pets, { prefix: ["a", "1"] })).toEqual(["a|1"]);
        expect(await keys(pets, { prefix: ["a", ""] })).toEqual(["a|"]);
        expect(await keys(pets, { prefix: ["b"] })).toEqual([]);
        expect(await keys(pets, { prefix: [] })).toHaveLength(10);
        expect(await store.count(pets, { prefix: ["a"] })).toBe(3);
        await store.commit([removeAll(pets, ["a"])]);
        expect(await keys(pets)).toEqual(["A|1", "a!|1", "a-b", "a-b|1", "a0", "ab", "ab|1"]);
      });

      it("keeps odd characters in keys apart", async () => {
        const pets = petKind();
        const parts = ["", "/", "a/b", "%", "%2F", "a%2Fb", "\0", "\n", " ", "日本", "😀", "é", "e\u0301", "\x7f", "~", "!", "'"];
        const list = parts.flatMap((part): Key[] => [[part], ["x", part], [part, "x"]]);
        await fill(pets, list);
        expect(await store.count(pets, {})).toBe(list.length);
        for (const key of list) expect((await store.get(pets, key))?.key).toEqual(key);
        expect(new Set(await keys(pets, { prefix: ["x"] }))).toEqual(new Set(parts.map((part) => `x|${part}`)));
        expect(await keys(pets, { prefix: ["a/b"] })).toEqual(["a/b", "a/b|x"]);
        expect(await keys(pets, { prefix: [""] })).toEqual(["", "|x"]);
        const paged: string[] = [];
        for (let after: Key | undefined; ; ) {
          const page = await store.list(pets, { limit: 1, ...(after && { after }) });
          paged.push(...page.items.map((item) => item.key.join("|")));
          after = page.items[0]?.key;
          if (!page.more) break;
        }
        expect(paged).toEqual(await keys(pets));
      });

      it("takes a lone surrogate in a key for U+FFFD", async () => {
        const pets = petKind();
        await store.commit([put(pets, ["\ud800"], { n: 1 }, "absent")]);
        expect(await store.get(pets, ["\udfff"])).toMatchObject({ key: ["\ufffd"], value: { n: 1 } });
      });

      it("comes in pages that say whether more follows", async () => {
        const pets = petKind();
        await fill(pets, ["a", "b", "c", "d"].map((id) => ["p", id]));
        const page = async (query: ListQuery) => {
          const { items, more } = await store.list(pets, query);
          return [items.map((item) => item.key.at(-1)).join(""), more];
        };
        expect(await page({})).toEqual(["abcd", false]);
        expect(await page({ limit: 2 })).toEqual(["ab", true]);
        expect(await page({ limit: 2, after: ["p", "b"] })).toEqual(["cd", false]);
        expect(await page({ limit: 4 })).toEqual(["abcd", false]);
        expect(await page({ limit: 0 })).toEqual(["", true]);
        expect(await page({ limit: 2, after: ["p", "d"] })).toEqual(["", false]);
        expect(await page({ prefix: ["p"], after: ["p"], limit: 1 })).toEqual(["a", true]);
        expect(await page({ prefix: ["p"], after: ["a"], limit: 1 })).toEqual(["a", true]);
        expect(await page({ prefix: ["p"], after: ["q"] })).toEqual(["", false]);
        expect(await page({ prefix: ["p", "b"], after: ["p", "a"] })).toEqual(["b", false]);
        expect(await page({ prefix: ["p", "b"], after: ["p", "b"] })).toEqual(["", false]);
      });

      it("goes on after a key that is gone, and after one that never was", async () => {
        const pets = petKind();
        await fill(pets, [["a"], ["b"], ["c"]]);
        await store.commit([remove(pets, ["b"], "any")]);
        expect(await keys(pets, { after: ["b"] })).toEqual(["c"]);
        expect(await keys(pets, { after: ["a", "zzz"] })).toEqual(["c"]);
      });

      it("shows each record that stays once, while others come and go between pages", async () => {
        const pets = petKind();
        const staying = Array.from({ length: 30 }, (_, i) => `m${String(i).padStart(2, "0")}`);
        await fill(pets, staying.map((id) => ["p", id]));
        const seen: string[] = [];
        let after: Key | undefined;
        for (let more = true, round = 0; more; round++) {
          const page = await store.list(pets, { prefix: ["p"], limit: 4, ...(after && { after }) });
          seen.push(...page.items.map((item) => item.key[1] as string));
          ({ more } = page);
          after = page.items.at(-1)?.key;
          const passing = round % 2 === 0 ? "a" : `${after?.[1]}-new`;
          await store.commit([put(pets, ["p", passing], {}, "any"), remove(pets, ["p", `${seen.at(-2)}-new`], "any")]);
          if (round % 3 === 2) await store.commit([remove(pets, after as Key, "any"), put(pets, ["other", String(round)], {}, "any")]);
        }
        expect(seen.filter((id) => staying.includes(id))).toEqual(staying);
        expect(new Set(seen).size).toBe(seen.length);
      });

      it("by an index is in the order of keys, within the prefix, after a key, up to the limit", async () => {
        const pets = petKind();
        const changes = ["b", "a", "c"].flatMap((owner) =>
          ["2", "1", "3"].map((id) => put(pets, [owner, id], { tags: id === "3" ? ["odd", "odd"] : ["odd", `t${id}`] }, "absent")),
        );
        await store.commit(changes);
        const odd = { name: "tag", value: "odd" };
        expect(await keys(pets, { index: odd })).toEqual(["a|1", "a|2", "a|3", "b|1", "b|2", "b|3", "c|1", "c|2", "c|3"]);
        expect(await keys(pets, { index: odd, prefix: ["b"] })).toEqual(["b|1", "b|2", "b|3"]);
        expect(await keys(pets, { index: odd, prefix: ["b"], after: ["b", "1"] })).toEqual(["b|2", "b|3"]);
        expect(await keys(pets, { index: { name: "tag", value: "t2" } })).toEqual(["a|2", "b|2", "c|2"]);
        expect(await keys(pets, { index: { name: "owner", value: "b" }, limit: 2 })).toEqual(["b|1", "b|2"]);
        expect(await keys(pets, { index: { name: "tag", value: "od" } })).toEqual([]);
        const page = await store.list(pets, { index: odd, after: ["b", "2"], limit: 2 });
        expect([page.items.map((item) => item.key.join("|")), page.more]).toEqual([["b|3", "c|1"], true]);
        expect(page.items[0]?.value).toEqual({ tags: ["odd", "odd"] });
        expect(await store.count(pets, { index: odd })).toBe(9);
        expect(await store.count(pets, { index: odd, prefix: ["c"] })).toBe(3);
        expect(await store.count(pets, { index: { name: "tag", value: "none" } })).toBe(0);
      });

      it("refuses an index that the kind does not declare, and a limit that is no count", async () => {
        const pets = petKind();
        const query = { index: { name: "colour", value: "red" } };
        await expect(store.list(pets, query)).rejects.toThrow(new RangeError(`${pets.name} has no index colour`));
        await expect(store.count(pets, query)).rejects.toThrow(new RangeError(`${pets.name} has no index colour`));
        for (const limit of [-1, 1.5, NaN]) {
          await expect(store.list(pets, { limit })).rejects.toThrow(new RangeError(`a limit is a count of records, not ${limit}`));
        }
      });
    });

    it("takes no call once it is closed, and may be closed twice", async () => {
      const other = await open();
      const pets = petKind();
      const pending = other.commit([put(pets, ["a"], {}, "absent")]);
      await Promise.all([other.close(), other.close()]);
      expect(await pending).toBeGreaterThan(0);
      const closed = new Error("the store is closed");
      await expect(other.get(pets, ["a"])).rejects.toThrow(closed);
      await expect(other.list(pets, {})).rejects.toThrow(closed);
      await expect(other.count(pets, {})).rejects.toThrow(closed);
      await expect(other.commit([])).rejects.toThrow(closed);
      await other.close();
    });
  });
}
