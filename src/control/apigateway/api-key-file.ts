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

// A field in double or single quotes, in which two of them stand for one, or without quotes; then what ends it.
const FIELD = /[^\S\r\n]*(?:"((?:[^"]|"")*)"[^\S\r\n]*|'((?:[^']|'')*)'[^\S\r\n]*|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;

/** The records of a text, each a list of fields without their quotes; empty lines are none. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length || record.length > 0) {
    FIELD.lastIndex = at;
    const [all = "", double, single, plain = "", end] = FIELD.exec(text) ?? [];
    const isQuoted = double !== undefined || single !== undefined;
    if (end === undefined || (!isQuoted && /^["']/.test(plain.trim()))) {
      throw badRequest(`Row ${records.length + 1}: a quoted field does not end, or is followed by something else than a comma`);
    }
    record.push(double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? plain.trim());
    at += all.length;
    if (end === ",") continue;
    if (record.length > 1 || isQuoted || record[0] !== "") records.push(record);
    record = [];
  }
  return records;
}
