// Whether an object of a JSON text has a member twice. `JSON.parse` takes the last one and says nothing; other readers of the
// same token may take the first ("the Claim Names within a JWT Claims Set MUST be unique", RFC 7519, section 4).

/** Strings, which may have brackets in them, and the brackets. A colon behind a string makes it a name. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/** @param json a text that `JSON.parse` takes */
export function hasRepeatedNames(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of json.matchAll(TOKENS)) {
    if (string === undefined) {
      if (token === "{" || token === "[") open.push(new Set());
      else open.pop();
    } else if (colon !== undefined) {
      // An escaped name is the name that it stands for.
      const name = string.includes("\\") ? (JSON.parse(string) as string) : string.slice(1, -1);
      const names = open.at(-1);
      if (names === undefined || names.has(name)) return true;
      names.add(name);
    }
  }
  return false;
}
