import { expect, test } from "vitest";
import { lambda } from "../../model/lambda.gen.ts";
import { encodeEvents, encodeMessage } from "./event-stream.ts";

// The sums are those of the format's published examples (an empty message, and one of payload alone).
test.each([
  ["", "000000100000000005c248eb7d98c8ff"],
  ["{'foo':'bar'}", "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"],
])("encodes a message without headers: %j", (payload, hex) => {
  expect(encodeMessage({}, Buffer.from(payload)).toString("hex")).toBe(hex);
});

test("encodes an event with its bytes as the payload, and one with its members as JSON", async () => {
  async function* events() {
    yield { PayloadChunk: { Payload: Buffer.from("hi") } };
    yield { InvokeComplete: { ErrorCode: "Unhandled", LogResult: undefined } };
  }
  const messages: string[] = [];
  for await (const message of encodeEvents(events(), "InvokeWithResponseStreamResponseEvent", lambda)) {
    messages.push(message.subarray(12, -4).toString("latin1"));
  }
  const head = (type: string, contentType: string) =>
    `\r:message-type\x07\x00\x05event\x0b:event-type\x07\x00${String.fromCharCode(type.length)}${type}` +
    `\r:content-type\x07\x00${String.fromCharCode(contentType.length)}${contentType}`;
  expect(messages).toEqual([
    `${head("PayloadChunk", "application/octet-stream")}hi`,
    `${head("InvokeComplete", "application/json")}{"ErrorCode":"Unhandled"}`,
  ]);
});
