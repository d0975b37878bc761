// Files of API keys, in comma-separated values
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html).
import { MAX_API_KEY_NAME } from "../../domain/api-key.ts";
import { badRequest } from "../../domain/errors.ts";

export interface ApiKeyRow {
  /** Where it stands in the file, the header being line 1 and each row one more. */
  readonly row: number;
  readonly name: string;
  readonly value: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly usagePlanIds: readonly string[];
}

/** Why a row, or part of it, was left out. */
export interface RowWarning {
  readonly row: number;
  readonly reason: string;
}

export interface ApiKeyFile {
  readonly rows: readonly ApiKeyRow[];
  readonly warnings: readonly RowWarning[];
}

/** Characters of a value: more than CreateApiKey asks for. */
const VALUE = { min: 30, max: 128 };

/** As many as an account may have keys; AWS names no limit for either. */
const MOST_ROWS = 10_000;
const MOST_COLUMNS = 100;

/** In the order in which they are missed. */
const REQUIRED = ["Key", "Name"] as const;

type Column = "key" | "name" | "description" | "enabled" | "usageplanids";

/**
 * The keys of a file. Columns may come in any order and case, and others than these are ignored.
 * @throws {ServiceError} BadRequestException when it is no such file (github.com/boto/boto3/issues/1280 quotes one reason)
 */
export function readApiKeyFile(bytes: Uint8Array): ApiKeyFile {
  const [header = [], ...records] = parseCsv(decode(bytes));
  const columns = header.map((name) => name.toLowerCase());
  for (const name of REQUIRED) if (!columns.includes(name.toLowerCase())) throw badRequest(`Missing required column '${name}'`);
  const rows: ApiKeyRow[] = [];
  const warnings: RowWarning[] = [];
  for (const [i, record] of records.entries()) {
    const field = (column: Column): string => record[columns.indexOf(column)] ?? "";
    const row = i + 2;
    const reason = reasonAgainst(field);
    if (reason === undefined) rows.push(rowOf(row, field));
    else warnings.push({ row, reason });
  }
  return { rows, warnings };
}

function reasonAgainst(field: (column: Column) => string): string | undefined {
  const { length } = field("key");
  if (length < VALUE.min || length > VALUE.max) return `the Key has ${length} characters and must have between ${VALUE.min} and ${VALUE.max}`;
  if (field("name").length > MAX_API_KEY_NAME) return `the Name has more than ${MAX_API_KEY_NAME} characters`;
  if (!/^(?:true|false)?$/i.test(field("enabled"))) return `Enabled must be true or false`;
  return undefined;
}

const rowOf = (row: number, field: (column: Column) => string): ApiKeyRow => ({
  row,
  name: field("name"),
  value: field("key"),
  description: field("description"),
  enabled: field("enabled").toLowerCase() !== "false",
  usagePlanIds: [...new Set(field("usageplanids").split(",").flatMap((id) => id.trim() || []))],
});

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    // The only failure of a fatal decoder.
    if (error instanceof TypeError) throw badRequest("The file of API keys is not in UTF-8");
    throw error;
  }
}

/** The records of a text, each a list of fields without their quotes; empty lines are none. @throws {ServiceError} BadRequestException */
function parseCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length; ) {
    const row = records.length + 1;
    const { value, isQuoted, end } = fieldAt(text, at, row);
    record.push(value);
    if (record.length > MOST_COLUMNS) throw badRequest(`Row ${row}: there are more than ${MOST_COLUMNS} columns`);
    at = end + 1;
    const isLast = at >= text.length;
    if (text[end] === "," && !isLast) continue;
    if (record.length > 1 || isQuoted || value !== "") records.push(record);
    if (records.length > MOST_ROWS + 1) throw badRequest(`A file of API keys has at most ${MOST_ROWS} rows`);
    record = [];
  }
  return records;
}

interface Field {
  readonly value: string;
  readonly isQuoted: boolean;
  /** Where its comma or the end of its line is. */
  readonly end: number;
}

/** The field that begins at a place: in double or single quotes, in which two of them stand for one, or without quotes. */
function fieldAt(text: string, at: number, row: number): Field {
  const start = skipSpaces(text, at);
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    const end = nextSeparator(text, start);
    return { value: text.slice(start, end).trimEnd(), isQuoted: false, end };
  }
  let last = text.indexOf(quote, start + 1);
  while (last >= 0 && text[last + 1] === quote) last = text.indexOf(quote, last + 2);
  const end = skipSpaces(text, last + 1);
  if (last < 0 || nextSeparator(text, end) !== end) {
    throw badRequest(`Row ${row}: a quoted field does not end, or is followed by something else than a comma`);
  }
  return { value: text.slice(start + 1, last).replaceAll(quote + quote, quote), isQuoted: true, end };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}

function nextSeparator(text: string, from: number): number {
  const separator = /[,\r\n]/g;
  separator.lastIndex = from;
  return separator.exec(text)?.index ?? text.length;
}
