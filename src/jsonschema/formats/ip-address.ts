// IP addresses, as Guava takes them: an IPv4 address that is written as an IPv6 one (::ffff:1.2.3.4) is an IPv4 address,
// and an IPv6 address may have a zone (fe80::1%eth0).

function quad(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.map(Number);
}

/** Eight groups of 16 bits. */
function groups(text: string): readonly number[] | undefined {
  const [head = "", tail, more] = text.replace(/%.*$/s, "").split("::");
  if (more !== undefined) return undefined;
  const left = groupsOf(head, tail === undefined);
  const right = tail === undefined ? [] : groupsOf(tail, true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...left, ...Array<number>(missing).fill(0), ...right];
}

function groupsOf(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const end = parts.at(-1) ?? "";
  const bytes = last && end.includes(".") ? quad(end) : undefined;
  if (bytes !== undefined) parts.pop();
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = bytes ?? [];
  return [...parts.map((part) => Number.parseInt(part, 16)), ...(bytes === undefined ? [] : [a * 256 + b, c * 256 + d])];
}

function isMapped(address: readonly number[]): boolean {
  return address.slice(0, 5).every((group) => group === 0) && address[5] === 0xffff;
}

export function isIpv4(text: string): boolean {
  const address = text.includes(":") ? groups(text) : undefined;
  return quad(text) !== undefined || (address !== undefined && isMapped(address));
}

export function isIpv6(text: string): boolean {
  const address = text.includes(":") ? groups(text) : undefined;
  return address !== undefined && !isMapped(address);
}
