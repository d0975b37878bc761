// Which addresses a request may go to. Checked when a connection is made, on the address it is made to: a name that
// resolves to a refused address, now or after it was changed, gets no further than the address itself.
import { lookup as systemLookup } from "node:dns";
import type { LookupAddress, LookupOptions } from "node:dns";
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import type { LookupFunction } from "node:net";

/**
 * Where clouds hand credentials to whoever asks: all of IPv4's and IPv6's link-local ranges (169.254.169.254,
 * 169.254.170.2), AWS's IPv6 endpoint and Alibaba Cloud's.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const METADATA = ["169.254.0.0/16", "100.100.100.200/32", "fe80::/10", "fd00:ec2::254/128"];

/** IPv6 forms that carry an IPv4 address in their last 32 bits (mapped ones are BlockList's own): compatible and NAT64. */
const EMBEDDINGS = ["::", "64:ff9b::"];

export interface AddressRules {
  /** Lets requests reach the metadata addresses. */
  readonly allowMetadataAddresses: boolean;
  /** More ranges to refuse, in CIDR notation. */
  readonly denied: readonly string[];
}

/** Why the connection was not attempted. */
export class RefusedAddress extends Error {
  override readonly name = "RefusedAddress";
}

/** Tells refused addresses from others. @throws {TypeError} when a range is not in CIDR notation. */
export function refusedAddresses(rules: AddressRules): (address: string) => boolean {
  // Two lists: in one, an IPv4 address would also be looked for among IPv6 ranges, and ::/0 would hold them all.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of [...(rules.allowMetadataAddresses ? [] : METADATA), ...rules.denied]) addRange(lists, range);
  return (address) => {
    // A zone (fe80::1%eth0) is not part of the address.
    const [bare = ""] = address.split("%");
    if (isIPv4(bare)) return lists.ipv4.check(bare, "ipv4");
    // The IPv4 ranges hold IPv6's mapped forms of their addresses too.
    return lists.ipv6.check(bare, "ipv6") || lists.ipv4.check(bare, "ipv6");
  };
}

function addRange(lists: Record<"ipv4" | "ipv6", BlockList>, range: string): void {
  const [address = "", prefix = "", ...rest] = range.split("/");
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  const longest = family === "ipv4" ? 32 : 128;
  const length = range.includes("/") ? Number(prefix) : longest;
  if (isIP(address) === 0 || rest.length > 0 || !/^\d*$/.test(prefix) || length > longest || range.endsWith("/")) {
    throw new TypeError(`"${range}" is not a range of addresses like 10.0.0.0/8 or fd00::/8`);
  }
  lists[family].addSubnet(address, length, family);
  if (family === "ipv6") return;
  for (const embedding of EMBEDDINGS) lists.ipv6.addSubnet(`${embedding}${address}`, 96 + length, "ipv6");
  lists.ipv6.addSubnet(sixToFour(address), 16 + length, "ipv6");
}

/** The network of an IPv4 address in 6to4, which carries it behind the first 16 bits (RFC 3056). */
function sixToFour(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return `2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::`;
}

/** A lookup that gives the allowed addresses of a name; fails with {@link RefusedAddress} when there are only others. */
export function guardedLookup(isRefused: (address: string) => boolean): LookupFunction {
  return (hostname: string, options: LookupOptions, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => !isRefused(address));
      const [first] = allowed;
      if (first === undefined) callback(refusal(hostname, addresses.map(({ address }) => address)), []);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** The error for a host that is a refused address itself; undefined for names and allowed addresses. */
export function refusedLiteral(hostname: string, isRefused: (address: string) => boolean): RefusedAddress | undefined {
  const isAddress = isIPv4(hostname) || isIPv6(hostname);
  return isAddress && isRefused(hostname) ? refusal(hostname, [hostname]) : undefined;
}

function refusal(hostname: string, addresses: readonly string[]): RefusedAddress {
  const list = addresses.filter((address) => address !== hostname).join(", ");
  return new RefusedAddress(`${hostname}${list === "" ? "" : ` (${list})`} is an address that requests may not go to`);
}
