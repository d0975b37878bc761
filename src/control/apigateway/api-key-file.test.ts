// The rows are those of https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html, and their limits.
import { expect, test } from "vitest";
import { ServiceError } from "../../domain/errors.ts";
import { readApiKeyFile } from "./api-key-file.ts";

const KEY = "apikey1234abcdefghij0123456789";
const FIRST = { row: 2, name: "MyFirstApiKey", value: KEY, description: "", enabled: true, usagePlanIds: [] };

const read = (text: string) => readApiKeyFile(Buffer.from(text));

test.each([
  ["the columns in any order and case", `Key,name\n${KEY},MyFirstApiKey\n`, [FIRST]],
  ["all columns", `Name,key,description,Enabled,usageplanIds\nMyFirstApiKey,${KEY},An imported key,TRUE,c7y23b`, [{ ...FIRST, description: "An imported key", usagePlanIds: ["c7y23b"] }]],
  ["several plans in double quotes", `Enabled,Name,key,UsageplanIds\ntrue,MyFirstApiKey,${KEY},"c7y23b,glvrsr"`, [{ ...FIRST, usagePlanIds: ["c7y23b", "glvrsr"] }]],
  ["several plans in single quotes", `Enabled,Name,key,UsageplanIds\ntrue,MyFirstApiKey,${KEY},'c7y23b, glvrsr'`, [{ ...FIRST, usagePlanIds: ["c7y23b", "glvrsr"] }]],
  ["a plan once", `Name,key,UsageplanIds\nMyFirstApiKey,${KEY},"a,a,,"`, [{ ...FIRST, usagePlanIds: ["a"] }]],
  ["columns it does not know, ignored", `Colour,Name,Key\nred,MyFirstApiKey,${KEY}`, [FIRST]],
  ["defaults for empty fields", `Name,Key,Description,Enabled,UsagePlanIds\nMyFirstApiKey,${KEY},,,`, [FIRST]],
  ["defaults for missing fields", `Name,Key,Description,Enabled,UsagePlanIds\nMyFirstApiKey,${KEY}`, [FIRST]],
  ["keys that are not enabled", `Name,Key,Enabled\nMyFirstApiKey,${KEY},False`, [{ ...FIRST, enabled: false }]],
  ["an empty name", `Name,Key\n,${KEY}`, [{ ...FIRST, name: "" }]],
  ["quotes, commas and lines in quotes", `Name,Key,Description\r\n"My ""First""\nApiKey","${KEY}" ,'it''s, so'\r\n`, [{ ...FIRST, name: 'My "First"\nApiKey', description: "it's, so" }]],
  ["a quote inside a field", `Name,Key\nO'Brien,${KEY}`, [{ ...FIRST, name: "O'Brien" }]],
  ["a byte order mark, lines that end with CR, and empty lines", `\uFEFFName,Key\r\rMyFirstApiKey,${KEY}\r\r`, [FIRST]],
  ["spaces around fields", ` Name , Key \n MyFirstApiKey , ${KEY} `, [FIRST]],
  ["no rows", "Name,Key", []],
  ["keys of 30 and of 128 characters", `Name,Key\na,${"x".repeat(30)}\nb,${"y".repeat(128)}`, [{ ...FIRST, name: "a", value: "x".repeat(30) }, { ...FIRST, row: 3, name: "b", value: "y".repeat(128) }]],
  ["a name of 1024 characters", `Name,Key\n${"n".repeat(1024)},${KEY}`, [{ ...FIRST, name: "n".repeat(1024) }]],
])("reads %s", (_what, text, rows) => {
  expect(read(text)).toEqual({ rows, warnings: [] });
});

test.each([
  ["a key of 29 characters", `a,${"x".repeat(29)},`, "the Key has 29 characters and must have between 30 and 128"],
  ["a key of 129 characters", `a,${"x".repeat(129)},`, "the Key has 129 characters and must have between 30 and 128"],
  ["no key", "a", "the Key has 0 characters and must have between 30 and 128"],
  ["a name of 1025 characters", `${"n".repeat(1025)},${KEY},`, "the Name has more than 1024 characters"],
  ["Enabled neither true nor false", `a,${KEY},yes`, "Enabled must be true or false"],
])("leaves %s out, with a warning", (_what, row, reason) => {
  expect(read(`Name,Key,Enabled\nMyFirstApiKey,${KEY},\n${row}`)).toEqual({ rows: [FIRST], warnings: [{ row: 3, reason }] });
});

test.each([
  ["nothing", "", "Missing required column 'Key'"],
  ["neither column (github.com/boto/boto3/issues/1280)", "/tmp/apikey.csv", "Missing required column 'Key'"],
  ["no Key", "Name\na", "Missing required column 'Key'"],
  ["no Name", `Key\n${KEY}`, "Missing required column 'Name'"],
  ["a quote that does not end", `Name,Key\n"a,${KEY}`, "Row 2: a quoted field does not end, or is followed by something else than a comma"],
  ["text behind a quote", `Name,Key\n"a"b,${KEY}`, "Row 2: a quoted field does not end, or is followed by something else than a comma"],
])("refuses %s", (_what, text, message) => {
  expect(() => read(text)).toThrow(new ServiceError("BadRequestException", message));
});

test("refuses what is not in UTF-8", () => {
  expect(() => readApiKeyFile(Buffer.from([0xff, 0xfe, 0x41]))).toThrow(new ServiceError("BadRequestException", "The file of API keys is not in UTF-8"));
});

test("reads as many rows as an account may have keys, and no more rows or columns", () => {
  const rows = (count: number) => `Name,Key\n${`a,${KEY}\n`.repeat(count)}`;
  expect(read(rows(10_000)).rows).toHaveLength(10_000);
  expect(() => read(rows(10_001))).toThrow(new ServiceError("BadRequestException", "A file of API keys has at most 10000 rows"));
  expect(read(`Name,Key${",".repeat(98)}\na,${KEY}`).rows).toHaveLength(1);
  expect(() => read(`Name,Key${",x".repeat(99)}\na,${KEY}`)).toThrow(new ServiceError("BadRequestException", "Row 1: there are more than 100 columns"));
});

test.each([
  ["a long field", `"${"a".repeat(5_000_000)}",${KEY}`, { rows: [], warnings: [{ row: 2, reason: "the Name has more than 1024 characters" }] }],
  ["many quotes", `"${'""'.repeat(500_000)}",${KEY}`, { rows: [], warnings: [{ row: 2, reason: "the Name has more than 1024 characters" }] }],
  ["many spaces", " ".repeat(5_000_000), { rows: [], warnings: [] }],
])("reads %s in linear time", (_what, row, expected) => expect(read(`Name,Key\n${row}`)).toEqual(expected));

test.each([
  ["a long field", `"${"a".repeat(5_000_000)}`],
  ["many quotes", '"'.repeat(1_000_001)],
])("refuses %s that does not end in linear time", (_what, row) => expect(() => read(`Name,Key\n${row}`)).toThrow("Row 2: a quoted field does not end"));
