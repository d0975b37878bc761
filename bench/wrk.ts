// The load: wrk, and what it says about it.
import { CORES, start } from "./children.ts";

export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
}

export interface LoadOptions {
  readonly url: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  readonly seconds: number;
  readonly connections: number;
}

/** Asks for a URL over and over. @throws when an answer was an error, or did not come: its figures would mean nothing. */
export async function load({ url, headers = [], seconds, connections }: LoadOptions): Promise<Load> {
  const given = headers.flatMap((name, i) => (i % 2 === 0 ? ["-H", `${name}: ${headers[i + 1]}`] : []));
  const child = start("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "--latency", ...given, url], CORES.load);
  await child.printed(/Requests\/sec:[^\n]*\n/);
  return readReport(child.output(), url);
}

/** Reads wrk's report. @throws when it tells of errors. */
export function readReport(report: string, url: string): Load {
  const trouble = /Non-2xx or 3xx responses: \d+|Socket errors: [^\n]*/.exec(report);
  if (trouble !== null) throw new Error(`${url}: ${trouble[0]}`);
  const find = (pattern: RegExp): string => {
    const match = pattern.exec(report);
    if (match === null) throw new Error(`wrk's report has no ${pattern.source}:\n${report}`);
    return match[1] as string;
  };
  return {
    requests: Number(find(/(\d+) requests in/)),
    requestsPerSecond: Number(find(/Requests\/sec:\s+([\d.]+)/)),
    p50: milliseconds(find(/^\s+50%\s+(\S+)/m)),
    p99: milliseconds(find(/^\s+99%\s+(\S+)/m)),
  };
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function milliseconds(text: string): number {
  const [, value, unit = ""] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  return Number(value) * (UNITS[unit] ?? Number.NaN);
}
