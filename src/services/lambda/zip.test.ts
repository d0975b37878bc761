import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ArchiveTooLarge, BadArchive } from "./archive-errors.ts";
import { readArchive } from "./zip.ts";

/** An entry as honest or dishonest as a test wants it. */
interface Entry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** With the file's type, e.g. 0o100644; undefined for an archive made on Windows. */
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly crc?: number;
  readonly localName?: string;
  readonly zip64?: boolean;
}

const LIMIT = 1_000_000;
const LINK = 0o120777;

function pack(entries: readonly Entry[], end: { readonly count?: number; readonly comment?: string; readonly zip64?: boolean } = {}): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content = "", mode, method = 0, flags = 0, zip64 = false, ...lies } of entries) {
    const raw = Buffer.from(content as string);
    const data = method === 8 ? deflateRawSync(raw) : raw;
    const size = lies.size ?? raw.length;
    const crc = lies.crc ?? crc32(raw);
    const localName = Buffer.from(lies.localName ?? (name as string));
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(localName.length, 26);
    local.push(header, localName, data);
    const fileName = Buffer.from(name as string);
    const extra = Buffer.alloc(zip64 ? 28 : 0);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt8(mode === undefined ? 0 : 3, 5);
    record.writeUInt16LE(flags, 8);
    record.writeUInt16LE(method, 10);
    record.writeUInt32LE(crc, 16);
    record.writeUInt32LE(zip64 ? 0xffffffff : data.length, 20);
    record.writeUInt32LE(zip64 ? 0xffffffff : size, 24);
    record.writeUInt16LE(fileName.length, 28);
    record.writeUInt16LE(extra.length, 30);
    record.writeUInt32LE(((mode ?? 0) << 16) >>> 0, 38);
    record.writeUInt32LE(zip64 ? 0xffffffff : offset, 42);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(size), 4);
      extra.writeBigUInt64LE(BigInt(data.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    central.push(record, fileName, extra);
    offset += 30 + localName.length + data.length;
  }
  const directory = Buffer.concat(central);
  const tail: Buffer[] = [];
  if (end.zip64) {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(BigInt(entries.length), 32);
    record.writeBigUInt64LE(BigInt(directory.length), 40);
    record.writeBigUInt64LE(BigInt(offset), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(offset + directory.length), 8);
    tail.push(record, locator);
  }
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50, 0);
  last.writeUInt16LE(end.zip64 ? 0xffff : (end.count ?? entries.length), 10);
  last.writeUInt32LE(end.zip64 ? 0xffffffff : directory.length, 12);
  last.writeUInt32LE(end.zip64 ? 0xffffffff : offset, 16);
  last.writeUInt16LE((end.comment ?? "").length, 20);
  return Buffer.concat([...local, directory, ...tail, last, Buffer.from(end.comment ?? "")]);
}

/** What is in an archive: `path` to content, `path/` for directories, `path -> target` for links, `*path` for executables. */
async function unpack(archive: Buffer, limit = LIMIT): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const file of readArchive(archive, limit).files()) {
    if (file.type === "directory") found[`${file.path}/`] = "";
    if (file.type === "link") found[`${file.path} -> ${file.target}`] = "";
    if (file.type !== "file") continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.content) chunks.push(chunk);
    found[`${file.executable ? "*" : ""}${file.path}`] = Buffer.concat(chunks).toString();
  }
  return found;
}

