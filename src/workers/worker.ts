// A worker: listens on the port beside its siblings and serves APIs from the plans that the primary sends it. What is not
// for an API it has the primary answer. It outlives a primary that dies, and joins the next one.
import { setTimeout as wait } from "node:timers/promises";
import { type CallHandlers, type Channel, ChannelClosed, connectLocally, openChannel } from "../adapters/channel/index.ts";
import { systemClock } from "../adapters/system/index.ts";
import type { Config } from "../config/index.ts";
import { type DataPlane, openDataPlane, openHttpClient } from "../data-plane.ts";
import type { CustomDomain } from "../domain/domain-name.ts";
import { remoteFunctions } from "../functions.ts";
import { answerHere } from "../gateway/index.ts";
import { closeListeners, listenEverywhere } from "../listeners.ts";
import type { CachePlace } from "../ports/cache.ts";
import type { HttpListener, HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Log } from "../ports/log.ts";
import type { PackedHttpApi, PackedStage, PackedWebSocketApi } from "../publish/index.ts";
import { version } from "../version.ts";
import { heldHandlers, holdersOver } from "./callbacks.ts";
import { CONTROL_PLANE_GONE, createForwarder } from "./forwarding.ts";
import { type DomainAddress, errorForm, type Hello, type Leases, type LeaseWishes, type PartOfAll, type Served, type StageAddress, type Welcome, type WorkerFacts, type WorkerObserved } from "./messages.ts";
import { createLeasedCounters } from "./leased-counters.ts";
import { functionsOver } from "./remote-functions.ts";

/** What a worker is started with. */
export interface WorkerStart {
  readonly config: Config;
  /** Where the primary is met. */
  readonly socketPath: string;
  /** How many workers there are to be. */
  readonly count: number;
  /** What the ids of its WebSocket connections say: no other worker has had the number. */
  readonly holder: number;
}

/** How often a worker without a primary looks for one, in milliseconds. */
const LOOK_EVERY_MS = 200;

