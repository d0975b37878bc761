// What a worker exchanges with the primary: its wishes for the primary's answers.

/** Something whose wishes the primary is told. */
export interface Exchanged<Wish, Answers> {
  readonly hasWishes: boolean;
  /** Whether nothing is known that would have to be looked at later. */
  readonly isEmpty: boolean;
  /** What is wished now, and who takes the answers: undefined where there was no primary to give any. */
  takeWishes(): { readonly wishes: readonly Wish[]; answer(answers: Answers | undefined, now: number): void };
  /** Wishes that what is left over is given back, and forgets what is not used. */
  sweep(now: number): void;
}
