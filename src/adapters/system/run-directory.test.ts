import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openRunDirectory } from "./run-directory.ts";

const parent = mkdtempSync(join(tmpdir(), "run-directories-"));
afterAll(() => rmSync(parent, { recursive: true }));

function directory(name: string): string {
  const path = join(parent, name);
  mkdirSync(path);
  writeFileSync(join(path, "file"), "");
  return path;
}

it("makes a directory of this run, and removes those of runs that are over and no others", async () => {
  const { pid: over } = spawnSync("true");
  const former = directory(`gatehouse-${over}-abc123`);
  const others = [directory(`gatehouse-${process.ppid}-abc123`), directory(`gatehouse-${over}`), directory(`mine-${over}-abc123`)];
  const run = await openRunDirectory(parent);
  expect(basename(run.path)).toMatch(new RegExp(`^gatehouse-${process.pid}-\\w{6}$`));
  expect(statSync(run.path).mode & 0o777).toBe(0o711);
  expect(existsSync(former)).toBe(false);
  expect(others.map((path) => existsSync(path))).toEqual([true, true, true]);
  await run.remove();
  expect(existsSync(run.path)).toBe(false);
});
