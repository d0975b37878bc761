// Requests that are the primary's to answer, on their way from a worker and back.
import type { Answer, CallHandlers, Channel } from "../adapters/channel/index.ts";
import type { HttpHandler, HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { BodyWish, ForwardedAnswer, ForwardedRequest } from "./messages.ts";

export interface Forwarder {
  /** Has the primary answer a request. @throws {ChannelClosed} when it is gone */
  forward(channel: Channel, request: HttpRequest): Promise<HttpResponse>;
  /** What the primary asks of a worker meanwhile: bodies. */
  readonly handlers: CallHandlers;
}

/** A worker's side. */
export function createForwarder(): Forwarder {
  const underWay = new Map<number, HttpRequest>();
  let nextId = 1;

  return {
    handlers: {
      async readBody(wish) {
        const { id, limit } = wish as BodyWish;
        const request = underWay.get(id);
        if (request === undefined) throw new Error(`request ${id} is over`);
        return { value: await request.readBody(limit) };
      },
    },
    async forward(channel, request) {
      const id = nextId++;
      underWay.set(id, request);
      try {
        const { method, target, headers, protocol, encrypted, remoteAddress, remotePort, hasBody } = request;
        const forwarded: ForwardedRequest = { id, method, target, headers, protocol, encrypted, remoteAddress, remotePort, hasBody };
        const { value, body } = await channel.call("answer", forwarded, request.signal);
        const answer = value as ForwardedAnswer;
        return { status: answer.status, headers: answer.headers, body: answer.body ?? body ?? "" };
      } finally {
        underWay.delete(id);
      }
    },
  };
}

/** The primary's side: has the handler answer what a worker forwards. */
export async function answerForwarded(handler: HttpHandler, channel: Channel, value: unknown, signal: AbortSignal): Promise<Answer> {
  const { id, ...request } = value as ForwardedRequest;
  const { status, headers, body } = await handler({
    ...request,
    signal,
    async readBody(limit) {
      const wish: BodyWish = { id, limit };
      const bytes = (await channel.call("readBody", wish)).value as Uint8Array;
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  });
  const isStream = typeof body === "object" && Symbol.asyncIterator in body;
  const answer: ForwardedAnswer = { status, headers, body: isStream ? undefined : body };
  return isStream ? { value: answer, body } : { value: answer };
}

/** The answer of a worker whose primary is gone. */
export const CONTROL_PLANE_GONE: HttpResponse = {
  status: 503,
  headers: ["Content-Type", "application/json", "X-Amzn-ErrorType", "ServiceUnavailableException", "Retry-After", "1"],
  body: '{"message":"The control plane is not running. APIs are served as they were last deployed."}',
};
