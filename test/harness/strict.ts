// A started Gatehouse that lets in only who exists: its first administrator, clients with any keys, and requests signed by hand.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { init } from "../../src/cli/init.ts";
import { sign } from "../../src/sigv4/index.ts";
import { type Answer, call, type Gatehouse, startGatehouse, temporaryDirectory } from "./gatehouse.ts";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Administrator extends Keys {
  readonly account: string;
  readonly userName: string;
  readonly dataDir: string;
}

const ROOT = join(import.meta.dirname, "../..");

/** Runs `gatehouse init` as a user does. @throws what it says when it fails, with its exit code as `code` */
export async function runInitProcess(args: readonly string[]): Promise<string> {
  const node = ["--disable-warning=ExperimentalWarning", join(ROOT, "src/main.ts"), "init", ...args];
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"] };
  return (await promisify(execFile)(process.execPath, node, { cwd: ROOT, env })).stdout;
}

export interface StrictGatehouse {
  readonly gatehouse: Gatehouse;
  readonly admin: Administrator;
}

/** Makes the administrator and starts; without other arguments on a loopback address that is told to be strict. */
export async function startStrict(args: readonly string[] = ["--auth", "strict"]): Promise<StrictGatehouse> {
  const dataDir = await temporaryDirectory();
  const admin = JSON.parse(await init(["--json", "--data-dir", dataDir], {})) as Administrator;
  return { admin, gatehouse: await startGatehouse({ dataDir, args }) };
}

export interface SignedCall {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly service: string;
  readonly region?: string;
  /** When it is signed, in milliseconds since the epoch; now unless given. */
  readonly time?: number;
}

/** Signs a request and sends it. `tamper` changes what is sent. */
export function signedCall(url: string, keys: Keys, signed: SignedCall, tamper: Partial<SignedCall> = {}): Promise<Answer> {
  const { method, target, body, service, region = "us-east-1", time = Date.now() } = signed;
  const headers = { Host: new URL(url).host, ...signed.headers };
  const list = Object.entries(headers).flat();
  const added = sign({ method, target, headers: list, body }, keys, { region, service }, time);
  const pairs = Array.from({ length: added.length / 2 }, (_, i) => [added[2 * i] as string, added[2 * i + 1] as string]);
  const sent = { method, target, body, ...tamper };
  return call(url + sent.target, {
    method: sent.method,
    headers: { ...headers, ...Object.fromEntries(pairs), ...tamper.headers },
    ...(sent.body !== undefined && { body: sent.body }),
  });
}
