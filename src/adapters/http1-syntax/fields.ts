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
    if (known.size < REMEMBERED) known.set(name, kind);
    return kind;
  };
}
