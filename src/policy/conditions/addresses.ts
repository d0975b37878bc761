// IpAddress and NotIpAddress: addresses and ranges of IPv4 and IPv6 in CIDR notation
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress).
import type { ValueTest } from "../text-pattern.ts";

/** 32 bits of IPv4, or 128 of IPv6 as four words; an IPv4 address in IPv6's clothes (::ffff:192.0.2.1) is IPv4. */
type Address = readonly number[];

interface Range {
  readonly words: Address;
  readonly masks: readonly number[];
}

/** Tells whether an address lies in any of the ranges; `invalid` gets a text that is no range. */
export function addressTest(texts: readonly string[], invalid: (text: string) => never): ValueTest {
  const ranges = texts.map((text) => parseRange(text) ?? invalid(text));
  return (text) => {
    const address = parseAddress(text);
    return address !== undefined && ranges.some((range) => contains(range, address));
  };
}

function contains({ words, masks }: Range, address: Address): boolean {
  const isIn = (word: number, index: number): boolean => ((word ^ (address[index] as number)) & (masks[index] as number)) === 0;
  return words.length === address.length && words.every(isIn);
}

/** "If you specify an IP address without the associated routing prefix", it is that address alone. */
function parseRange(text: string): Range | undefined {
  const [address = "", prefix, ...more] = text.split("/");
  const words = parseAddress(address);
  if (words === undefined || more.length > 0) return undefined;
  const bits = words.length * 32;
  const written = address.includes(":") ? 128 : 32;
  if (prefix === undefined) return { words, masks: masksOf(bits, words.length) };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > written) return undefined;
  const length = Number(prefix) - (written - bits);
  return length < 0 ? { words: mapped(words), masks: masksOf(Number(prefix), 4) } : { words, masks: masksOf(length, words.length) };
}

/** A range wider than all of IPv4, written in IPv6. */
const mapped = ([word = 0]: Address): Address => [0, 0, 0xffff, word];

const masksOf = (length: number, words: number): readonly number[] =>
  Array.from({ length: words }, (_, index) => maskOf(Math.min(32, Math.max(0, length - index * 32))));

const maskOf = (bits: number): number => (bits === 0 ? 0 : -1 << (32 - bits));

function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const word = parseIpv4(text);
    return word === undefined ? undefined : [word];
  }
  const words = parseIpv6(text);
  return words !== undefined && words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? words.slice(3) : words;
}

/** Digits only, and no leading zeros, which some read as octal. */
function parseIpv4(text: string): number | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    word = (word << 8) | Number(part);
  }
  return word;
}

function parseIpv6(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  if (left === undefined || right === undefined || (tail !== undefined && head.includes("."))) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  return [0, 2, 4, 6].map((index) => ((groups[index] as number) << 16) | (groups[index + 1] as number));
}

/** Groups of 16 bits, the last two of which may be written as IPv4. */
function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const ipv4 = index === parts.length - 1 && part.includes(".") ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) groups.push(ipv4 >>> 16, ipv4 & 0xffff);
    else if (/^[\da-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
