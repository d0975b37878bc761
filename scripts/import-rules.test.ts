// The rules against a small house with one forbidden import of each sort, and the allowed imports beside them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ICruiseResult } from "dependency-cruiser";
import { cruise } from "dependency-cruiser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rules } from "./import-rules.ts";

let house: string;
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), "gatehouse-rooms-"));
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

const inSrc = (path: string): string => path.replace(/^src\//, "");

const importing = (target: string): string =>
  target.startsWith("type ") ? `import type { A } from "${target.slice(5)}"; export type B = A;` : `import "${target}";`;

/**
 * Builds the files, each with the imports it names (`type ` before one makes it an import of types), and gives the rules
 * that were broken as `rule: from -> to`.
 */
async function broken(files: Record<string, readonly string[]>): Promise<string[]> {
  for (const [path, imports] of Object.entries<readonly string[]>({ "package.json": [], ...files })) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), path.endsWith(".json") ? "{}" : imports.map(importing).join("\n"));
  }
  const { output } = await cruise(["src"], {
    validate: true,
    ruleSet: { forbidden: rules },
    baseDir: house,
    tsPreCompilationDeps: true,
  });
  const { violations } = (output as ICruiseResult).summary;
  return violations.map(({ rule, from, to }) => `${rule.name}: ${inSrc(from)} -> ${inSrc(to)}`).toSorted();
}

test("what the table of rooms allows passes, through doors and to the files of rooms without one", async () => {
  expect(
    await broken({
      "src/main.ts": ["./gateway/index.ts", "./adapters/sqlite/index.ts", "./config.ts"],
      "src/config.ts": [],
      "src/gateway/index.ts": ["./steps/index.ts", "../plan/index.ts", "../ports/clock.ts", "../domain/arn.ts"],
      "src/gateway/record.ts": [],
      "src/gateway/steps/index.ts": ["./route.ts"],
      "src/gateway/steps/route.ts": ["../record.ts"],
      "src/plan/index.ts": ["../pattern/index.ts"],
      "src/pattern/index.ts": ["node:crypto"],
      "src/adapters/sqlite/index.ts": ["../../ports/clock.ts", "node:fs"],
      "src/ports/clock.ts": ["../domain/arn.ts"],
      "src/domain/arn.ts": [],
    }),
  ).toEqual([]);
});

test("an import that the table of rooms does not name is refused", async () => {
  expect(
    await broken({
      "src/gateway/index.ts": ["../control/index.ts", "../ports/store.ts", "../config.ts"],
      "src/control/index.ts": ["../adapters/memory/index.ts"],
      "src/adapters/memory/index.ts": ["../../main.ts"],
      "src/domain/arn.ts": ["../ports/store.ts"],
      "src/ports/store.ts": [],
      "src/main.ts": [],
      "src/config.ts": [],
    }),
  ).toEqual([
    "room-adapters: adapters/memory/index.ts -> main.ts",
    "room-control: control/index.ts -> adapters/memory/index.ts",
    "room-domain: domain/arn.ts -> ports/store.ts",
    "room-gateway-without-ports/store.ts: gateway/index.ts -> ports/store.ts",
    "room-gateway: gateway/index.ts -> config.ts",
    "room-gateway: gateway/index.ts -> control/index.ts",
  ]);
});

test("an import past a door is refused, between rooms and between the units of one", async () => {
  expect(
    await broken({
      "src/main.ts": ["./plan/tree.ts"],
      "src/gateway/index.ts": ["../plan/tree.ts", "./steps/route.ts"],
      "src/gateway/steps/route.ts": ["../headers/remap.ts"],
      "src/gateway/headers/remap.ts": [],
      "src/plan/tree.ts": [],
      "src/adapters/sqlite/index.ts": ["../memory/store.ts"],
      "src/adapters/memory/store.ts": [],
    }),
  ).toEqual([
    "door-of-a-room: gateway/index.ts -> plan/tree.ts",
    "door-of-a-room: main.ts -> plan/tree.ts",
    "door-of-a-unit: adapters/sqlite/index.ts -> adapters/memory/store.ts",
  ]);
});

test("a circle, a missing module and a pure room that reads files are refused", async () => {
  expect(
    await broken({
      "src/plan/index.ts": ["./tree.ts", "node:fs", "./missing.ts"],
      "src/plan/tree.ts": ["./index.ts"],
      // Types alone may refer to each other.
      "src/domain/a.ts": ["type ./b.ts"],
      "src/domain/b.ts": ["type ./a.ts"],
    }),
  ).toEqual([
    "no-cycle: plan/index.ts -> plan/tree.ts",
    "pure: plan/index.ts -> fs",
    "resolvable: plan/index.ts -> ./missing.ts",
  ]);
});
