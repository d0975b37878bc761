// Functions as workers call them: they run beside the primary.
import { type Answer, type CallHandlers, type Channel, ChannelClosed } from "../adapters/channel/index.ts";
import type { FunctionInvocation, FunctionResult, Functions, FunctionStream, IdentityCaller } from "../ports/functions.ts";
import { FunctionCallError } from "../ports/functions.ts";

const gone = (cause?: Error): FunctionCallError =>
  new FunctionCallError("ServiceException", "functions do not run while the primary process is gone", { cause });

type StreamHead = Omit<FunctionStream, "chunks" | "outcome">;

/** A worker's side. @param channel to the primary; undefined while it is gone */
export function functionsOver(channel: () => Channel | undefined): Functions {
  async function ask(name: string, { identity, signal, ...invocation }: FunctionInvocation): Promise<Answer> {
    const open = channel();
    if (open === undefined) throw gone();
    try {
      return await open.call(name, { ...invocation, ...(identity && { identity: withoutCredentials(identity) }) }, signal);
    } catch (error) {
      if (error instanceof ChannelClosed) throw gone(error);
      throw error;
    }
  }
  return {
    async invoke(invocation) {
      const result = (await ask("invoke", invocation)).value as FunctionResult;
      return { ...result, payload: bufferOf(result.payload), ...(result.log === undefined ? {} : { log: bufferOf(result.log) }) };
    },
    async invokeStream(invocation) {
      const { value, body, trailer } = await ask("invokeStream", invocation);
      return { ...(value as StreamHead), chunks: buffers(body ?? none()), outcome: trailer as FunctionStream["outcome"] };
    },
  };
}

/** The primary's side. */
export function functionHandlers(functions: Functions): CallHandlers {
  return {
    async invoke(invocation, signal) {
      return { value: await functions.invoke({ ...(invocation as FunctionInvocation), signal }) };
    },
    async invokeStream(invocation, signal) {
      const { chunks, outcome, ...head } = await functions.invokeStream({ ...(invocation as FunctionInvocation), signal });
      // Should the chunks break off, nobody asks how they ended.
      outcome.catch(() => undefined);
      return { value: head, body: chunks, trailer: outcome };
    },
  };
}

/** Functions beside the primary need none of them, and secrets stay where they are. */
const withoutCredentials = ({ principal, isAllowed }: IdentityCaller): IdentityCaller => ({ principal, isAllowed });

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function* buffers(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  for await (const chunk of chunks) yield bufferOf(chunk);
}

async function* none(): AsyncIterable<Uint8Array> {}
