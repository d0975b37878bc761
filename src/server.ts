// Composition: the only place where adapters meet the planes.
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { createIssuerDiscovery } from "./adapters/jwt/index.ts";
import { createMemoryCounters, createMemoryStore, type MemoryCounters } from "./adapters/memory/index.ts";
import { openSqliteStore } from "./adapters/sqlite/index.ts";
import { openRunDirectory, systemClock, systemIds } from "./adapters/system/index.ts";
import { accountThrottle, type Config, ConfigError, developmentKeys, isLoopback, isStrict, privateAddresses, usageBatch, userPoolIssuers, workerCount } from "./config/index.ts";
import { apiGatewayPermissions, createApiGateway } from "./control/apigateway/index.ts";
import { apiGatewayV2Permissions, connectionHandlers, connectionPermissions, createApiGatewayV2 } from "./control/apigatewayv2/index.ts";
import { openDataPlane, openHttpClient } from "./data-plane.ts";
import { createFrontDoor } from "./front-door.ts";
import { openFunctions } from "./functions.ts";
import { openImports } from "./imports.ts";
import { closeListeners, listenEverywhere, type Listening, portsOf, urlsOf } from "./listeners.ts";
import { apiGateway as apiGatewayTable, type ApiGatewayOperations } from "./model/apigateway.gen.ts";
import { apiGatewayManagementApi as managementApiTable, type ApiGatewayManagementApiOperations } from "./model/apigatewaymanagementapi.gen.ts";
import { apiGatewayV2 as apiGatewayV2Table, type ApiGatewayV2Operations } from "./model/apigatewayv2.gen.ts";
import { iam as iamTable, type IamOperations } from "./model/iam.gen.ts";
import { lambda as lambdaTable, type LambdaOperations } from "./model/lambda.gen.ts";
import { sts as stsTable, type StsOperations } from "./model/sts.gen.ts";
import { accessKeys } from "./domain/identity-records.ts";
import type { AccessControl } from "./ports/access-control.ts";
import type { Functions } from "./ports/functions.ts";
import type { Log } from "./ports/log.ts";
import type { Store } from "./ports/store.ts";
import { createPublisher, createTestInvocations, createUsageKeeper } from "./publish/index.ts";
import { createAccessControl, createIam, type Iam, iamPermissions } from "./services/iam/index.ts";
import { type Lambda, lambdaPermissions } from "./services/lambda/index.ts";
import { createSts, stsPermissions } from "./services/sts/index.ts";
import { apiGatewayDialect, apiGatewayV2Dialect, createControlPlane, createGuard, createService, identityDialect, lambdaDialect, LOOPBACK_DOMAINS, type Service } from "./wire/index.ts";
import { createFleet, createLessor, type Fleet, startWorkerProcess } from "./workers/index.ts";

/** Requests under way get so long to finish when the server closes, in milliseconds: a little more than an integration may take. */
const GRACE_MS = 30_000;

