// Which requests go to a canary: at random, so that no client is always the one, and yet exactly the share that was
// asked for in the long run.

/** How many requests an exact share is taken of: as many as a percentage speaks of. */
const BLOCK = 100;

/**
 * Says of one request after the other whether it goes to the canary. Of every hundred requests as many do as the
 * percentage says, its fraction carried over to the next hundred: which of them is drawn (selection sampling: Knuth,
 * The Art of Computer Programming, volume 2, 3.4.2, algorithm S). Where the first carry begins is drawn too, so that
 * shares that are begun anew, as when a stage changes, are right on average however few requests each of them sees.
 * @param percent 0 to 100, fractions included
 * @param random numbers from 0 to below 1
 */
export function createCanaryShare(percent: number, random: () => number): () => boolean {
  let carry = random();
  let requestsLeft = 0;
  let canariesLeft = 0;
  return () => {
    if (requestsLeft === 0) {
      requestsLeft = BLOCK;
      carry += percent;
      canariesLeft = Math.floor(carry);
      carry -= canariesLeft;
    }
    const isCanary = random() * requestsLeft < canariesLeft;
    requestsLeft--;
    if (isCanary) canariesLeft--;
    return isCanary;
  };
}
