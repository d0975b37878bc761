// The workers as the primary sees them: started, met, supplied, replaced when they die, renewed one by one, and ended.
import { type Channel, ChannelClosed, listenLocally, type MeetingPlace, openChannel } from "../adapters/channel/index.ts";
import { ListenError } from "../adapters/http-listener/index.ts";
import type { Observed } from "../data-plane.ts";
import type { Functions } from "../ports/functions.ts";
import type { HttpHandler } from "../ports/http-server.ts";
import type { CachePlace } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Gateways } from "../publish/index.ts";
import { version } from "../version.ts";
import { askingHandlers } from "./callbacks.ts";
import { createCondition } from "./condition.ts";
import { answerForwarded } from "./forwarding.ts";
import { createHolderNumbers } from "./holder-numbers.ts";
import { errorForm, type Hello, type LeaseWishes, type Welcome, type WorkerFacts, type WorkerObserved } from "./messages.ts";
import { createObservedByAll } from "./observed-by-all.ts";
import { firstTaken } from "./port.ts";
import type { Lessor } from "./lessor.ts";
import { functionHandlers } from "./remote-functions.ts";
import { createServedByAll, type Member } from "./served-by-all.ts";

/** A worker's process, as far as its parent knows of it. */
export interface WorkerProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
}

export interface FleetOptions {
  readonly count: number;
  readonly host: string;
  /** 0 takes a free one. */
  readonly ports: readonly number[];
  /** Where workers meet the primary. */
  readonly socketPath: string;
  /** @param holder the number that it is to have: no other worker's, and none's before it */
  readonly startWorker: (holder: number) => WorkerProcess;
  readonly functions: Functions;
  /** Gives workers their parts of what is limited. */
  readonly lessor: Lessor;
  /** Of the waits between attempts to start workers. */
  readonly clock: Clock;
  readonly log: Log;
}

export interface Fleet {
  /** All workers as one. */
  readonly gateways: Gateways;
  /**
   * Starts the workers, or takes over those of a primary that is gone, and resolves to the ports once all serve.
   * @param handler answers what workers forward
   * @throws {ListenError}
   */
  start(handler: HttpHandler): Promise<readonly number[]>;
  /** Replaces every worker by a new one, each once its successor serves; their requests are finished. */
  renew(graceMs: number): Promise<void>;
  facts(): Promise<readonly WorkerFacts[]>;
  /** What all workers have counted and logged, those that are gone too. */
  observed(): Promise<Observed>;
  /** Lets the workers finish what is under way, for so many milliseconds at most. */
  close(graceMs: number): Promise<void>;
}

/** How long workers of a primary that is gone have to show themselves, in milliseconds: they look for one all the time. */
const ORPHANS_MS = 3_000;
/** How often ports that are in use are looked at meanwhile, in milliseconds. */
const LOOK_EVERY_MS = 100;
/** A worker that has served for so long was a good one, in milliseconds. */
const STEADY_MS = 5_000;
/** Between the deaths of workers that hardly served and the next attempt, in milliseconds: doubled each time. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** After so many of them, with no worker that serves, the start is given up. */
const HOPELESS = 5;
/** What a worker may take beyond its grace to end, in milliseconds. */
const ENDING_MS = 5_000;

