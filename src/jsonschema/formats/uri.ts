// URIs and references to them, as java.net.URI reads them: RFC 2396, and the characters past ASCII.
import { isIpv4, isIpv6 } from "./ip-address.ts";

/** Past ASCII, what is neither a control character nor a space. */
const other = "[^\\u0000-\\u009f\\p{Z}]";
const escaped = "%[0-9a-fA-F]{2}";
const unreserved = "\\w\\-!.~'()*";

function made(characters: string): RegExp {
  return new RegExp(`^(?:[${characters}]|${escaped}|${other})*$`, "u");
}

const uric = made(`${unreserved},;:$&+=?/\\[\\]@`);
const path = made(`${unreserved}:@&=+$,;/`);
const registryName = made(`${unreserved}$,;:@&=+`);
const userInfo = made(`${unreserved};:&=+$,`);
const literalHost = /^(?:(.*)@)?\[([^\]%]*)(?:%[\w.-]+)?\](?::[0-9]*)?$/s;

export function isUri(text: string): boolean {
  const hash = text.indexOf("#");
  const main = hash === -1 ? text : text.slice(0, hash);
  if (hash !== -1 && !uric.test(text.slice(hash + 1))) return false;
  const colon = main.search(/[:/?]/);
  if (colon === -1 || main[colon] !== ":") return isHierarchical(main);
  if (!/^[a-zA-Z][a-zA-Z0-9+.-]*$/.test(main.slice(0, colon))) return false;
  const rest = main.slice(colon + 1);
  return rest.startsWith("/") ? isHierarchical(rest) : rest !== "" && uric.test(rest);
}

function isHierarchical(text: string): boolean {
  const mark = text.indexOf("?");
  const main = mark === -1 ? text : text.slice(0, mark);
  if (mark !== -1 && !uric.test(text.slice(mark + 1))) return false;
  if (!main.startsWith("//")) return path.test(main);
  const slash = main.indexOf("/", 2);
  const authority = slash === -1 ? main.slice(2) : main.slice(2, slash);
  // An authority may be left out where something follows.
  if (authority === "" && slash === -1 && mark === -1) return false;
  return isAuthority(authority) && (slash === -1 || path.test(main.slice(slash)));
}

function isAuthority(text: string): boolean {
  if (registryName.test(text)) return true;
  const [, user = "", address = ""] = literalHost.exec(text) ?? [];
  return (isIpv6(address) || (isIpv4(address) && address.includes(":"))) && userInfo.test(user);
}
