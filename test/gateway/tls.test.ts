// tlsConfig.insecureSkipVerification against a server whose certificate nobody vouches for (model: TlsConfig).
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { startGateway } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";

const tls = (name: string): Buffer => readFileSync(new URL(`../contracts/tls/${name}.pem`, import.meta.url));

async function selfSigned(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer({ key: tls("localhost-key"), cert: tls("localhost-cert") }, (_request, response) => response.end("over TLS"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it.each([
  ["HTTP", "BUFFERED", true, 200, "over TLS"],
  ["HTTP_PROXY", "BUFFERED", true, 200, "over TLS"],
  ["HTTP_PROXY", "STREAM", true, 200, "over TLS"],
  ["HTTP", "BUFFERED", false, 500, '{"message": "Internal server error"}'],
  ["HTTP_PROXY", "BUFFERED", false, 500, '{"message": "Internal server error"}'],
  ["HTTP_PROXY", "STREAM", undefined, 500, '{"message": "Internal server error"}'],
] as const)("%s %s with insecureSkipVerification %s answers %i to a self-signed certificate", async (type, responseTransferMode, insecure, status, body) => {
  await using backend = await selfSigned();
  const integration = {
    type,
    httpMethod: "GET",
    uri: backend.url,
    responseTransferMode,
    integrationResponses: { 200: { statusCode: "200" } },
    ...(insecure === undefined ? {} : { tlsConfig: { insecureSkipVerification: insecure } }),
  };
  await using gate = await startGateway([planOf({ "GET /": { integration } })]);
  expect(await gate.ask({})).toMatchObject({ status, body });
});