export function createFleet({ count, host, ports: wantedPorts, socketPath, startWorker, functions, lessor, clock, log }: FleetOptions): Fleet {
  const served = createServedByAll(log);
  const observedByAll = createObservedByAll();
  const holders = createHolderNumbers();
  /** Processes that were started and have not been met, with their numbers as holders of connections. */
  const starting = new Map<number, number>();
  /** Those that were met, by process. */
  const members = new Map<number, Member>();
  /** The same, by their numbers as holders of connections. */
  const byHolder = new Map<number, Member>();
  const isTaken = (holder: number): boolean => byHolder.has(holder) || [...starting.values()].includes(holder);
  const serving = new Set<Member>();
  const leaving = new Set<Member>();
  const change = createCondition();
  let answer: HttpHandler;
  let place: MeetingPlace | undefined;
  let ports = wantedPorts;
  /** Who looks for the ports that are to be free ones. */
  let chooser: Member | undefined;
  /** Processes that are going to be started. */
  let planned = 0;
  const servesSince = new WeakMap<Member, number>();
  /** Workers that ended before they served, or soon after, since the last one that served for a while. */
  let failures = 0;
  let isClosing = false;
  /** All workers have served. From then on nothing is given up any more. */
  let hasStarted = false;
  let renewing = Promise.resolve();
  let nextRenewal: Promise<void> | undefined;

  /** Whether a worker is one of ours, or one that a primary before us has left and that we have a use for. */
  function isWelcome({ pid, holder, ports: served, version: of }: Hello): boolean {
    if (of !== version || isClosing) return false;
    if (starting.has(pid)) return true;
    if (isTaken(holder)) return false;
    return served !== undefined && areThose(served, ports) && members.size - leaving.size < count;
  }

  function meet(channel: Channel, hello: Hello): Welcome {
    if (!isWelcome(hello)) return { stays: false };
    const { pid, holder } = hello;
    const member: Member = { pid, channel, kill: () => kill(pid) };
    starting.delete(pid);
    members.set(pid, member);
    byHolder.set(holder, member);
    channel.closed.then(() => lose(member, holder)).catch((error: unknown) => log.error("a lost worker cannot be replaced", error));
    admit(member, hello).catch((error: unknown) => refuse(member, error as Error));
    return { stays: true };
  }

  /** Supplies a worker, and has it listen unless it does. */
  async function admit(member: Member, { ports: listensOn }: Hello): Promise<void> {
    await served.add(member);
    ports = listensOn ?? ((await member.channel.call("listen", await portsToShare(member))).value as readonly number[]);
    serving.add(member);
    servesSince.set(member, performance.now());
    change.happened();
  }

  /** The ports; where one is to be a free one, what the first worker finds is waited for, or what the next does if that one ends. */
  async function portsToShare(member: Member): Promise<readonly number[]> {
    const isLooking = (): boolean => chooser !== undefined && members.has(chooser.pid);
    await change.until(() => !ports.includes(0) || !isLooking());
    if (ports.includes(0) && !isLooking()) chooser = member;
    return ports;
  }

  function refuse(member: Member, error: Error): void {
    if (error instanceof ListenError && !hasStarted && serving.size === 0) change.fail(error);
    else if (!isClosing && !(error instanceof ChannelClosed)) log.error("a worker cannot serve", error, { pid: member.pid });
    member.kill();
  }

  function lose(member: Member, holder: number): void {
    served.remove(member);
    lessor.forget(member.pid);
    members.delete(member.pid);
    byHolder.delete(holder);
    const hasServed = serving.delete(member);
    if (!leaving.delete(member) && !isClosing) {
      log.warn("a worker is gone and is replaced", { pid: member.pid });
      if (!hasServed) failed();
      else if (performance.now() - (servesSince.get(member) ?? 0) < STEADY_MS) failures++;
      else failures = 0;
      replenish();
    }
    change.happened();
  }

  /** Whose channel it is; 0 for a worker that has just been sent away, and tells what it counted. */
  function pidOf(channel: Channel): number {
    for (const member of members.values()) if (member.channel === channel) return member.pid;
    return 0;
  }

  function replenish(): void {
    while (!isClosing && !change.hasFailed && members.size - leaving.size + starting.size + planned < count) begin();
  }

  /** Starts a worker; after others that hardly served, not at once. */
  function begin(): void {
    planned++;
    const delay = failures === 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
    clock.after(delay, () => {
      planned--;
      if (isClosing) return;
      startOne();
    });
  }

  function startOne(): void {
    try {
      const holder = holders.next(isTaken);
      const { pid, exited } = startWorker(holder);
      starting.set(pid, holder);
      exited.then(() => neverMet(pid)).catch((error: unknown) => log.error("a worker cannot be replaced", error));
    } catch (error) {
      // The system is short of something, and may not be for long.
      log.error("a worker cannot be started", error);
      failed();
      replenish();
    }
  }

  /** A process has ended; one that had been met has been taken care of already. */
  function neverMet(pid: number): void {
    if (!starting.delete(pid) || isClosing) return;
    log.warn("a worker ended before it served, and is replaced", { pid });
    failed();
    replenish();
  }

  function failed(): void {
    failures++;
    if (!hasStarted && serving.size === 0 && failures >= HOPELESS) change.fail(new Error(`${failures} workers in a row ended before they served`));
  }

  /** Gives those that serve already, for a primary that is gone, the time to show themselves. */
  async function takeOver(): Promise<void> {
    const taken = await firstTaken(host, wantedPorts);
    if (taken === undefined) return;
    const late = setTimeout(() => change.fail(new ListenError(`Cannot listen on ${host}:${taken}: the port is in use`)), ORPHANS_MS);
    let isFree = false;
    const look = async (): Promise<void> => {
      isFree = (await firstTaken(host, wantedPorts)) === undefined;
      change.happened();
    };
    const looking = setInterval(() => void look(), LOOK_EVERY_MS);
    // Those that cannot be taken over, as they are of another version, are sent away and leave the ports.
    await change.until(() => serving.size > 0 || isFree).finally(() => {
      clearTimeout(late);
      clearInterval(looking);
    });
    if (serving.size > 0) log.info("workers that were serving already are taken over", { ports: ports.join() });
  }

  async function endMember(member: Member, graceMs: number): Promise<void> {
    leaving.add(member);
    const late = setTimeout(() => member.kill(), graceMs + ENDING_MS);
    // It answers, or is gone before it can; either is what was asked for.
    await member.channel.call("end", graceMs).catch(() => undefined);
    await member.channel.closed;
    clearTimeout(late);
  }

  async function renewAll(graceMs: number): Promise<void> {
    for (const member of Array.from(serving)) {
      if (isClosing || !serving.has(member)) continue;
      leaving.add(member);
      const before = serving.size;
      replenish();
      await change.until(() => serving.size > before || !serving.has(member) || isClosing);
      await endMember(member, graceMs);
    }
  }

  return {
    gateways: served.gateways,
    async start(handler) {
      answer = handler;
      place = await listenLocally(socketPath, (socket) => {
        const channel: Channel = openChannel(socket, {
          errors: errorForm,
          handlers: {
            ...functionHandlers(functions),
            ...askingHandlers({ find: (holder) => byHolder.get(holder)?.channel, areKnown: () => hasStarted }),
            hello: (hello) => ({ value: meet(channel, hello as Hello) }),
            lease: (wishes) => ({ value: lessor.lease(pidOf(channel), wishes as LeaseWishes) }),
            evict: async (place) => ({ value: await served.evict(place as CachePlace) }),
            answer: (request, signal) => answerForwarded(answer, channel, request, signal),
          },
        });
      });
      await takeOver();
      replenish();
      await change.until(() => serving.size >= count);
      hasStarted = true;
      return ports;
    },
    renew(graceMs) {
      // One that has not begun will renew all that serve by then: whoever asks meanwhile asks for the same.
      nextRenewal ??= renewing.then(() => {
        nextRenewal = undefined;
        return renewAll(graceMs);
      });
      renewing = nextRenewal.catch(() => undefined);
      return nextRenewal;
    },
    async facts() {
      const asked = Array.from(serving, ({ channel }) => channel.call("facts", undefined).catch(() => undefined));
      return (await Promise.all(asked)).flatMap((told) => (told === undefined ? [] : [told.value as WorkerFacts]));
    },
    async observed() {
      const asked = Array.from(serving, ({ channel }) => channel.call("observed", undefined).catch(() => undefined));
      return observedByAll.add((await Promise.all(asked)).flatMap((told) => (told === undefined ? [] : [told.value as WorkerObserved])));
    },
    async close(graceMs) {
      isClosing = true;
      change.happened();
      await Promise.all(Array.from(members.values(), (member) => endMember(member, graceMs)));
      for (const pid of starting.keys()) kill(pid);
      await place?.close();
    },
  };
}

/** Whether ports are those that were asked for, 0 standing for any. */
function areThose(ports: readonly number[], wanted: readonly number[]): boolean {
  return ports.length === wanted.length && wanted.every((port, i) => port === 0 || port === ports[i]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
