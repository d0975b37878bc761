// Texts with wildcards: `*` is any characters or none, `?` is one. Matching takes time that grows with the text's length, not
// with its square: between two stars the first place that fits is as good as any.

/** A piece between two stars: its text, and where in it a `?` stands for any character. */
interface Piece {
  readonly text: string;
  readonly any: readonly boolean[] | undefined;
}

/** Tells whether a text fits. */
export type Matcher = (text: string) => boolean;

/** One unit of a pattern: a wildcard, or text that stands for itself. */
export type PatternPart = { readonly type: "star" } | { readonly type: "any" } | { readonly type: "text"; readonly text: string };

const STAR: PatternPart = { type: "star" };
const ANY: PatternPart = { type: "any" };

/** The parts of a pattern in which every `*` and `?` is a wildcard. */
export function wildcardParts(pattern: string): readonly PatternPart[] {
  return pattern
    .split(/([*?])/)
    .filter((each) => each !== "")
    .map((each) => (each === "*" ? STAR : each === "?" ? ANY : { type: "text", text: each }));
}

/** Whether a text has the pattern's form. */
export function globMatcher(parts: readonly PatternPart[]): Matcher {
  const pieces = piecesOf(parts);
  const [first, ...rest] = pieces;
  const last = rest.pop();
  if (first === undefined) return (text) => text === "";
  if (last === undefined) return exactly(first);
  if (rest.length === 0 && first.any === undefined && last.text === "") return (text) => text.startsWith(first.text);
  const least = pieces.reduce((sum, { text }) => sum + text.length, 0);
  return (text) => {
    if (text.length < least || !fitsAt(first, text, 0) || !fitsAt(last, text, text.length - last.text.length)) return false;
    const end = text.length - last.text.length;
    let from = first.text.length;
    for (const piece of rest) {
      const place = find(piece, text, from, end);
      if (place < 0) return false;
      from = place + piece.text.length;
    }
    return from <= end;
  };
}

function exactly(piece: Piece): Matcher {
  const { text: expected, any } = piece;
  if (any === undefined) return (text) => text === expected;
  return (text) => text.length === expected.length && fitsAt(piece, text, 0);
}

function piecesOf(parts: readonly PatternPart[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let any: boolean[] = [];
  const end = (): void => {
    pieces.push({ text, any: any.includes(true) ? any : undefined });
    text = "";
    any = [];
  };
  for (const part of parts) {
    if (part.type === "star") end();
    else if (part.type === "any") {
      text += "?";
      any[text.length - 1] = true;
    } else text += part.text;
  }
  end();
  return pieces.filter((piece, index) => piece.text !== "" || index === 0 || index === pieces.length - 1);
}

function fitsAt({ text: expected, any }: Piece, text: string, place: number): boolean {
  if (any === undefined) return text.startsWith(expected, place);
  for (let index = 0; index < expected.length; index++) {
    if (any[index] !== true && expected.charCodeAt(index) !== text.charCodeAt(place + index)) return false;
  }
  return true;
}

function find(piece: Piece, text: string, from: number, end: number): number {
  if (piece.any === undefined) {
    const place = text.indexOf(piece.text, from);
    return place + piece.text.length <= end ? place : -1;
  }
  for (let place = from; place + piece.text.length <= end; place++) if (fitsAt(piece, text, place)) return place;
  return -1;
}
