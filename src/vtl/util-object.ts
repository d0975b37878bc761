// `$util` (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference).
import { Buffer } from "node:buffer";
import { TemplateRuntimeError } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { HostMethod, HostObject, Meter, Value } from "./values/index.ts";

const HEX = "0123456789ABCDEF";

/** What stands for each of the first 128 characters where it is not itself. */
const escapes: readonly (string | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/['"\\/]/.test(char)) return `\\${char}`;
  if (code >= 32) return undefined;
  const letter = "\b\t\n\f\r".indexOf(char);
  return letter === -1 ? unicodeEscape(code) : `\\${"btnfr"[letter]}`;
});

function unicodeEscape(code: number): string {
  return `\\u${HEX[code >> 12]}${HEX[(code >> 8) & 15]}${HEX[(code >> 4) & 15]}${HEX[code & 15]}`;
}

/**
 * By JavaScript's string rules, as Commons Lang's escapeJavaScript has them: both quotes, the backslash and the slash get
 * a backslash, control characters their letter, and what is neither nor ASCII its number.
 */
export function escapeJavaScript(text: string): string {
  let result = "";
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const escape = code < 128 ? escapes[code] : unicodeEscape(code);
    if (escape === undefined) continue;
    if (at > from) result += text.slice(from, at);
    result += escape;
    from = at + 1;
  }
  return result + text.slice(from);
}

/** As java.net.URLEncoder has it, in UTF-8: a space is a plus sign, and `.-*_` stay. */
export function urlEncode(text: string): string {
  const encoded = encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "?"));
  return encoded.replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%20", "+");
}

/**
 * As java.net.URLDecoder has it, in UTF-8: bytes that are no UTF-8 become U+FFFD.
 * @throws TemplateRuntimeError when a percent sign is not followed by two hexadecimal digits
 */
export function urlDecode(text: string): string {
  return text.replaceAll("+", " ").replace(/(?:%[0-9a-fA-F]{2})+|%.{0,2}/gs, (coded) => {
    const bytes = Buffer.from(coded.replaceAll("%", ""), "hex");
    if (bytes.length * 3 !== coded.length) {
      throw new TemplateRuntimeError(`java.lang.IllegalArgumentException: URLDecoder: Illegal hex characters in ${JSON.stringify(coded)}`);
    }
    return bytes.toString("utf8");
  });
}

/** A method of one text: nothing for null, no such method for what is no text. */
function ofText(convert: (text: string) => Value, charactersOfStep = 2): HostMethod {
  return (args: readonly Value[], meter: Meter) => {
    const [text] = args;
    if (args.length !== 1 || (typeof text !== "string" && text !== null)) return undefined;
    if (text === null) return null;
    meter.expectLength(text.length);
    meter.step(Math.ceil(text.length / charactersOfStep));
    const result = convert(text);
    if (typeof result !== "string") return result;
    // What grows has been put together from pieces.
    if (result.length > text.length) meter.step((result.length - text.length) >> 1);
    return meter.text(result);
  };
}

/** `$util`, the same for all templates. */
export const utilObject: HostObject = {
  kind: "host",
  methods: new Map<string, HostMethod>([
    ["escapeJavaScript", ofText(escapeJavaScript, 4)],
    ["parseJson", ofText(parseJson)],
    ["urlEncode", ofText(urlEncode)],
    ["urlDecode", ofText(urlDecode)],
    ["base64Encode", ofText((text) => Buffer.from(text, "utf8").toString("base64"), 8)],
    ["base64Decode", ofText((text) => Buffer.from(text, "base64").toString("utf8"), 8)],
  ]),
};
