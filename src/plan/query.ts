// Query strings as flat lists of decoded names and values in turn, in the order of the request.

/** Names and values in turn, decoded. */
export type QueryList = readonly string[];

/**
 * Never throws: what is not valid percent-encoding stays as it is. `;` separates like `&`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html: a semicolon "results in
 * the data being split"). A name without `=` has an empty value.
 */
export function parseQuery(raw: string): QueryList {
  const list: string[] = [];
  for (const pair of raw.includes(";") ? raw.split(/[&;]/) : raw.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    list.push(decode(equals < 0 ? pair : pair.slice(0, equals)), equals < 0 ? "" : decode(pair.slice(equals + 1)));
  }
  return list;
}

/** The query of a request, parsed at most once. */
export function queryOf(facts: { query: QueryList | undefined; readonly rawQuery: string }): QueryList {
  return (facts.query ??= parseQuery(facts.rawQuery));
}

/** The list as a query string without `?`, percent-encoded, spaces as `%20`. */
export function formatQuery(list: QueryList): string {
  let text = "";
  for (let i = 0; i < list.length; i += 2) {
    if (text !== "") text += "&";
    text += `${encodeQuery(list[i] as string)}=${encodeQuery(list[i + 1] as string)}`;
  }
  return text;
}

/** Text for one path segment or a query's name or value; lone surrogates become U+FFFD. */
export function encodeQuery(text: string): string {
  return /^[\w.~-]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

/** Whether decoding and encoding a query string again would give the same text. */
export function isCanonicalQuery(raw: string): boolean {
  return /^(?:[\w.~-]+=[\w.~-]*(?:&|$))*$/.test(raw) && !raw.endsWith("&");
}

/** The last value of a name: the one that counts where only one can. */
export function lastValue(list: QueryList, name: string): string | undefined {
  for (let i = list.length - 2; i >= 0; i -= 2) if (list[i] === name) return list[i + 1];
  return undefined;
}

/** All values of a name, in order; undefined when there are none. */
export function allValues(list: QueryList, name: string): readonly string[] | undefined {
  const values: string[] = [];
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) values.push(list[i + 1] as string);
  return values.length === 0 ? undefined : values;
}

function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced.replace(/(?:%[0-9a-fA-F]{2})+/g, decodeRun);
  }
}

/** A run of percent-encoded bytes, lossily: Java's decoder, which AWS uses, does the same with what is not UTF-8. */
function decodeRun(run: string): string {
  return Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8");
}