/** Runs until the primary asks the worker to end, or until there is nothing left to wait for. */
export async function runWorker({ config, socketPath, count, holder }: WorkerStart, log: Log, env: NodeJS.ProcessEnv): Promise<void> {
  let primary: Channel | undefined;
  const httpClient = openHttpClient(config);
  const endpoint = config["lambda-endpoint"];
  const functions = endpoint === "" ? functionsOver(() => primary) : remoteFunctions(endpoint, env, httpClient);
  const counters = createLeasedCounters({ lease, isJoined: () => primary !== undefined, clock: systemClock, shares: count });
  const dataPlane = openDataPlane({ config, env, httpClient, functions, counters, log, shares: count, holder, holders: holdersOver(() => primary), evictEverywhere });
  const forwarder = createForwarder();
  const ended = Promise.withResolvers<void>();
  let listeners: readonly HttpListener[] = [];
  const listenedPorts = (): readonly number[] => listeners.map(({ port }) => port);
  let isEnding = false;

  async function forward(request: HttpRequest): Promise<HttpResponse> {
    if (primary === undefined) return CONTROL_PLANE_GONE;
    try {
      return await forwarder.forward(primary, request);
    } catch (error) {
      if (error instanceof ChannelClosed) return CONTROL_PLANE_GONE;
      throw error;
    }
  }

  /** Asks the primary for what is limited. */
  async function lease(wishes: LeaseWishes): Promise<Leases | undefined> {
    try {
      return (await primary?.call("lease", wishes))?.value as Leases | undefined;
    } catch (error) {
      if (!(error instanceof ChannelClosed)) log.error("the primary process does not lease what is limited", error);
      return undefined;
    }
  }

  async function evictEverywhere(place: CachePlace): Promise<void> {
    try {
      await primary?.call("evict", place);
    } catch (error) {
      // Without a primary, the others cannot be told.
      if (!(error instanceof ChannelClosed)) log.error("the primary process does not have other workers drop what they have cached", error);
    }
  }

  async function end(graceMs: number): Promise<void> {
    isEnding = true;
    await closeListeners(listeners, graceMs);
    await counters.report();
    await httpClient.close();
    await dataPlane.close();
    ended.resolve();
  }

  const handlers: CallHandlers = {
    ...forwarder.handlers,
    ...servingHandlers(dataPlane),
    ...heldHandlers((callback) => answerHere(dataPlane.gateway.connections, callback)),
    ...knowingHandlers("Keys", dataPlane.keys.changeKeys, dataPlane.keys.replaceKeys),
    ...knowingHandlers("Identities", dataPlane.identities.changeIdentities, dataPlane.identities.replaceIdentities),
    async reportUsage() {
      await counters.report();
      return { value: undefined };
    },
    async listen(ports) {
      const handler = (request: HttpRequest) => dataPlane.gateway.handle(request) ?? forward(request);
      listeners = await listenEverywhere({ config, ports: ports as readonly number[], reusePort: true, handler, webSockets: dataPlane.gateway.webSockets, log });
      return { value: listenedPorts() };
    },
    async end(graceMs) {
      await end(graceMs as number);
      return { value: undefined };
    },
  };

  /** Joins the primary and stays with it until it is gone. Gives false when there is none. */
  async function join(): Promise<boolean> {
    const socket = await connectLocally(socketPath);
    if (socket === undefined) return false;
    const channel = openChannel(socket, { handlers, errors: errorForm });
    const hello: Hello = { pid: process.pid, holder, version, ports: listeners.length === 0 ? undefined : listenedPorts() };
    const welcome = (await channel.call("hello", hello)).value as Welcome;
    primary = channel;
    if (!welcome.stays) await end(config["in-memory"] ? 0 : LEAVING_GRACE_MS);
    await channel.closed;
    primary = undefined;
    return true;
  }

  async function stayJoined(): Promise<void> {
    let isAlone = false;
    while (!isEnding) {
      // A primary that goes while it is being joined is as good as none.
      const hasJoined = await join().catch(() => false);
      if (isEnding) return;
      // What is only kept in memory has gone with the primary, and so it ends with it.
      if (config["in-memory"] || listeners.length === 0) return end(0);
      if (hasJoined && !isAlone) log.warn("the primary process is gone; APIs are served as they were last deployed", { pid: process.pid });
      isAlone = true;
      await wait(LOOK_EVERY_MS);
    }
  }

  process.on("SIGTERM", () => void end(LEAVING_GRACE_MS));
  await Promise.race([stayJoined().then(() => ended.promise), ended.promise]);
}

/** Requests under way get so long to finish when nobody says how long, in milliseconds. */
const LEAVING_GRACE_MS = 30_000;

type Take<Change> = (changes: readonly Change[]) => void;

/** What the primary tells a worker of API keys, or of identities: what has changed, or all there is, part by part. */
function knowingHandlers<Change>(what: "Keys" | "Identities", change: Take<Change>, replace: Take<Change>): CallHandlers {
  const all: Change[] = [];
  return {
    [`change${what}`](changes) {
      change(changes as readonly Change[]);
      return { value: undefined };
    },
    [`replace${what}`](part) {
      const { changes, isFirst, isLast } = part as PartOfAll<Change>;
      if (isFirst) all.length = 0;
      all.push(...changes);
      if (isLast) replace(all.splice(0));
      return { value: undefined };
    },
  };
}