describe("archives that are read", () => {
  const long = "abc".repeat(200_000);
  const rows: readonly [string, Buffer, Record<string, string>][] = [
    ["stored and deflated files", pack([{ name: "a", content: "1" }, { name: "b/c", content: long, method: 8 }]), { a: "1", "b/c": long }],
    ["directories, also twice", pack([{ name: "d/" }, { name: "d/" }, { name: "d/e" }]), { "d/": "", "d/e": "" }],
    ["the root itself", pack([{ name: "./" }, { name: "./a" }]), { a: "" }],
    ["executable bits", pack([{ name: "bootstrap", mode: 0o100755 }, { name: "x", mode: 0o100644 }]), { "*bootstrap": "", x: "" }],
    ["a comment at the end", pack([{ name: "a" }], { comment: "PK\x05\x06 made by hand" }), { a: "" }],
    ["zip64 sizes", pack([{ name: "a", content: "hello", zip64: true }]), { a: "hello" }],
    ["a zip64 directory", pack([{ name: "a", content: "hello" }], { zip64: true }), { a: "hello" }],
    ["names beyond ASCII", pack([{ name: "dateï/ñ.js" }]), { "dateï/ñ.js": "" }],
    ["names that only look like parents", pack([{ name: "..a/b..c/..." }]), { "..a/b..c/...": "" }],
    [
      "links inside, after everything else",
      pack([{ name: "bin/run", content: "../lib/run.js", mode: LINK }, { name: "lib/run.js", content: "1" }]),
      { "lib/run.js": "1", "bin/run -> ../lib/run.js": "" },
    ],
  ];
  test.each(rows)("%s", async (_name, archive, expected) => {
    expect(await unpack(archive)).toEqual(expected);
  });

  test("the size is that of all files, and directories do not count as files", () => {
    const archive = readArchive(pack([{ name: "d/" }, { name: "d/a", content: "12345" }, { name: "b", content: "67" }]), LIMIT);
    expect([archive.unpackedSize, archive.fileCount]).toEqual([7, 2]);
  });
});

