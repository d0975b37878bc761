// Whose a connection is: /proc tells the sockets of a process, and what each is connected with.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** As /proc/net/tcp has it. */
const ESTABLISHED = "01";

/** The clients' ports of the connections to a port of this machine that a process has accepted. */
export function clientPortsOf(pid: number, serverPort: number): ReadonlySet<number> {
  const owned = socketsOf(pid);
  const ports = new Set<number>();
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local = "", remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/);
    if (state === ESTABLISHED && portOf(local) === serverPort && owned.has(inode)) ports.add(portOf(remote));
  }
  return ports;
}

/** `0100007F:1F90` */
const portOf = (address: string): number => Number.parseInt(address.split(":")[1] ?? "", 16);

/** The inodes of the sockets that a process has open. */
function socketsOf(pid: number): ReadonlySet<string> {
  const inodes = new Set<string>();
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${name}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** Descriptors come and go while they are listed. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
