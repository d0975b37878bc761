// Formats of access logs, each compiled to a function that makes a line
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html). What kinds of APIs have in common is
// here: the language, and the variables of integrations.

/** A variable's value; undefined where there is none. */
export type Variable<Facts> = (facts: Facts) => string | undefined;

/** What the backend made of a request, of an API of any kind. */
export interface IntegrationFacts {
  /** Undefined where nothing outside was asked: MOCK. */
  readonly latencyMs: number | undefined;
  /** What the backend, or the service that runs it, has answered. */
  readonly integrationStatus: number | undefined;
  /** The same, but for a proxied function that of its own answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly error: string | undefined;
}

type IntegrationVariable = Variable<{ readonly integration: IntegrationFacts | undefined }>;

/** Times are logged in whole milliseconds. */
export const wholeMs = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : String(Math.round(ms)));

const error: IntegrationVariable = ({ integration }) => integration?.error;
const latency: IntegrationVariable = ({ integration }) => wholeMs(integration?.latencyMs);
const requestId: IntegrationVariable = ({ integration }) => integration?.requestId;
const integrationStatus: IntegrationVariable = ({ integration }) => integration?.integrationStatus?.toString();
const status: IntegrationVariable = ({ integration }) => integration?.status?.toString();

/** By their names without `$context.`. */
export const INTEGRATION_VARIABLES = {
  awsEndpointRequestId: requestId,
  "integration.error": error,
  "integration.integrationStatus": integrationStatus,
  "integration.latency": latency,
  "integration.requestId": requestId,
  "integration.status": status,
  integrationErrorMessage: error,
  integrationLatency: latency,
  integrationStatus,
} as const;

/** `$context.a.b`; names below `authorizer` are those of claims too (`cognito:username`, `['custom:x']`), overridden ones those of headers. */
const REFERENCE = /\$context\.(authorizer\.claims\['[^']*'\]|authorizer(?:\.[\w:-]*\w)+|re(?:quest|sponse)Override(?:\.[\w-]*\w)+|\w+(?:\.\w+)*)/g;

/** What AWS prints for what has no value, and for variables that it does not know. */
const NOTHING = "-";

/** Brings its own quotes. */
const QUOTED = "error.messageString";

type Piece<Facts> = string | Variable<Facts>;

/**
 * A format as a function. A newline at its end is that of the line. Values are escaped as in JSON strings, whatever the
 * format (github.com/DataBiosphere/azul/issues/4348 shows User-Agent headers with quotes in lines of JSON).
 * @param variableOf reads a variable by its name without `$context.`; undefined when AWS has no such variable
 */
export function compileLogFormat<Facts>(format: string, variableOf: (name: string) => Variable<Facts> | undefined): (facts: Facts) => string {
  const text = format.replace(/\n$/, "");
  const pieces: Piece<Facts>[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const name = match[1] as string;
    const read = variableOf(name);
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push(read === undefined ? NOTHING : name === QUOTED ? quoted(read) : escaped(read));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return (facts) => {
    let line = "";
    for (const piece of pieces) line += typeof piece === "string" ? piece : piece(facts);
    return line;
  };
}

const quoted =
  <Facts>(read: Variable<Facts>): Variable<Facts> =>
  (facts) =>
    read(facts) ?? NOTHING;

/** What a JSON string cannot hold as it is, and the line ends that some readers see besides. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /["\\\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const LINE_ENDS = /[\u007f\u0085\u2028\u2029]/g;

function escaped<Facts>(read: Variable<Facts>): Variable<Facts> {
  return (facts) => {
    const value = read(facts);
    if (value === undefined || value === "") return NOTHING;
    return UNSAFE.test(value) ? escape(value) : value;
  };
}

const escape = (value: string): string =>
  JSON.stringify(value)
    .slice(1, -1)
    .replace(LINE_ENDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