/** What the primary tells a worker to serve. Each answers once it has taken effect. */
function servingHandlers({ gateway, gateways, cacheUsage, evict, observed }: DataPlane): CallHandlers {
  const stages = new Map<string, StageAddress>();
  const domains = new Map<string, DomainAddress>();
  const httpApis = new Set<string>();
  const webSocketApis = new Set<string>();
  const done = { value: undefined };

  const put = (stage: PackedStage): void => {
    stages.set(keyOf(stage), { apiId: stage.apiId, stageName: stage.stageName });
    void gateways.put(stage);
  };
  const drop = ({ apiId, stageName }: StageAddress): void => {
    stages.delete(keyOf({ apiId, stageName }));
    gateway.drop(apiId, stageName);
  };
  const putHttpApi = (api: PackedHttpApi): void => {
    httpApis.add(api.apiId);
    void gateways.putHttpApi(api);
  };
  const dropHttpApi = (apiId: string): void => {
    httpApis.delete(apiId);
    gateway.dropHttpApi(apiId);
  };
  const putWebSocketApi = (api: PackedWebSocketApi): void => {
    webSocketApis.add(api.apiId);
    void gateways.putWebSocketApi(api);
  };
  const dropWebSocketApi = (apiId: string): void => {
    webSocketApis.delete(apiId);
    gateway.dropWebSocketApi(apiId);
  };
  const putDomain = (domain: CustomDomain): void => {
    domains.set(domainKeyOf(domain), { domainName: domain.domainName, domainNameId: domain.domainNameId });
    gateway.putDomain(domain);
  };
  const dropDomain = ({ domainName, domainNameId }: DomainAddress): void => {
    domains.delete(domainKeyOf({ domainName, domainNameId }));
    gateway.dropDomain(domainName, domainNameId);
  };

  return {
    keepOnly(value) {
      const served = value as Served;
      const kept = new Set([...served.stages.map(keyOf), ...served.domains.map(domainKeyOf)]);
      for (const stage of stages.values()) if (!kept.has(keyOf(stage))) drop(stage);
      for (const domain of domains.values()) if (!kept.has(domainKeyOf(domain))) dropDomain(domain);
      const keptHttpApis = new Set(served.httpApis);
      for (const apiId of httpApis) if (!keptHttpApis.has(apiId)) dropHttpApi(apiId);
      const keptWebSocketApis = new Set(served.webSocketApis);
      for (const apiId of webSocketApis) if (!keptWebSocketApis.has(apiId)) dropWebSocketApi(apiId);
      return done;
    },
    put(stages) {
      for (const stage of stages as readonly PackedStage[]) put(stage);
      return done;
    },
    drop: (stage) => (drop(stage as StageAddress), done),
    putHttpApi: (api) => (putHttpApi(api as PackedHttpApi), done),
    dropHttpApi: (apiId) => (dropHttpApi(apiId as string), done),
    putWebSocketApi: (api) => (putWebSocketApi(api as PackedWebSocketApi), done),
    dropWebSocketApi: (apiId) => (dropWebSocketApi(apiId as string), done),
    putDomain: (domain) => (putDomain(domain as CustomDomain), done),
    dropDomain: (domain) => (dropDomain(domain as DomainAddress), done),
    async evict(place) {
      await evict(place as CachePlace);
      return done;
    },
    async flushCache(stage) {
      const { apiId, stageName } = stage as StageAddress;
      await gateway.flushCache(apiId, stageName);
      return done;
    },
    async flushAuthorizers(stage) {
      const { apiId, stageName } = stage as StageAddress;
      await gateway.flushAuthorizers(apiId, stageName);
      return done;
    },
    observed() {
      const told: WorkerObserved = { pid: process.pid, since: Math.round(performance.timeOrigin), observed: observed() };
      return { value: told };
    },
    facts() {
      const { entries, bytes } = cacheUsage();
      const facts: WorkerFacts = { pid: process.pid, residentBytes: process.memoryUsage.rss(), cacheEntries: entries, cacheBytes: bytes };
      return { value: facts };
    },
  };
}

const keyOf = ({ apiId, stageName }: StageAddress): string => `stage ${apiId}/${stageName}`;
const domainKeyOf = ({ domainName, domainNameId = "" }: DomainAddress): string => `domain ${domainName}+${domainNameId}`;
