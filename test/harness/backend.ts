// A real HTTP server that notes what reaches it and answers what the test says.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Reached {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Backend extends AsyncDisposable {
  /** `host:port` */
  readonly host: string;
  readonly url: string;
  readonly reached: Reached[];
}

export async function startBackend(
  respond: (response: ServerResponse, request: IncomingMessage) => void = (response) => response.end("hello"),
): Promise<Backend> {
  const reached: Reached[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", rawHeaders } = request;
      response.sendDate = false;
      reached.push({ method, url, rawHeaders, body: Buffer.concat(chunks) });
      respond(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    reached,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
