// What a row of the table of patch operations asks to be done, and what has to be seen of it.
import type { Deployed, Patch, Sort } from "./updatable.ts";

export type Op = "add" | "replace" | "remove" | "copy";

/** What an answer has where, by JSON pointer; undefined where it has nothing. */
export type Changes = Readonly<Record<string, unknown>>;

const NAMES = /\{(restApiId|firstDeployment|secondDeployment|otherResource)\}/g;

/** Texts may name `{restApiId}`, `{firstDeployment}`, `{secondDeployment}` and `{otherResource}` of what is deployed. */
export interface Row {
  /** As the page has it. */
  readonly path: string;
  /** The ops that the page lists. */
  readonly ops: readonly Op[];
  /** Ops that AWS takes too, by other pages. */
  readonly also?: readonly Op[];
  /** Ops that need more than is made here: they have tests of their own. */
  readonly elsewhere?: readonly Op[];
  /** One path of this form; the same when absent. */
  readonly at?: string;
  readonly value?: string;
  readonly from?: string;
  /** What is there before. */
  readonly before?: readonly Patch[];
  /** What the request holds besides, as the page's table asks. */
  readonly besides?: readonly Patch[];
  /** What `remove` names; the value when absent. */
  readonly removes?: string;
  readonly given?: Sort;
  /** What is seen of `add`, `replace` and `copy`: the value at the path when absent. */
  readonly shows?: Changes;
  /** Of some op, where it differs. */
  readonly showsOf?: Partial<Readonly<Record<Op, Changes>>>;
  /** How values are refused: `404 NotFoundException: ...`, or words of a BadRequestException; `Must be ...` stands behind value and path. */
  readonly wrong?: Readonly<Record<string, string>>;
}

const filled = (text: string, deployed: Deployed): string => text.replace(NAMES, (_whole, name: Exclude<keyof Deployed, "rootId">) => deployed[name]);

/** The row's path, or the one of its form. */
export const pathOf = ({ path, at = path }: Row, deployed: Deployed): string => filled(at, deployed);

/** Everything that one of a row's ops asks for. */
export const requestOf = (row: Row, op: Op, deployed: Deployed): readonly Patch[] => [...(row.besides ?? []), patchOf(row, op, deployed)];

/** What has to be there before. */
export const preparationOf = ({ before = [] }: Row, deployed: Deployed): readonly Patch[] =>
  before.map(({ value, ...patch }) => ({ ...patch, ...(value === undefined ? {} : { value: filled(value, deployed) }) }));

/** The row's operation, of one of its ops. */
export function patchOf(row: Row, op: Op, deployed: Deployed): Patch {
  const { value, from, removes } = row;
  const path = pathOf(row, deployed);
  if (op === "copy") return { op, path, from: from ?? "/name" };
  const given = op === "remove" ? (removes ?? value) : value;
  return given === undefined ? { op, path } : { op, path, value: filled(given, deployed) };
}

/** What has to be seen of an operation and of nothing else. */
export function changesBy(row: Row, op: Op, deployed: Deployed): Changes {
  const path = pathOf(row, deployed);
  const changes = row.showsOf?.[op] ?? (op === "remove" ? { [path]: undefined } : (row.shows ?? { [path]: typed(row.value) }));
  return Object.fromEntries(Object.entries(changes).map(([where, value]) => [where, typeof value === "string" ? filled(value, deployed) : value]));
}

/** A value as answers have it. */
function typed(value: string | undefined): unknown {
  if (value === "true" || value === "false") return value === "true";
  return value !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

/** How a wrong value is refused: status, class and words. */
export function refusalOf(row: Row, value: string, words: string, deployed: Deployed): string {
  if (/^\d{3} /.test(words)) return words;
  const said = words.startsWith("Must be") ? `Invalid patch value '${value}' specified for path '${pathOf(row, deployed)}'. ${words}` : words;
  return `400 BadRequestException: ${filled(said, deployed)}`;
}

/** Members that say when something was changed. */
const TIMES = new Set(["certificateUploadDate", "lastUpdatedDate"]);

/** What an answer has, by JSON pointer. Empty lists and maps have nothing. */
export function flat(value: unknown, where = ""): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || value instanceof Date) return { [where]: value };
  const members = Object.entries(value).filter(([name, member]) => member !== undefined && !TIMES.has(name));
  return Object.assign({}, ...members.map(([name, member]) => flat(member, `${where}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`))) as Record<string, unknown>;
}

/** What differs between two answers, as the second one has it. */
export function changesBetween(before: unknown, after: unknown): Changes {
  const [one, other] = [flat(before), flat(after)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const differs = (name: string) => String(one[name]) !== String(other[name]);
  return Object.fromEntries(names.filter(differs).map((name) => [name, other[name]]));
}
