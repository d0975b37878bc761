// [1], [1, -2], [1:], [1:2] and [:2].
import type { Cursor } from "./cursor.ts";
import type { PathToken } from "./tree.ts";

/** undefined when the brackets hold something else. */
export function readArrayToken(path: Cursor): PathToken | undefined {
  const begin = path.position + 1;
  if (!/[-:0-9]/.test(path.nextSignificant())) return undefined;
  const end = path.indexOf("]", begin);
  if (end === -1) return undefined;
  const text = path.text.slice(begin, end).trim();
  if (!/^[-,: 0-9]*$/.test(text)) return undefined;
  const integer = (digits: string): number => {
    const value = /^-?[0-9]+$/.test(digits) ? Number(digits) : Number.NaN;
    return value >= -2147483648 && value <= 2147483647 ? value : path.fail(`"${digits}" is no index`, begin);
  };
  path.position = end + 1;
  if (!text.includes(":")) return { kind: "index", indexes: text.split(/\s*,\s*/).map(integer) };
  if (!/^[-:0-9]*$/.test(text)) path.fail(`"${text}" is no slice`, begin);
  // A third part, the step, is read over.
  const [from, to] = text.split(":").map((digits) => (digits === "" ? undefined : integer(digits)));
  if (from === undefined && to === undefined) path.fail(`"${text}" is no slice`, begin);
  return { kind: "slice", from, to };
}
