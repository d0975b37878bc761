// How large a pattern becomes when it is compiled: repetitions that are counted are written out.

/** About the instructions of a pattern in RE2's syntax, told from its text alone. */
export function sizeOf(pattern: string): number {
  // Of each group that is open, what stands before the last piece.
  const open = [0];
  let last = 0;
  const pieces = /\\(?:[pPx]\{[^}]*\}|x[0-9a-fA-F]{2}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[^]/gsu;
  for (const [piece, least, most = least] of pattern.matchAll(pieces)) {
    if (least !== undefined) {
      last *= Math.max(Number(least), Number(most), 1);
      continue;
    }
    open[open.length - 1] = (open.at(-1) ?? 0) + last;
    last = 1;
    if (piece === "(") {
      open.push(0);
      last = 0;
    } else if (piece === ")" && open.length > 1) last = (open.pop() ?? 0) + 2;
  }
  return open.reduce((total, size) => total + size, last);
}
