// Paths in an archive: none may name anything outside of the directory that it is unpacked into.
import { BadArchive } from "./archive-errors.ts";

/** Of a whole path, in bytes. */
const PATH_LIMIT = 1_024;
/** Of a part of a path, in bytes. */
const PART_LIMIT = 255;

/** A name as text. @throws {BadArchive} when it is too long or not UTF-8. */
export function readName(raw: Buffer): string {
  if (raw.length > PATH_LIMIT) throw new BadArchive("an entry has an overlong name");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new BadArchive("an entry's name is not UTF-8");
  }
}

/**
 * A name without `.` parts; empty for the package's root. Backslashes and drive letters are refused on every system, so
 * that none reads them as paths. @throws {BadArchive} when it is no path inside of the package.
 */
export function safePath(name: string): string {
  if (isAbsolute(name)) throw new BadArchive(`${JSON.stringify(name)} is not a relative path`);
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new BadArchive(`${JSON.stringify(name)} leads out of the package`);
  if (parts.some((part) => Buffer.byteLength(part) > PART_LIMIT)) throw new BadArchive("an entry has an overlong name");
  return parts.join("/");
}

/**
 * A link may lead up only at its target's beginning, and not above the package: since no entry stands below a link, each
 * `..` then leaves a real directory, and what follows it can only go down or through links that are safe themselves.
 * @throws {BadArchive}
 */
export function safeTarget(path: string, target: string): string {
  const depth = path.split("/").length - 1;
  const parts = target.split("/");
  const down = parts.findIndex((part) => part !== ".." && part !== ".");
  const ups = (down === -1 ? parts : parts.slice(0, down)).filter((part) => part === "..").length;
  const back = down !== -1 && parts.slice(down).includes("..");
  if (target === "" || isAbsolute(target) || back || ups > depth) {
    throw new BadArchive(`${path} links out of the package`);
  }
  return target;
}

/** On any system; what no path should hold counts too. */
const isAbsolute = (path: string): boolean => /[\\\0]/.test(path) || path.startsWith("/") || /^[a-zA-Z]:/.test(path);
