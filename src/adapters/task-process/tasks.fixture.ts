// Tasks of all kinds, for the process's test.
import { getPriority } from "node:os";

const kept: unknown[] = [];

export const tasks = {
  double: (number: number) => number * 2,
  later: async (number: number) => {
    await Promise.resolve();
    return number;
  },
  where: () => ({ pid: process.pid, priority: getPriority(), environment: Object.keys(process.env).filter((name) => name !== "NODE_COMPILE_CACHE" && name !== "NODE_CHANNEL_FD" && name !== "NODE_CHANNEL_SERIALIZATION_MODE") }),
  length: ({ bytes }: { readonly bytes: Uint8Array }) => bytes.length,
  fail: (message: string) => {
    throw new RangeError(message);
  },
  spin: () => {
    for (;;);
  },
  grow: () => {
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
  },
  growAtOnce: () => {
    const list: number[] = [];
    list.length = 60_000_000;
    return list.fill(1.5).length;
  },
  exit: (code: number) => process.exit(code),
  crash: () =>
    new Promise<void>(() => {
      setImmediate(() => {
        throw new Error("nobody catches this");
      });
    }),
  method: () => () => "what cannot be copied",
};
