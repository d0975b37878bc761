// The arguments of a function, split as Jayway's library splits them: what begins with a digit, a minus, a brace or a
// double quote is JSON, what begins with $ or @ a path, and what begins otherwise is read over.
import type { Cursor } from "./cursor.ts";
import type { Grammar } from "./path-parser.ts";
import type { FunctionArgument, PathTree } from "./tree.ts";

const depths: Readonly<Record<string, readonly [string, number]>> = {
  "(": ["(", 1],
  "[": ["[", 1],
  "]": ["[", -1],
  "{": ["{", 1],
  "}": ["{", -1],
  ")": ["(", -1],
};

interface Reading {
  kind: "json" | "path" | undefined;
  begin: number;
  text: string;
  readonly open: Record<string, number>;
  quotes: number;
}

/** Reads up to the parenthesis that closes the call; the cursor stands behind the one that opens it. */
export function readFunctionArguments(
  path: Cursor,
  grammar: Grammar,
  readPath: (path: Cursor, grammar: Grammar) => PathTree,
): readonly FunctionArgument[] {
  const found: FunctionArgument[] = [];
  const reading: Reading = { kind: undefined, begin: 0, text: "", open: { "(": 1, "[": 0, "{": 0 }, quotes: 0 };
  let before = "";
  const take = (): void => {
    const { kind, text, begin } = reading;
    if (kind === "json") found.push({ kind, text });
    if (kind === "path") found.push({ kind, path: readPath(path.part(text, begin), grammar) });
    Object.assign(reading, { kind: undefined, text: "" });
  };
  while (path.inside()) {
    const character = path.current;
    path.position += 1;
    if (reading.kind === undefined) {
      if (/[ \t\r\n]/.test(character)) continue;
      reading.kind = kindOf(character);
      reading.begin = path.position - 1;
    }
    count(reading, character, before, path);
    const { open } = reading;
    const grouped = reading.quotes !== 0 || open["{"] !== 0 || open["["] !== 0;
    if (character === ")" && before === "(" && reading.kind !== undefined) reading.text += character;
    if ((character === ")" && open["("] === 0 && !grouped) || (/[,)]/.test(character) && open["("] === 1 && !grouped)) {
      take();
      if (open["("] === 0) return found;
    }
    const comma = character === "," && open["{"] === 0 && open["["] === 0 && open["("] === 1;
    if (reading.kind !== undefined && !comma) reading.text += character;
    before = character;
  }
  // A double quote too many takes the last argument with it, and is let pass.
  if (Object.values(reading.open).some((depth) => depth !== 0)) path.fail("the arguments are not closed");
  return found;
}

function kindOf(character: string): "json" | "path" | undefined {
  if (character === "$" || character === "@") return "path";
  return /[-{"0-9]/.test(character) ? "json" : undefined;
}

function count(reading: Reading, character: string, before: string, path: Cursor): void {
  if (character === '"') reading.quotes += before !== "\\" && reading.quotes > 0 ? -1 : 1;
  const [group, step] = depths[character] ?? [];
  if (group === undefined || step === undefined) return;
  const depth = (reading.open[group] ?? 0) + step;
  if (depth < 0 && group !== "(") path.fail(`"${character}" is not expected`, path.position - 1);
  reading.open[group] = depth;
}
