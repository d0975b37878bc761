// The order in which API Gateway lists the messages of one validation. It keeps them in a java.util.HashSet: each text
// once, in the order of the table that their hash codes put them in. Nothing documents that; every list of messages quoted
// from it that is not in the library's own order is in this one (docs/decisions).

/** java.lang.String.hashCode, with the upper half mixed into the lower one as java.util.HashMap does. */
function hash(text: string): number {
  let code = 0;
  for (let at = 0; at < text.length; at += 1) code = (Math.imul(31, code) + text.charCodeAt(at)) | 0;
  return code ^ (code >>> 16);
}

function inHashOrder(texts: Iterable<string>): string[] {
  const all = [...new Set(texts)];
  let capacity = 16;
  while (all.length > capacity * 0.75) capacity *= 2;
  const slots = new Map(all.map((text) => [text, hash(text) & (capacity - 1)]));
  return all.sort((a, b) => (slots.get(a) ?? 0) - (slots.get(b) ?? 0));
}

/** `$context.error.validationErrorString` of a body that does not fulfill its model. */
export function validationErrorString(messages: Iterable<{ readonly text: string }>): string {
  return `[${inHashOrder(Array.from(messages, ({ text }) => text)).join(", ")}]`;
}
