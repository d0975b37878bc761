// Where a log group's events are: one file a day, `{account}/{region}/{group}.{day}.log`, and further ones of the day once
// that is full, `{group}.{day}.1.log`. Whatever a group is called, its file is in the directory.
import { hash } from "node:crypto";
import { join } from "node:path";
import type { LogGroup } from "../../domain/log-group.ts";

/** Characters that a name keeps; a point is kept where it does not begin it. */
const KEPT = /[^A-Za-z0-9_.-]|^\./g;

/** File systems take 255 bytes; the day, the number and the ending need some of them. */
const LONGEST = 200;

/** A text as a file's name: other characters as `%2F`, long ones cut and told apart by their hash. Different texts, different names. */
export function fileName(text: string): string {
  const name = text.replace(KEPT, (character) =>
    Array.from(Buffer.from(character, "utf8"), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 65)}~${hash("sha256", text)}`;
}

/** The directory of a group's files, in the one for all. */
export const directoryOf = (root: string, { account, region }: LogGroup): string => join(root, fileName(account), fileName(region));

/** @param day `2026-11-22` @param part 0 for the first file of a day */
export const fileOf = (root: string, group: LogGroup, day: string, part: number): string =>
  join(directoryOf(root, group), `${fileName(group.name)}.${day}${part === 0 ? "" : `.${part}`}.log`);
