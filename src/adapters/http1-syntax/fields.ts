// The names and values of headers, as they may be spelt (RFC 9110, sections 5.1 and 5.5).

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What a value may not hold: RFC 9110, section 5.5, with the bytes past ASCII that it calls obsolete. */
export const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether a text may be the name of a header, or a method. */
export const isToken = (text: string): boolean => TOKEN.test(text);

/** Names repeat: so many are remembered, and nobody can make them more. */
const REMEMBERED = 1000;

/**
 * What a header means to whoever asks, each name looked at once.
 * @param kinds by lower-case name; all others are plain
 * @returns the kind of a name in any case; undefined when it is no name of a header
 */
export function nameKinds<Kind extends string>(kinds: ReadonlyMap<string, Kind>): (name: string) => Kind | "plain" | undefined {
  const known = new Map<string, Kind | "plain">();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined || !TOKEN.test(name)) return found;
    const kind = kinds.get(name.toLowerCase()) ?? "plain";
    if (known.size < REMEMBERED) known.set(copied(name), kind);
    return kind;
  };
}

/** What is kept is no part of the head that it came in, which would be kept with it. */
const copied = (name: string): string => Buffer.from(name, "latin1").toString("latin1");

/** Names that have been seen, by their length and their ends; so many to a place. */
const SEEN: string[][] = Array.from({ length: 512 }, () => []);
const SEEN_AT_A_PLACE = 4;

/**
 * The name of a header in a head, of which it is no part: whoever remembers it does not remember the head. The same name is the
 * same string again and again, which maps find without hashing it and comparing it character by character.
 * @param text the head, one character a byte
 * @returns undefined when it is no name of a header
 */
export function nameIn(text: string, start: number, end: number): string | undefined {
  const length = end - start;
  if (length <= 0) return undefined;
  const place = (length * 37 + text.charCodeAt(start) * 5 + text.charCodeAt(end - 1)) & (SEEN.length - 1);
  const seen = SEEN[place] as string[];
  for (const name of seen) if (name.length === length && text.startsWith(name, start)) return name;
  const name = copied(text.slice(start, end));
  if (!TOKEN.test(name)) return undefined;
  if (seen.length < SEEN_AT_A_PLACE) seen.push(name);
  return name;
}
