// Something that is counted under a name, with a place to remember where: what is looked for with every request is then found
// without the name.

/**
 * Where whoever counts something keeps what it found by the name. It belongs to one process: neither JSON nor messages to
 * others have it.
 */
export const KEPT: unique symbol = Symbol("kept");

/**
 * What is kept there. Others may meet the same thing, and keep theirs in its place; and a copy of the thing has what was kept
 * there, too: whoever finds something looks whether it is his, and of this very thing.
 */
export interface Kept {
  /** Who keeps it. */
  readonly by: object;
}

export interface Keeping {
  /** Whoever names the same means the same. */
  readonly name: string;
  [KEPT]?: Kept | undefined;
}
