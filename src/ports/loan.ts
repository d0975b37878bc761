// Memory that is lent with the bytes that stand in it.

/**
 * Who holds a loan is the only one who may read the bytes that came with it, and answers for whoever he shows them to. He
 * either hands the loan on, bytes and all, and forgets both; or gives the memory back, once nobody reads the bytes any more;
 * or lets go of it, and the garbage collector sees to the rest. Nothing but speed depends on its being given back; everything
 * depends on its not being given back too early: other bytes, of another client's, stand there next.
 */
export interface Loan {
  /** The memory may be written to by others from now on. Counts once. */
  giveBack(): void;
  /**
   * A text and bytes behind it as one piece, in the same memory: it is written in one go, where two pieces cost a system call
   * of the dearer kind.
   * @param text one character a byte
   * @param bytes those that came with the loan, from the first
   * @returns undefined where there is no room for the text
   */
  behind?(text: string, bytes: Uint8Array): Uint8Array | undefined;
}
