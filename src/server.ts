// Composition: the only place where adapters meet the planes.
import { resolve } from "node:path";
import { createHttpClient } from "./adapters/http-client/index.ts";
import { createMemoryCache, createMemoryStore } from "./adapters/memory/index.ts";
import { listen, type ListenOptions } from "./adapters/node-http/index.ts";
import { openSqliteStore } from "./adapters/sqlite/index.ts";
import { systemClock, systemIds } from "./adapters/system/index.ts";
import { createHttpClient as createUndiciClient } from "./adapters/undici/index.ts";
import { readServiceCredentials, readServiceEndpoints } from "./aws-services.ts";
import { type Config, privateAddresses } from "./config.ts";
import { createApiGateway } from "./control/apigateway/index.ts";
import { createFrontDoor } from "./front-door.ts";
import { openFunctions } from "./functions.ts";
import { createGateway } from "./gateway/index.ts";
import { apiGateway as apiGatewayTable, type ApiGatewayOperations } from "./model/apigateway.gen.ts";
import { apiGatewayManagementApi as managementApiTable } from "./model/apigatewaymanagementapi.gen.ts";
import { apiGatewayV2 as apiGatewayV2Table } from "./model/apigatewayv2.gen.ts";
import { lambda as lambdaTable, type LambdaOperations } from "./model/lambda.gen.ts";
import type { HttpListener } from "./ports/http-server.ts";
import type { Log } from "./ports/log.ts";
import type { Store } from "./ports/store.ts";
import { createPublisher, createTestInvocations, unpacking } from "./publish/index.ts";
import type { Lambda } from "./services/lambda/index.ts";
import { apiGatewayDialect, apiGatewayV2Dialect, createControlPlane, createGuard, createService, lambdaDialect, LOOPBACK_DOMAINS, type Service } from "./wire/index.ts";

/** Requests under way get so long to finish when the server closes, in milliseconds: a little more than an integration may take. */
const GRACE_MS = 30_000;

export interface Server {
  /** Where it listens, e.g. `http://127.0.0.1:4566`: the plain port before the one with TLS. */
  readonly urls: readonly string[];
  /** Stages that are served since the start. */
  readonly stages: number;
  /** Stops accepting, finishes what is under way, and closes the store. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly config: Config;
  readonly log: Log;
  /** AWS_* credentials and AWS_ENDPOINT_URL* are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The server has lost its store and cannot go on. */
  readonly onFailure: (error: Error) => void;
}

/**
 * Starts everything. It listens only once every stage is published.
 * @throws {ConfigError} {StoreOpenError} {ListenError} with one line for the operator.
 */
export async function startServer({ config, log, env, onFailure }: ServerOptions): Promise<Server> {
  const closing: (() => Promise<unknown>)[] = [];
  const closeAll = async () => {
    for (const close of closing.toReversed()) await close();
  };
  try {
    const store = await openStore(config, log, onFailure);
    closing.push(() => store.close());
    const newClient = config["http-client"] === "undici" ? createUndiciClient : createHttpClient;
    const httpClient = newClient({
      allowMetadataAddresses: config["allow-metadata-addresses"],
      denied: config["deny-addresses"],
    });
    closing.push(() => httpClient.close());
    const { functions, lambda, close } = await openFunctions({ config, env, store, httpClient, log });
    closing.push(close);

    const cache = createMemoryCache({ clock: systemClock, limitBytes: config["cache-bytes"] });
    const gateway = createGateway({
      functions,
      httpClient,
      cache,
      credentials: readServiceCredentials(env),
      endpoints: readServiceEndpoints(env),
      clock: systemClock,
      ids: systemIds,
      log,
    });
    const sources = { store, privateAddresses: privateAddresses(config) };
    const publisher = createPublisher({ store, gateways: unpacking(gateway, sources.privateAddresses), log });
    const testInvocations = createTestInvocations(gateway, sources);
    const ownHosts = [config.host, ...config["allowed-hosts"]];
    const apiGateway = createApiGateway({
      ...sources,
      clock: systemClock,
      ids: systemIds,
      publication: publisher,
      testInvocations,
      ownHosts: [...ownHosts, ...LOOPBACK_DOMAINS],
    });
    const control = createControlPlane({
      services: services(apiGateway, lambda),
      guard: createGuard({ allowedHosts: ownHosts }),
      defaults: { account: config.account, region: config.region },
      ids: systemIds,
      log,
    });
    const stages = await publisher.publishAll();
    const handler = createFrontDoor({ gateway: gateway.handle, control: control.handle, isOperation: control.isOperation, cacheUsage: () => cache.usage() });
    const listeners: HttpListener[] = [];
    closing.push(() => Promise.all(listeners.map((listener) => listener.close(GRACE_MS))));
    const ports = listenedPorts(config);
    for (const address of ports) listeners.push(await listen({ ...address, handler, log }));
    const host = config.host.includes(":") ? `[${config.host}]` : config.host;
    const urls = listeners.map(({ port }, i) => `${ports[i]?.tls === undefined ? "http" : "https"}://${host}:${port}`);
    return { urls, stages, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** One port, plain or with TLS; with `tls-port`, a plain one and one with TLS. */
function listenedPorts({ host, port, "tls-cert": certificate, "tls-key": key, "tls-port": tlsPort }: Config): Pick<ListenOptions, "host" | "port" | "tls">[] {
  if (certificate === "") return [{ host, port }];
  const tls = { certificate, key };
  return tlsPort === "" ? [{ host, port, tls }] : [{ host, port }, { host, port: tlsPort, tls }];
}

async function openStore(config: Config, log: Log, onFailure: (error: Error) => void): Promise<Store> {
  if (config["in-memory"]) return createMemoryStore();
  return openSqliteStore({ directory: resolve(config["data-dir"]), log, onFailure });
}

/** The services that the control plane answers for. Those without handlers answer 501, operation by operation. */
function services(apiGateway: ReturnType<typeof createApiGateway>, lambda: Lambda | undefined): Service[] {
  return [
    createService<ApiGatewayOperations>({ table: apiGatewayTable, handlers: apiGateway, ...apiGatewayDialect }),
    createService({ table: apiGatewayV2Table, handlers: {}, ...apiGatewayV2Dialect }),
    createService({ table: managementApiTable, handlers: {} }),
    ...(lambda === undefined ? [] : [createService<LambdaOperations>({ table: lambdaTable, handlers: lambda.handlers, ...lambdaDialect })]),
  ];
}
