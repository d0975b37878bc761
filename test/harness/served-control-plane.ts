// The control plane of a test at an address, for clients to speak to.
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { expect } from "vitest";
import { listen } from "../../src/adapters/http-listener/index.ts";
import { systemIds } from "../../src/adapters/system/index.ts";
import { apiGateway, type ApiGatewayOperations } from "../../src/model/apigateway.gen.ts";
import type { Log } from "../../src/ports/log.ts";
import { apiGatewayDialect, createControlPlane, createGuard, createService } from "../../src/wire/index.ts";
import { call, type ControlPlaneOptions, startControlPlane } from "./control-plane.ts";
import { removeDirectory, temporaryDirectory } from "./gatehouse.ts";

/** The service itself, where it is to be found, a client of it, and a directory for what clients write. */
export async function serveControlPlane(options: ControlPlaneOptions = {}) {
  const log: Log = { debug() {}, info() {}, warn() {}, error: (_message, error) => expect.fail(String(error)) };
  const { api } = startControlPlane(options);
  const plane = createControlPlane({
    services: [createService<ApiGatewayOperations>({ ...apiGatewayDialect, table: apiGateway, handlers: api })],
    guard: createGuard({ allowedHosts: [] }),
    defaults: { account: call.account, region: call.region },
    ids: systemIds,
    log,
  });
  const listener = await listen({ host: "127.0.0.1", port: 0, handler: plane.handle, log });
  const url = `http://127.0.0.1:${listener.port}`;
  const dataDir = await temporaryDirectory();
  const credentials = { accessKeyId: call.account, secretAccessKey: "test" };
  return {
    api,
    url,
    dataDir,
    client: new APIGatewayClient({ endpoint: url, region: call.region, credentials, maxAttempts: 1 }),
    async [Symbol.asyncDispose]() {
      await listener.close(0);
      await removeDirectory(dataDir);
    },
  };
}
