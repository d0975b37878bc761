import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CodeFile, FunctionCode } from "../../ports/function-code.ts";
import { createCodeFiles } from "./index.ts";

const ARCHIVE = Buffer.from("the archive's own bytes");
const HASH = createHash("sha256").update(ARCHIVE).digest("hex");

let directory: string;
let code: FunctionCode;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "gatehouse-code-")), "functions");
  code = await createCodeFiles({ directory, durable: true });
});

afterEach(async () => {
  await code.close();
  await rm(join(directory, ".."), { recursive: true, force: true });
});

async function* content(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function* files(): AsyncGenerator<CodeFile> {
  yield { type: "directory", path: "empty" };
  yield { type: "file", path: "index.mjs", executable: false, content: content("export ", "default 1;") };
  yield { type: "file", path: "deep/er/bootstrap", executable: true, content: content() };
  yield { type: "link", path: "bin", target: "deep/er" };
}

async function* broken(): AsyncGenerator<CodeFile> {
  yield { type: "file", path: "a", executable: false, content: content("1") };
  throw new Error("the archive is damaged");
}

const unpacked = async (): Promise<string[]> => {
  const [run] = await readdir(join(directory, "unpacked"));
  return readdir(join(directory, "unpacked", run as string));
};

describe("saving a package", () => {
  test("keeps the archive and unpacks the files, readable by all and writable by none", async () => {
    await code.save(HASH, ARCHIVE, files());
    expect(await code.archive(HASH)).toEqual(ARCHIVE);
    const path = (await code.directory(HASH)) as string;
    expect(await readFile(join(path, "index.mjs"), "utf8")).toBe("export default 1;");
    expect((await stat(join(path, "index.mjs"))).mode & 0o777).toBe(0o444);
    expect((await stat(join(path, "bin/bootstrap"))).mode & 0o777).toBe(0o555);
    expect(await readdir(join(path, "empty"))).toEqual([]);
    expect(await code.list()).toEqual([HASH]);
  });

  test("leaves nothing behind when the files cannot be read", async () => {
    await expect(code.save(HASH, ARCHIVE, broken())).rejects.toThrow("the archive is damaged");
    expect(await code.archive(HASH)).toBeUndefined();
    expect(await code.directory(HASH)).toBeUndefined();
    expect(await readdir(join(directory, "packages"))).toEqual([]);
    expect(await unpacked()).toEqual([]);
  });

  test("of one that is kept already reads nothing", async () => {
    await code.save(HASH, ARCHIVE, files());
    await code.save(HASH, ARCHIVE, broken());
    expect(await code.archive(HASH)).toEqual(ARCHIVE);
  });

  test("by many at once unpacks it once", async () => {
    let read = 0;
    const counted = async function* (): AsyncGenerator<CodeFile> {
      read++;
      yield* files();
    };
    await Promise.all([1, 2, 3, 4].map(() => code.save(HASH, ARCHIVE, counted())));
    expect(read).toBe(1);
    expect(await unpacked()).toEqual([HASH]);
  });

  test("under anything but a hash is refused, before it becomes a path", async () => {
    await expect(code.save("../../etc", ARCHIVE, files())).rejects.toThrow('"../../etc" is not a SHA-256 in hexadecimal');
  });
});

describe("the next run", () => {
  test("finds the archives, and unpacks the files anew", async () => {
    await code.save(HASH, ARCHIVE, files());
    await code.close();
    code = await createCodeFiles({ directory, durable: true });
    expect(await code.list()).toEqual([HASH]);
    expect(await code.directory(HASH)).toBeUndefined();
    const path = await code.unpack(HASH, files());
    expect(await readFile(join(path, "index.mjs"), "utf8")).toBe("export default 1;");
    expect(await code.directory(HASH)).toBe(path);
  });

  test("removes what a killed one left: its unpacked files and half an archive", async () => {
    await mkdir(join(directory, "unpacked", "999999999-abcd"), { recursive: true });
    await writeFile(join(directory, "packages", `${HASH}.zip.abcd.tmp`), "half");
    const next = await createCodeFiles({ directory, durable: true });
    expect((await readdir(join(directory, "unpacked"))).filter((name) => name.startsWith("999999999"))).toEqual([]);
    expect(await readdir(join(directory, "packages"))).toEqual([]);
    await next.close();
  });

  test("does not take an archive that is not what it was", async () => {
    await code.save(HASH, ARCHIVE, files());
    await rm(join(directory, "packages", `${HASH}.zip`));
    await writeFile(join(directory, "packages", `${HASH}.zip`), "other bytes");
    expect(await code.archive(HASH)).toBeUndefined();
  });
});

test("removing takes archive and files, and nothing when there are none", async () => {
  await code.save(HASH, ARCHIVE, files());
  await code.remove(HASH);
  await code.remove(HASH);
  expect(await code.list()).toEqual([]);
  expect(await unpacked()).toEqual([]);
});

test("closing one that is not durable removes its directory", async () => {
  const root = join(directory, "temporary");
  const temporary = await createCodeFiles({ directory: root, durable: false });
  await temporary.save(HASH, ARCHIVE, files());
  await temporary.close();
  await expect(stat(root)).rejects.toThrow("ENOENT");
});

test("a directory is told from a file and from nothing", async () => {
  await writeFile(join(directory, "file"), "");
  expect(await Promise.all([directory, join(directory, "file"), join(directory, "none")].map((path) => code.isDirectory(path)))).toEqual([
    true,
    false,
    false,
  ]);
});

test("a protected directory is known by any path that leads into it", async () => {
  const kept = join(directory, "kept");
  await mkdir(join(kept, "below"), { recursive: true });
  await mkdir(join(directory, "kept-too"));
  await symlink(kept, join(directory, "link"));
  const own = await createCodeFiles({ directory: join(directory, "own"), durable: false, protectedDirectories: [kept, join(directory, "none")] });
  const paths = ["kept", "kept/below", "link", "link/below", "kept/../kept", "kept-too", "."].map((path) => join(directory, path));
  expect(await Promise.all(paths.map((path) => own.isProtected(path)))).toEqual([true, true, true, true, true, false, false]);
  await own.close();
});
