import { expect, test, vi } from "vitest";
import { RequestBody } from "./request-body.ts";

const flow = { pause: () => undefined, resume: () => undefined };
const MIB = 1024 * 1024;

/** The most memory that a body asks for in one go, while so much of it comes piece by piece. */
async function largest(length: number | undefined, pieces: readonly Buffer[]): Promise<number> {
  const sizes: number[] = [];
  const allocate = Buffer.allocUnsafe.bind(Buffer);
  const spy = vi.spyOn(Buffer, "allocUnsafe").mockImplementation((size) => {
    sizes.push(size);
    return allocate(size);
  });
  const body = new RequestBody(length, 32 * 1024, flow);
  const collected = body.collect(100 * MIB);
  for (const piece of pieces) body.read(piece, 0, piece.length);
  spy.mockRestore();
  if (body.isWhole) expect((await collected).equals(Buffer.concat([...pieces]))).toBe(true);
  return Math.max(...sizes);
}

test("who announces much and sends little makes nobody set much aside", async () => {
  expect(await largest(10 * MIB, [Buffer.from("a")])).toBe(16);
  expect(await largest(10 * MIB, [Buffer.alloc(1000)])).toBe(16_000);
});

test("a body that is sent as announced is put together in memory of its size", async () => {
  expect(await largest(MIB, Array.from({ length: 16 }, (_, i) => Buffer.alloc(64 * 1024, i)))).toBe(MIB);
  expect(await largest(3, [Buffer.from("abc")])).toBe(3);
  expect(await largest(10 * MIB, Array.from({ length: 160 }, (_, i) => Buffer.alloc(64 * 1024, i)))).toBe(10 * MIB);
});
