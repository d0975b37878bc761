// The load: wrk, and what it says about it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORES, start } from "./children.ts";
import type { Turns } from "./rows.ts";

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
  readonly turns?: Turns | undefined;
  readonly seconds: number;
  readonly connections: number;
}

/** Asks for a URL over and over. @throws when an answer was an error, or did not come: its figures would mean nothing. */
export async function load({ url, headers = [], turns, seconds, connections }: LoadOptions): Promise<Load> {
  const given = headers.flatMap((name, i) => (i % 2 === 0 ? ["-H", `${name}: ${headers[i + 1]}`] : []));
  const directory = turns && (await mkdtemp(join(tmpdir(), "gatehouse-wrk-")));
  try {
    const script = directory === undefined ? [] : ["-s", join(directory, "turns.lua")];
    if (turns !== undefined) await writeFile(script[1] ?? "", scriptOf(turns));
    const child = start("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "--latency", ...given, ...script, url], CORES.load);
    await child.printed(/Requests\/sec:[^\n]*\n/);
    return readReport(child.output(), url);
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true });
  }
}

/** What wrk runs: every request is made before the load begins. */
const scriptOf = ({ header, values }: Turns): string => `local requests = {}
local turn = 0
function init()
  for i, value in ipairs({ ${values.map((value) => JSON.stringify(value)).join(", ")} }) do
    wrk.headers["${header}"] = value
    requests[i] = wrk.format()
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
`;

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
