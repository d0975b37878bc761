import { expect, test } from "vitest";
import type { Channel } from "../adapters/channel/index.ts";
import { functionsOver } from "./remote-functions.ts";

test("a caller's credentials do not leave the worker: what goes to the primary is who it is, and whether it may", async () => {
  const asked: unknown[] = [];
  const answer = { value: { status: 200, payload: Buffer.from("{}"), executedVersion: "1" }, body: undefined, trailer: Promise.resolve({}) };
  const channel = { call: async (...call: readonly unknown[]) => (asked.push(call), answer) } as unknown as Channel;
  const functions = functionsOver(() => channel);
  const invocation = { functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f", type: "RequestResponse", payload: Buffer.from("{}") } as const;
  const identity = { principal: "arn:aws:iam::123456789012:user/ann", isAllowed: true };
  const credentials = { accessKeyId: "AKIAANN", secretAccessKey: "secret of ann", sessionToken: "token" };
  await functions.invoke({ ...invocation, identity: { ...identity, credentials } });
  await functions.invokeStream({ ...invocation, identity: { ...identity, credentials } });
  await functions.invoke(invocation);
  expect(asked).toEqual([
    ["invoke", { ...invocation, identity }, undefined],
    ["invokeStream", { ...invocation, identity }, undefined],
    ["invoke", invocation, undefined],
  ]);
});
