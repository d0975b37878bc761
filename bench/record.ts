// Puts what was measured into docs/performance.md, in place of what was measured before.
import { readFileSync, writeFileSync } from "node:fs";

export const PAGE = new URL("../docs/performance.md", import.meta.url);

/** Which figures of the page are replaced: those of one process, or those of several. */
export const partFor = (workers: number): string => (workers === 1 ? "one process" : "several processes");

/**
 * The page with the text between the two comments that enclose a part.
 * @throws when it has no such part
 */
export function replacePart(page: string, part: string, text: string): string {
  const [begin, end] = [`<!-- figures of ${part} -->`, `<!-- end of the figures of ${part} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for the figures of ${part}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** Writes the page. */
export function record(part: string, text: string): void {
  writeFileSync(PAGE, replacePart(readFileSync(PAGE, "utf8"), part, text));
}
