// Looking things up in flat header lists.
import type { HeaderList } from "../domain/header-list.ts";

/**
 * The last value of a header, the one that counts where only one can. A name in the spelling asked for goes before other
 * spellings: AWS says that it compares header names case-sensitively, HTTP/2 clients can only send lower case.
 */
export function lastHeader(headers: HeaderList, name: string): string | undefined {
  for (let i = headers.length - 2; i >= 0; i -= 2) if (headers[i] === name) return headers[i + 1];
  const lowerCase = name.toLowerCase();
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (isHeader(headers[i] as string, lowerCase)) return headers[i + 1];
  }
  return undefined;
}

/** All values of a header, in order; undefined when there are none. */
export function allHeaders(headers: HeaderList, name: string): readonly string[] | undefined {
  const lowerCase = name.toLowerCase();
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (isHeader(headers[i] as string, lowerCase)) values.push(headers[i + 1] as string);
  }
  return values.length === 0 ? undefined : values;
}

export function isHeader(name: string, lowerCaseName: string): boolean {
  return name.length === lowerCaseName.length && (name === lowerCaseName || name.toLowerCase() === lowerCaseName);
}

/** Takes all values of a header out of a list. */
export function removeHeader(headers: string[], lowerCaseName: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) if (isHeader(headers[i] as string, lowerCaseName)) headers.splice(i, 2);
}

/**
 * Text as a header's value: control characters become spaces (RFC 9110, 5.5), and what Latin-1 cannot hold travels as the
 * bytes of its UTF-8.
 */
export function headerValue(text: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  const printable = text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, " ");
  return /^[\x00-\xff]*$/.test(printable) ? printable : Buffer.from(printable, "utf8").toString("latin1");
}

/** Whether a name is a token of RFC 9110, 5.6.2, as header names are. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}
