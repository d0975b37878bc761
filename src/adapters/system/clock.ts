// The machine's clock.
import type { Clock } from "../../ports/clock.ts";

/** Past this many milliseconds a Node timer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),

  after(ms, task) {
    if (ms <= LONGEST_TIMER) {
      const short = setTimeout(task, ms);
      short.unref();
      return () => clearTimeout(short);
    }
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const part = Math.min(left, LONGEST_TIMER);
      timer = setTimeout(() => (left > part ? wait(left - part) : task()), part);
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
