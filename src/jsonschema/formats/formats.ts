// The formats that the library checks in schemas of draft 4, each with what it says of a text that is none.
import { dateTimeFormats, isDateTime } from "./date-time.ts";
import { isEmailAddress } from "./email.ts";
import { isHostname } from "./hostname.ts";
import { isIpv4, isIpv6 } from "./ip-address.ts";
import { isUri } from "./uri.ts";

/** The message for a text that does not have the format. */
export type Format = (text: string, isRegex: (source: string) => boolean) => string | undefined;

function tested(is: (text: string) => boolean, message: (text: string) => string): Format {
  return (text) => (is(text) ? undefined : message(text));
}

const notValid =
  (what: string) =>
  (text: string): string =>
    `string "${text}" is not a valid ${what}`;

const inputNotValid =
  (what: string) =>
  (text: string): string =>
    `input string "${text}" is not a valid ${what}`;

function hexadecimal(length: number): Format {
  return (text) => {
    if (text.length !== length) return `input string has incorrect length (${text.length}, expected ${length})`;
    const at = text.search(/[^0-9a-fA-F]/);
    return at === -1 ? undefined : `illegal character "${text.charAt(at)}" in input at index ${at}`;
  };
}

const base64: Format = (text) => {
  if (text.length % 4 !== 0) return `input has illegal length (must be a multiple of 4, found ${text.length})`;
  const at = text.replace(/==?$/, "").search(/[^a-zA-Z0-9+/]/);
  return at === -1 ? undefined : `illegal character "${text.charAt(at)}" at index ${at} (not in Base64 alphabet)`;
};

/** As java.util.UUID reads it: the five parts need not have their length. */
function isUuid(text: string): boolean {
  const parts = text.split("-");
  return (
    text.length <= 36 &&
    parts.length === 5 &&
    parts.every((part) => /^\+?[0-9a-fA-F]+$/.test(part) && BigInt(`0x${part.replace("+", "")}`) < 2n ** 63n)
  );
}

export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  [
    "date-time",
    tested(
      isDateTime,
      (text) => `string "${text}" is invalid against requested date format(s) [${dateTimeFormats.join(", ")}]`,
    ),
  ],
  ["email", tested(isEmailAddress, notValid("email address"))],
  ["hostname", tested(isHostname, notValid("hostname"))],
  ["ipv4", tested(isIpv4, notValid("IPv4 address"))],
  ["ipv6", tested(isIpv6, notValid("IPv6 address"))],
  ["uri", tested(isUri, notValid("URI"))],
  ["regex", (text, isRegex) => (isRegex(text) ? undefined : notValid("ECMA 262 regular expression")(text))],
  ["json-pointer", tested((text) => /^(\/([^~/]|~[01])*)*$/.test(text), inputNotValid("JSON Pointer"))],
  ["mac", tested((text) => /^[A-Za-z0-9]{2}(:[A-Za-z0-9]{2}){5}$/.test(text), inputNotValid("MAC address"))],
  ["uuid", tested(isUuid, inputNotValid("UUID"))],
  ["base64", base64],
  ["md5", hexadecimal(32)],
  ["sha1", hexadecimal(40)],
  ["sha256", hexadecimal(64)],
  ["sha512", hexadecimal(128)],
]);
