// What Linux tells in /proc of a process and its descendants: their memory, and whose connection a socket is.
// Elsewhere every question is answered with "unknown".
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const IS_LINUX = process.platform === "linux";

/** The process and all its descendants; empty where that cannot be known. */
function processTree(root: number): number[] {
  if (!IS_LINUX) return [];
  const tree = [root];
  for (let i = 0; i < tree.length; i++) {
    for (const child of children(tree[i] as number)) tree.push(child);
  }
  return tree;
}

function children(pid: number): number[] {
  const text = readOrUndefined(`/proc/${pid}/task/${pid}/children`);
  return text === undefined ? [] : text.split(" ").filter(Boolean).map(Number);
}

/** Bytes of memory that the tree's processes hold; undefined where that cannot be known. */
export function memoryOf(root: number): number | undefined {
  let bytes: number | undefined;
  for (const pid of processTree(root)) {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readOrUndefined(`/proc/${pid}/status`) ?? "")?.[1];
    if (kilobytes !== undefined) bytes = (bytes ?? 0) + Number(kilobytes) * 1024;
  }
  return bytes;
}

/**
 * Whether the other end of a loopback connection (its port `peerPort`, ours `ownPort`) is held by a process of the tree;
 * undefined where that cannot be known.
 */
export function isConnectionOf(root: number, peerPort: number, ownPort: number): boolean | undefined {
  if (!IS_LINUX) return undefined;
  const inode = socketInode(peerPort, ownPort);
  if (inode === undefined) return undefined;
  const wanted = `socket:[${inode}]`;
  let seen = false;
  for (const pid of processTree(root)) {
    const descriptors = listOrUndefined(`/proc/${pid}/fd`);
    if (descriptors === undefined) continue;
    seen = true;
    if (descriptors.some((descriptor) => linkOrUndefined(`/proc/${pid}/fd/${descriptor}`) === wanted)) return true;
  }
  return seen ? false : undefined;
}

const IPV4_LOOPBACK = "0100007F";
/** 127.0.0.1 as a dual-stack client names it. */
const MAPPED_LOOPBACK = "0000000000000000FFFF00000100007F";

function socketInode(localPort: number, remotePort: number): string | undefined {
  const port = (number: number): string => number.toString(16).toUpperCase().padStart(4, "0");
  for (const [table, address] of [["tcp", IPV4_LOOPBACK], ["tcp6", MAPPED_LOOPBACK]] as const) {
    const text = readOrUndefined(`/proc/net/${table}`);
    const at = text?.indexOf(` ${address}:${port(localPort)} ${address}:${port(remotePort)} `) ?? -1;
    if (text === undefined || at < 0) continue;
    // local and remote address, state, queues, timer, retransmits, uid, timeout, inode
    const inode = text.slice(at, text.indexOf("\n", at)).trim().split(/\s+/)[8];
    if (inode !== undefined && inode !== "0") return inode;
  }
  return undefined;
}

/** A process may end while it is looked at: then there is nothing to read. */
function readOrUndefined(path: string): string | undefined {
  return attempt(() => readFileSync(path, "utf8"));
}

function listOrUndefined(path: string): string[] | undefined {
  return attempt(() => readdirSync(path));
}

function linkOrUndefined(path: string): string | undefined {
  return attempt(() => readlinkSync(path));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
