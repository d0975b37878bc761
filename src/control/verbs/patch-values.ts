// The values of patch operations are strings, whatever they stand for.
import { badRequest, repeatable, type ServiceError } from "../../domain/errors.ts";
import type { Operand } from "./patch.ts";

function invalid({ path, value }: Operand, expected: string): ServiceError {
  return badRequest(`Invalid patch value '${repeatable(value ?? "")}' specified for path '${repeatable(path)}'. Must be ${expected}`);
}

/** Any text, the empty one included. */
export const text = ({ value }: Operand): string => value ?? "";

/** Text; none and the empty one take the member away. */
export const optionalText = ({ value }: Operand): string | undefined => (value === "" ? undefined : value);

/** Text that is not empty. */
export function someText(operand: Operand): string {
  if (operand.value === undefined || operand.value === "") throw invalid(operand, "non-empty");
  return operand.value;
}

/** `true` or `false`, in any case (the guide's examples write `True`). */
export function boolean(operand: Operand): boolean {
  const value = operand.value?.toLowerCase();
  if (value !== "true" && value !== "false") throw invalid(operand, "true or false");
  return value === "true";
}

/** A whole number between two, both included. */
export const integer =
  (min: number, max: number) =>
  (operand: Operand): number => {
    const value = /^-?\d{1,15}$/.test(operand.value ?? "") ? Number(operand.value) : NaN;
    if (!(value >= min && value <= max)) throw invalid(operand, `an integer between ${min} and ${max}`);
    return value;
  };

/** A number between two, both included. */
export const number =
  (min: number, max: number) =>
  (operand: Operand): number => {
    const value = /^-?\d+(?:\.\d+)?$/.test(operand.value ?? "") ? Number(operand.value) : NaN;
    if (!(value >= min && value <= max)) throw invalid(operand, `a number between ${min} and ${max}`);
    return value;
  };

/** One of some words. */
export const oneOf =
  <const Word extends string>(...words: readonly Word[]) =>
  (operand: Operand): Word => {
    const word = words.find((each) => each === operand.value);
    if (word === undefined) throw invalid(operand, `one of: [${words.join(", ")}]`);
    return word;
  };

/** Nothing (none or the empty text), or what the parser makes of it. */
export const optional =
  <Value>(parse: (operand: Operand) => Value) =>
  (operand: Operand): Value | undefined =>
    operand.value === undefined || operand.value === "" ? undefined : parse(operand);

/** A JSON object of strings. */
export function stringMap(operand: Operand): Readonly<Record<string, string>> {
  const parsed = parseJson(operand.value ?? "");
  const map = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : undefined;
  if (map === undefined || !Object.values(map).every((each) => typeof each === "string")) throw invalid(operand, "a JSON object of strings");
  return map as Record<string, string>;
}

/** What a JSON text says; undefined when it is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    // The text comes from a client, and the caller says what should have been there.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
