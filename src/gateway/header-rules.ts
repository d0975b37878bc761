// Which headers are passed on, dropped or renamed, on their way to a backend and back: the table of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html

export type HeaderRule =
  | "pass"
  | "drop"
  /** Renamed to `x-amzn-Remapped-{name}`. */
  | "remap"
  /** Renamed, and passed on for the listener, whose own it is: what it needs of it is the length that GET would have. */
  | "length"
  /** Left out here: the gateway sends its own. */
  | "own"
  /** Has done its work here, and only goes further when it is mapped. */
  | "used"
  /** Dropped when it is a Signature Version 4 authorization. */
  | "credential";

type Cell = HeaderRule | readonly [http: HeaderRule, httpProxy: HeaderRule, lambda: HeaderRule];

/** Name, towards the backend, back from it. Names that are not here pass both ways. */
const TABLE: readonly (readonly [name: string, request: Cell, response: Cell])[] = [
  ["accept", "pass", ["drop", "pass", "pass"]],
  ["authorization", "credential", "remap"],
  // The page lets Connection pass to HTTP backends. It speaks of one connection only, and that is the client's own.
  ["connection", "drop", "remap"],
  ["content-encoding", ["pass", "drop", "pass"], "pass"],
  // Generated from the body; an event has none (the event of .../api-gateway-create-api-as-simple-proxy-for-lambda.html).
  // Back it passes, says the page; answers show it renamed beside the one that is generated anew.
  ["content-length", "own", "length"],
  ["content-md5", "drop", "remap"],
  ["date", "pass", "remap"],
  ["expect", "drop", "drop"],
  ["host", ["own", "own", "pass"], "drop"],
  ["max-forwards", "drop", "remap"],
  ["proxy-authenticate", "drop", "drop"],
  ["server", "drop", "remap"],
  ["te", "drop", "drop"],
  // "Exception" towards Lambda: a chunked body has been read whole by then, and its framing is gone.
  ["transfer-encoding", "drop", "drop"],
  ["trailer", "drop", "drop"],
  ["upgrade", "drop", "drop"],
  ["user-agent", "pass", "remap"],
  ["via", ["drop", "drop", "pass"], ["pass", "drop", "drop"]],
  ["www-authenticate", "drop", "remap"],

  // Beside the table, the page says of it: "in order to pass the header to the backend, the header needs to be added to the
  // integration request".
  ["x-http-method-override", ["used", "used", "pass"], "pass"],

  // Not in the page. Of one connection only, like Connection:
  ["keep-alive", "drop", "drop"],
  ["proxy-connection", "drop", "drop"],
  // Every answer has these of the gateway's own:
  ["x-amzn-requestid", "pass", "remap"],
  ["x-amz-apigw-id", "pass", "remap"],
  // Set for the backend (.../api-gateway-create-api-as-simple-proxy-for-lambda.html shows them in an event):
  ["x-amzn-trace-id", "own", "pass"],
  ["x-forwarded-for", "own", "remap"],
  ["x-forwarded-port", "own", "pass"],
  ["x-forwarded-proto", "own", "pass"],
  ["x-amzn-apigateway-api-id", ["own", "own", "pass"], "pass"],
];

/** The rule for a header, by its name in any case. */
export type HeaderRules = (name: string) => HeaderRule;

/** Spellings that are remembered: clients use few, and may send any. */
const REMEMBERED = 1024;

function rules(direction: 1 | 2, column: 0 | 1 | 2): HeaderRules {
  const byName = new Map(TABLE.map((row) => [row[0], cellOf(row[direction], column)]));
  const bySpelling = new Map<string, HeaderRule>();
  return (name) => {
    const known = bySpelling.get(name);
    if (known !== undefined) return known;
    const rule = byName.get(name.toLowerCase()) ?? "pass";
    if (bySpelling.size < REMEMBERED) bySpelling.set(name, rule);
    return rule;
  };
}

function cellOf(cell: Cell, column: 0 | 1 | 2): HeaderRule {
  return typeof cell === "string" ? cell : cell[column];
}

export const REQUEST_RULES = { http: rules(1, 0), httpProxy: rules(1, 1), lambda: rules(1, 2) } as const;
export const RESPONSE_RULES = { http: rules(2, 0), httpProxy: rules(2, 1), lambda: rules(2, 2) } as const;

/** Adds a header to a list as its rule says. */
export function addHeader(list: string[], rule: HeaderRule, name: string, value: string): void {
  if (rule === "pass" || rule === "length" || (rule === "credential" && !value.startsWith("AWS4-"))) list.push(name, value);
  if (rule === "remap" || rule === "length") list.push(remapped(name), value);
}

const remappedNames = new Map<string, string>();

/** Made once: a name that is put together anew is also hashed anew by whoever looks it up. */
function remapped(name: string): string {
  let made = remappedNames.get(name);
  if (made === undefined) {
    made = `x-amzn-Remapped-${name}`;
    if (remappedNames.size < REMEMBERED) remappedNames.set(name, made);
  }
  return made;
}