export interface Server {
  /** Where it listens, e.g. `http://127.0.0.1:4566`: the plain port before the one with TLS. */
  readonly urls: readonly string[];
  /** Stages that are served since the start. */
  readonly stages: number;
  /** Stops accepting, finishes what is under way, and closes the store. */
  close(): Promise<void>;
  /** Replaces the workers, where there are any, one after the other, while they serve. */
  renew(): Promise<void>;
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
  const closing: Closing = [];
  const closeAll = async () => {
    for (const close of closing.toReversed()) await close();
  };
  try {
    const store = await openStore(config, log, onFailure);
    closing.push(() => store.close());
    const httpClient = openHttpClient(config);
    closing.push(() => httpClient.close());
    const { functions, lambda, close } = await openFunctions({ config, env, store, httpClient, log });
    closing.push(close);
    const imports = openImports({ log });
    closing.push(() => imports.close());

    const counters = createMemoryCounters();
    const usage = createUsageKeeper({ store, ledger: counters, clock: systemClock, batch: usageBatch(config), log });
    closing.push(() => usage.keep());
    const dataPlane = openDataPlane({ config, env, httpClient, functions, counters: usage.bounded(counters), log });
    closing.push(() => dataPlane.close());
    const fleet = await openFleet({ config, env, functions, counters, log, closing });
    const sources = { store, privateAddresses: privateAddresses(config) };
    const publisher = createPublisher({ store, gateways: fleet?.gateways ?? dataPlane.gateways, usage, clock: systemClock, log });
    const testInvocations = createTestInvocations(dataPlane.gateway, { ...sources, userPools: userPoolIssuers(config) });
    const issuers = createIssuerDiscovery({ httpClient, httpOnLoopback: isLoopback(config.host) });
    const ownHosts = [config.host, ...config["allowed-hosts"]];
    const apiGateway = createApiGateway({
      ...sources,
      clock: systemClock,
      ids: systemIds,
      publication: publisher,
      issuers,
      documents: imports.documents,
      testInvocations,
      ownHosts: [...ownHosts, ...LOOPBACK_DOMAINS],
      limits: config.limits,
      throttle: accountThrottle(config),
      limitsRates: config["control-plane-rates"] === "aws",
    });
    const apiGatewayV2 = createApiGatewayV2({ store, clock: systemClock, ids: systemIds, publication: publisher, issuers, domainNames: apiGateway, readHttpApi: imports.readHttpApi, limits: config["v2-limits"] });
    const iam = createIam({ store, clock: systemClock, publication: publisher, log, isStrict: isStrict(config), ...developmentKeys(config) });
    const control = createControlPlane({
      services: services(apiGateway, apiGatewayV2, lambda, iam),
      guard: createGuard({ allowedHosts: isStrict(config) ? "any" : ownHosts }),
      ...(isStrict(config) && { access: await openAccess(iam, store, log) }),
      defaults: { account: config.account, region: config.region },
      ids: systemIds,
      log,
    });
    const stages = await publisher.publishAll();
    const { handle, isOperation } = control;
    const handler = createFrontDoor({
      gateway: fleet === undefined ? dataPlane.gateway.handle : () => undefined,
      control: handle,
      isOperation,
      health: async () => (fleet === undefined ? { cache: dataPlane.cacheUsage() } : { workers: await fleet.facts() }),
      observed: async () => (fleet === undefined ? dataPlane.observed() : await fleet.observed()),
    });
    const ports = fleet === undefined ? await listenAlone({ config, handler, webSockets: dataPlane.gateway.webSockets, log }, closing) : await fleet.start(handler);
    return { urls: urlsOf(config, ports), stages, close: closeAll, renew: async () => fleet?.renew(GRACE_MS) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Closing = (() => Promise<unknown>)[];

async function listenAlone(listening: Listening, closing: Closing): Promise<readonly number[]> {
  const listeners = await listenEverywhere(listening);
  closing.push(() => closeListeners(listeners, GRACE_MS));
  return listeners.map(({ port }) => port);
}

async function openStore(config: Config, log: Log, onFailure: (error: Error) => void): Promise<Store> {
  if (config["in-memory"]) return createMemoryStore();
  return openSqliteStore({ directory: resolve(config["data-dir"]), log, onFailure });
}

interface FleetParts extends Pick<ServerOptions, "config" | "env" | "log"> {
  readonly functions: Functions;
  readonly counters: MemoryCounters;
  readonly closing: Closing;
}

/** The workers, not started yet; undefined where this process serves alone. @throws {ConfigError} */
async function openFleet({ config, env, functions, counters, log, closing }: FleetParts): Promise<Fleet | undefined> {
  const count = workerCount(config, availableParallelism());
  if (count === 1) return undefined;
  const directory = config["in-memory"] ? await openRunDirectory() : { path: resolve(config["data-dir"]), remove: async () => {} };
  closing.push(() => directory.remove());
  const socketPath = join(directory.path, "primary.sock");
  if (Buffer.byteLength(socketPath) > LONGEST_SOCKET_PATH) {
    throw new ConfigError(`--workers needs a data directory with a shorter path: ${socketPath} is too long for a socket`);
  }
  const lessor = createLessor({ counters, clock: systemClock, shares: count });
  const startWorker = (holder: number) => startWorkerProcess({ config, socketPath, count, holder }, env);
  const fleet = createFleet({ count, host: config.host, ports: portsOf(config), socketPath, startWorker, functions, lessor, clock: systemClock, log });
  closing.push(() => fleet.close(GRACE_MS));
  return fleet;
}

/** In bytes; what every system takes. */
const LONGEST_SOCKET_PATH = 103;

/** The services that the control plane answers for. Those without handlers answer 501, operation by operation. */
function services(
  apiGateway: ReturnType<typeof createApiGateway>,
  apiGatewayV2: ReturnType<typeof createApiGatewayV2>,
  lambda: Lambda | undefined,
  iam: Iam,
): Service[] {
  const v1 = { handlers: apiGateway, permissions: apiGatewayPermissions(apiGateway) };
  const v2 = { handlers: apiGatewayV2, permissions: apiGatewayV2Permissions(apiGatewayV2) };
  const functions = lambda && { handlers: lambda.handlers, permissions: lambdaPermissions(lambda.handlers) };
  return [
    createService<ApiGatewayOperations>({ table: apiGatewayTable, ...v1, ...apiGatewayDialect }),
    createService<ApiGatewayV2Operations>({ table: apiGatewayV2Table, ...v2, ...apiGatewayV2Dialect }),
    createService<ApiGatewayManagementApiOperations>({ table: managementApiTable, handlers: connectionHandlers, permissions: connectionPermissions }),
    ...(functions === undefined ? [] : [createService<LambdaOperations>({ table: lambdaTable, ...functions, ...lambdaDialect })]),
    createService<IamOperations>({ table: iamTable, handlers: iam.handlers, permissions: iamPermissions(iam.context), ...identityDialect }),
    createService<StsOperations>({ table: stsTable, handlers: createSts(iam.context), permissions: stsPermissions, ...identityDialect }),
  ];
}

/** What lets in only those who exist; the operator is told when that is nobody. */
async function openAccess(iam: Iam, store: Store, log: Log): Promise<AccessControl> {
  if ((await store.count(accessKeys, {})) === 0) log.warn("there is no access key to call the control plane with: end this, and run `gatehouse init`");
  return createAccessControl(iam.context.identities, systemClock);
}
