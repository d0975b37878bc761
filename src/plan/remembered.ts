// What has been made of texts: the methods of an API say many things alike.

/** Texts that are remembered, and of how many characters each. */
const MAX_TEXTS = 1_000;
const MAX_LENGTH = 1_000;

/** The function, which makes the same of the same text, without making it again of one that it was given lately. */
export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, { readonly value: T }>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known.value;
    const value = make(text);
    if (made.size >= MAX_TEXTS) made.clear();
    if (text.length <= MAX_LENGTH) made.set(text, { value });
    return value;
  };
}
