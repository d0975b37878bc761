// Reads zip archives that anyone may have made: nothing in one can name a file outside of it, grow past the limits, or
// hide one entry behind another. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32, createInflateRaw } from "node:zlib";
import type { CodeFile } from "../../ports/function-code.ts";
import { ArchiveTooLarge, BadArchive } from "./archive-errors.ts";
import { readName, safePath, safeTarget } from "./archive-paths.ts";

/** A checked archive. */
export interface Archive {
  /** The size of all files together, in bytes. */
  readonly unpackedSize: number;
  /** Files and links; directories do not count. */
  readonly fileCount: number;
  /** The entries, links last. Inflates as it is read, away from this thread. @throws {BadArchive} */
  files(): AsyncIterable<CodeFile>;
}

/** The most entries an archive may have: what one without zip64 can. */
const ENTRY_LIMIT = 65_535;
const LINK_LIMIT = 1_024;

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const UNIX = 3;
const MACOS = 19;
const FILE_TYPE = 0o170000;
const LINK_TYPE = 0o120000;
const DIRECTORY_TYPE = 0o040000;
const REGULAR_TYPE = 0o100000;

interface Entry {
  readonly path: string;
  readonly rawName: Buffer;
  readonly type: "directory" | "file" | "link";
  readonly executable: boolean;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
}

/**
 * Checks an archive's directory: every name, size and method.
 * @throws {BadArchive} when it is damaged, encrypted, uses another method than store and deflate, or holds an absolute
 *   path, a path out of it, a path twice, a path below a file or link, or more than 65,535 entries.
 * @throws {ArchiveTooLarge} when the files together have more than `sizeLimit` bytes.
 */
export function readArchive(archive: Uint8Array, sizeLimit: number): Archive {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const entries = readDirectory(bytes, findDirectory(bytes));
  let unpackedSize = 0;
  for (const entry of entries) {
    unpackedSize += entry.size;
    if (unpackedSize > sizeLimit) throw new ArchiveTooLarge(`the files have more than ${sizeLimit} bytes`);
  }
  refuseCollisions(entries);
  const fileCount = entries.filter(({ type }) => type !== "directory").length;
  return { unpackedSize, fileCount, files: () => readFiles(bytes, entries) };
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

function findDirectory(bytes: Buffer): Directory {
  const end = findEnd(bytes);
  const volume = bytes.readUInt16LE(end + 4);
  if (volume !== 0 && volume !== 0xffff) throw new BadArchive("it is one of several volumes");
  const count = bytes.readUInt16LE(end + 10);
  const size = bytes.readUInt32LE(end + 12);
  const offset = bytes.readUInt32LE(end + 16);
  const directory =
    count === 0xffff || size === 0xffffffff || offset === 0xffffffff
      ? (findZip64Directory(bytes, end) ?? { offset, size, count })
      : { offset, size, count };
  if (directory.count > ENTRY_LIMIT) throw new BadArchive(`it has more than ${ENTRY_LIMIT} entries`);
  if (directory.offset + directory.size > end) throw new BadArchive("its directory is cut off");
  return directory;
}

/** The end record stands before a comment of at most 64 KB, whose length it tells. */
function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - 0xffff; at--) {
    if (bytes.readUInt32LE(at) === END && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  throw new BadArchive("it has no end record");
}

function findZip64Directory(bytes: Buffer, end: number): Directory | undefined {
  const locator = end - 20;
  if (locator < 0 || bytes.readUInt32LE(locator) !== ZIP64_LOCATOR) return undefined;
  const record = readUInt64(bytes, locator + 8);
  if (record + 56 > locator || bytes.readUInt32LE(record) !== ZIP64_END) throw new BadArchive("its zip64 record is damaged");
  return {
    count: readUInt64(bytes, record + 32),
    size: readUInt64(bytes, record + 40),
    offset: readUInt64(bytes, record + 48),
  };
}

function readUInt64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadArchive("it has a number out of range");
  return Number(value);
}

function readDirectory(bytes: Buffer, directory: Directory): Entry[] {
  const end = directory.offset + directory.size;
  const entries: Entry[] = [];
  let at = directory.offset;
  for (let i = 0; i < directory.count; i++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== CENTRAL_HEADER) throw new BadArchive("its directory is damaged");
    const length = 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (at + length > end) throw new BadArchive("its directory is damaged");
    const entry = readEntry(bytes.subarray(at, at + length));
    if (entry) entries.push(entry);
    at += length;
  }
  if (at !== end) throw new BadArchive("its directory has more entries than it says");
  return entries;
}

