// Answers of operations in a form in which those of the service itself and those that clients see are alike.

/** An answer without what clients see in another form: dates as times, bytes as text, no members without a value, nothing drawn at random. */
export function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name, member]) => member !== undefined && name !== "pemEncodedCertificate");
  return Object.fromEntries(members.map(([name, member]) => [name, comparable(member)]));
}