describe("archives that are refused", () => {
  const file = (name: string | Buffer, more: Partial<Entry> = {}): Entry => ({ name, content: "x", ...more });
  const link = (name: string, target: string): Entry => ({ name, content: target, mode: LINK });
  const rows: readonly [string, Buffer, string][] = [
    ["no zip at all", Buffer.from("hello, this is no archive at all"), "it has no end record"],
    ["something too short", Buffer.from("PK"), "it has no end record"],
    ["a parent", pack([file("../a")]), '"../a" leads out of the package'],
    ["a parent in the middle", pack([file("a/../../b")]), '"a/../../b" leads out of the package'],
    ["an absolute path", pack([file("/etc/passwd")]), '"/etc/passwd" is not a relative path'],
    ["a drive", pack([file("C:/a")]), '"C:/a" is not a relative path'],
    ["a backslash", pack([file("..\\a")]), '"..\\\\a" is not a relative path'],
    ["a zero byte", pack([file("a\0b")]), '"a\\u0000b" is not a relative path'],
    ["no name", pack([file("")]), "an entry has no name"],
    ["a name that is not UTF-8", pack([file(Buffer.from([0xff, 0xfe]))]), "an entry's name is not UTF-8"],
    ["an overlong name", pack([file("a".repeat(256))]), "an entry has an overlong name"],
    ["an overlong path", pack([file("a/".repeat(600))]), "an entry has an overlong name"],
    ["a file twice", pack([file("a"), file("a")]), "a stands twice"],
    ["a file twice, spelled differently", pack([file("a/b"), file("a/./b")]), "a/b stands twice"],
    ["a file that is a directory too", pack([file("a"), { name: "a/" }]), "a stands twice"],
    ["a file below a file", pack([file("a"), file("a/b")]), "a/b stands below a file"],
    ["a file below a link", pack([link("a", "b"), file("a/c")]), "a/c stands below a link"],
    ["a file far below a link", pack([link("a", "b"), file("a/c/d/e")]), "a/c/d/e stands below a link"],
    ["an encrypted file", pack([file("a", { flags: 1 })]), "a is encrypted"],
    ["another method", pack([file("a", { method: 12 })]), "a uses compression method 12"],
    ["a device", pack([file("a", { mode: 0o020644 })]), "a is neither file, directory nor link"],
    ["a directory with content", pack([file("a/")]), "a/ is a directory with content"],
    ["fewer entries than it has", pack([file("a"), file("b")], { count: 1 }), "its directory has more entries than it says"],
    ["more entries than it has", pack([file("a")], { count: 2 }), "its directory is damaged"],
    ["a stored file of two sizes", pack([file("a", { size: 5 })]), "a has two sizes"],
  ];
  test.each(rows)("%s", (_name, archive, reason) => {
    expect(() => readArchive(archive, LIMIT)).toThrow(new BadArchive(reason));
  });

  const contents: readonly [string, Buffer, string][] = [
    ["a wrong checksum", pack([file("a", { crc: 1 })]), "a is damaged"],
    ["another name before the data", pack([file("a", { localName: "b" })]), "a has two names"],
    ["more content than it says", pack([file("a", { content: "x".repeat(99), method: 8, size: 98 })]), "a has more content than it says"],
    ["less content than it says", pack([file("a", { content: "x".repeat(99), method: 8, size: 100 })]), "a has less content than it says"],
    ["a link to an absolute path", pack([link("a", "/etc/passwd")]), "a links out of the package"],
    ["a link to a parent", pack([link("a/b", "../../c")]), "a/b links out of the package"],
    ["a link through another and back up", pack([link("up", "a"), file("a/b"), link("c", "up/../../d")]), "c links out of the package"],
    ["a link with an empty target", pack([link("a", "")]), "a links out of the package"],
  ];
  test.each(contents)("%s, when it is unpacked", async (_name, archive, reason) => {
    await expect(unpack(archive)).rejects.toThrow(new BadArchive(reason));
  });

  test("content that cannot be inflated", async () => {
    const archive = pack([file("a", { content: "x".repeat(99), method: 8 })]);
    archive.fill(0xff, 31, 35);
    await expect(unpack(archive)).rejects.toThrow(new BadArchive("a cannot be inflated"));
  });

  test("a directory that lies outside of the archive", () => {
    const archive = pack([file("a")]);
    archive.writeUInt32LE(1_000_000, archive.length - 6);
    expect(() => readArchive(archive, LIMIT)).toThrow(new BadArchive("its directory is cut off"));
  });

  test("one that was cut off anywhere", () => {
    const archive = pack([file("a", { content: "hello" }), file("b")]);
    for (let length = 0; length < archive.length; length++) {
      expect(() => readArchive(archive.subarray(0, length), LIMIT), `${length} bytes`).toThrow(BadArchive);
    }
  });

  test("one with any byte changed is read or refused, and never fails otherwise", async () => {
    const archive = pack([file("a", { content: "hello".repeat(9), method: 8 }), link("b", "a"), file("c", { zip64: true })]);
    const surprises: string[] = [];
    for (let at = 0; at < archive.length; at++) {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] as number) ^ 0xff;
      const outcome = await unpack(changed).catch((error: unknown) => error);
      const expected = !(outcome instanceof Error) || outcome instanceof BadArchive || outcome instanceof ArchiveTooLarge;
      if (!expected) surprises.push(`byte ${at}: ${String(outcome)}`);
    }
    expect(surprises).toEqual([]);
  });
});

describe("bombs", () => {
  test("files that together say they are too large are refused before anything is inflated", () => {
    const archive = pack([{ name: "a", content: "x".repeat(600), method: 8 }, { name: "b", content: "x".repeat(401), method: 8 }]);
    expect(() => readArchive(archive, 1_000)).toThrow(new ArchiveTooLarge("the files have more than 1000 bytes"));
    expect(readArchive(archive, 1_001).unpackedSize).toBe(1_001);
  });

  test("a file that inflates to more than it says is cut off there", async () => {
    const archive = pack([{ name: "a", content: Buffer.alloc(50_000_000), method: 8, size: 10 }]);
    await expect(unpack(archive)).rejects.toThrow(new BadArchive("a has more content than it says"));
  });
});