/** An entry of the directory; undefined for the root itself (`./`). */
function readEntry(header: Buffer): Entry | undefined {
  const nameLength = header.readUInt16LE(28);
  const rawName = header.subarray(46, 46 + nameLength);
  const name = readName(rawName);
  if ((header.readUInt16LE(8) & ENCRYPTED) !== 0) throw new BadArchive(`${name} is encrypted`);
  const method = header.readUInt16LE(10);
  if (method !== STORED && method !== DEFLATED) throw new BadArchive(`${name} uses compression method ${method}`);
  const sizes = readSizes(header, 46 + nameLength, name);
  if (method === STORED && sizes.size !== sizes.compressedSize) throw new BadArchive(`${name} has two sizes`);
  const mode = readMode(header);
  const type = entryType(name, mode);
  const path = safePath(name);
  if (path === "") {
    if (type !== "directory") throw new BadArchive("an entry has no name");
    return undefined;
  }
  if (type === "directory" && sizes.size !== 0) throw new BadArchive(`${name} is a directory with content`);
  if (type === "link" && sizes.size > LINK_LIMIT) throw new BadArchive(`${name} is a link with an overlong target`);
  return { path, rawName, type, executable: (mode & 0o111) !== 0, method, crc: header.readUInt32LE(16), ...sizes };
}

interface Sizes {
  readonly size: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

/** Sizes and offset; where the 32-bit fields are full, they stand in the zip64 extra field, in this order. */
function readSizes(header: Buffer, extraStart: number, name: string): Sizes {
  const short = [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)];
  if (short.includes(0xffffffff)) {
    const extra = findExtra(header.subarray(extraStart, extraStart + header.readUInt16LE(30)), 0x0001);
    let at = 0;
    for (let i = 0; i < short.length; i++) {
      if (short[i] !== 0xffffffff) continue;
      if (!extra || at + 8 > extra.length) throw new BadArchive(`${name} has a damaged zip64 field`);
      short[i] = readUInt64(extra, at);
      at += 8;
    }
  }
  const [size, compressedSize, headerOffset] = short as [number, number, number];
  return { size, compressedSize, headerOffset };
}

function findExtra(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

/** The Unix mode; 0 when the archive was made on a system without. */
function readMode(header: Buffer): number {
  const system = header.readUInt8(5);
  return system === UNIX || system === MACOS ? header.readUInt16LE(40) : 0;
}

function entryType(name: string, mode: number): Entry["type"] {
  const type = mode & FILE_TYPE;
  if (name.endsWith("/")) {
    if (type === LINK_TYPE) throw new BadArchive(`${name} is a link and a directory`);
    return "directory";
  }
  if (type === LINK_TYPE) return "link";
  if (type === DIRECTORY_TYPE) return "directory";
  if (type === REGULAR_TYPE || type === 0) return "file";
  throw new BadArchive(`${name} is neither file, directory nor link`);
}

/** No path may stand twice (but for directories), nor below a file or a link. */
function refuseCollisions(entries: readonly Entry[]): void {
  const types = new Map<string, Entry["type"]>();
  for (const { path, type } of entries) {
    const other = types.get(path);
    if (other !== undefined && !(other === "directory" && type === "directory")) throw new BadArchive(`${path} stands twice`);
    types.set(path, type);
  }
  for (const { path } of entries) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const type = types.get(path.slice(0, slash));
      if (type === "directory") break;
      if (type !== undefined) throw new BadArchive(`${path} stands below a ${type}`);
    }
  }
}

async function* readFiles(bytes: Buffer, entries: readonly Entry[]): AsyncGenerator<CodeFile> {
  for (const entry of entries) {
    if (entry.type === "directory") yield { type: "directory", path: entry.path };
    if (entry.type === "file") {
      yield { type: "file", path: entry.path, executable: entry.executable, content: readContent(bytes, entry) };
    }
  }
  for (const entry of entries) {
    if (entry.type !== "link") continue;
    const target: Uint8Array[] = [];
    for await (const chunk of readContent(bytes, entry)) target.push(chunk);
    yield { type: "link", path: entry.path, target: safeTarget(entry.path, readName(Buffer.concat(target))) };
  }
}

/** An entry's content, checked against its size and checksum. */
async function* readContent(bytes: Buffer, entry: Entry): AsyncGenerator<Uint8Array> {
  const data = findData(bytes, entry);
  let size = 0;
  let crc = 0;
  for await (const chunk of entry.method === STORED ? slices(data) : inflate(data, entry.path)) {
    size += chunk.length;
    if (size > entry.size) throw new BadArchive(`${entry.path} has more content than it says`);
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.size) throw new BadArchive(`${entry.path} has less content than it says`);
  if (crc !== entry.crc) throw new BadArchive(`${entry.path} is damaged`);
}

function findData(bytes: Buffer, entry: Entry): Buffer {
  const at = entry.headerOffset;
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL_HEADER) throw new BadArchive(`${entry.path} has no header`);
  const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
  if (!bytes.subarray(at + 30, nameEnd).equals(entry.rawName)) throw new BadArchive(`${entry.path} has two names`);
  const start = nameEnd + bytes.readUInt16LE(at + 28);
  if (start + entry.compressedSize > bytes.length) throw new BadArchive(`${entry.path} is cut off`);
  return bytes.subarray(start, start + entry.compressedSize);
}

const SLICE = 256 * 1_024;

function* slices(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += SLICE) yield data.subarray(at, at + SLICE);
}

async function* inflate(data: Buffer, path: string): AsyncGenerator<Buffer> {
  const stream = createInflateRaw();
  stream.end(data);
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof BadArchive) throw error;
    throw new BadArchive(`${path} cannot be inflated`, { cause: error });
  } finally {
    stream.destroy();
  }
}
