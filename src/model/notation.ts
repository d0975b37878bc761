// The compact notation that the generated tables are written in: a line for every operation and structure. Written out
// as object literals they would take ten times as long to load.
import type { Member, MemberLocation, Operation, Shape } from "./table.ts";

/** Reads lines of `Name METHOD /uri status Input Output`. */
export function readOperations(text: string): Record<string, Operation> {
  const operations: Record<string, Operation> = {};
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [name, method, uri, status, input, output] = line.split(" ") as [string, string, string, string, string, string];
    operations[name] = { name, method, uri, status: Number(status), input, output };
  }
  return operations;
}

/**
 * Reads lines of `Name: member shape; member! shape uri; member shape query wireName`. An exclamation mark makes a
 * member required; the location is `body` and the wire name the member's own unless they are written.
 * `Name 404: ...` is an error of that status (`Name 404 Code: ...` where awsQuery calls it something else), `Name union: ...`
 * a union and `Name events: ...` an event stream.
 */
export function readStructures(text: string): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const [name, kind, code] = line.slice(0, colon).split(" ") as [string, string?, string?];
    shapes[name] = structure(kind, code, readMembers(line.slice(colon + 2)));
  }
  return shapes;
}

function structure(kind: string | undefined, code: string | undefined, members: Record<string, Member>): Shape {
  if (kind === undefined) return { type: "structure", members };
  if (kind === "union") return { type: "union", members };
  if (kind === "events") return { type: "union", members, eventStream: true };
  return { type: "structure", members, error: { status: Number(kind), ...(code !== undefined && { code }) } };
}

function readMembers(text: string): Record<string, Member> {
  const members: Record<string, Member> = {};
  if (text === "") return members;
  for (const part of text.split("; ")) {
    const [marked, shape, location = "body", wire] = part.split(" ") as [string, string, MemberLocation?, string?];
    const required = marked.endsWith("!");
    const name = required ? marked.slice(0, -1) : marked;
    members[name] = required
      ? { shape, wireName: wire ?? name, in: location, required }
      : { shape, wireName: wire ?? name, in: location };
  }
  return members;
}
