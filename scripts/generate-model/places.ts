// The overlay of constraints by place, and the names of the shapes that they make.
import type { Shape } from "../../src/model/table.ts";
import type { Constraint, ServiceConstraints } from "./constraints.ts";

export type NumberKind = "integer" | "long" | "float" | "double";

export interface Places {
  readonly numbers: ReadonlyMap<string, NumberKind>;
  readonly sparse: ReadonlySet<string>;
  constraint(place: string): Constraint | undefined;
  /** @throws {Error} when the overlay names a place that the schemas do not have */
  assertAllUsed(service: string): void;
}

/** Indexes an overlay by place. */
export function readPlaces(overlay: ServiceConstraints): Places {
  const numbers = new Map<string, NumberKind>();
  for (const [kind, list] of Object.entries(overlay.numbers)) {
    for (const place of list) numbers.set(place, kind as NumberKind);
  }
  const constraints = new Map<string, Constraint>();
  for (const { is, of } of overlay.constraints) for (const place of of) constraints.set(place, is);
  const unused = new Set(constraints.keys());
  return {
    numbers,
    sparse: new Set(overlay.sparse),
    constraint(place) {
      unused.delete(place);
      return constraints.get(place);
    },
    assertAllUsed(service) {
      if (unused.size > 0) throw new Error(`${service}: constraints for places that do not exist: ${[...unused].join(", ")}`);
    },
  };
}

/** A simple shape's name without its constraint. */
export function simpleName(shape: Shape): string {
  if (shape.type === "timestamp") return `timestamp:${shape.format}`;
  if (shape.type === "string" && shape.sensitive) return "string:sensitive";
  return shape.type === "blob" && shape.streaming ? "blob:streaming" : shape.type;
}

/** What tells a constrained shape's name from the plain one's: `(1..64)`, `(1..64,#3)` with the third pattern. */
export function createSuffixes(): (constraint: Constraint | undefined) => string {
  const patternNumbers = new Map<string, number>();
  return (constraint) => {
    if (constraint === undefined) return "";
    const { min, max, pattern } = constraint;
    const parts = min === undefined && max === undefined ? [] : [`${min ?? ""}..${max ?? ""}`];
    if (pattern !== undefined) {
      if (!patternNumbers.has(pattern)) patternNumbers.set(pattern, patternNumbers.size + 1);
      parts.push(`#${String(patternNumbers.get(pattern))}`);
    }
    return parts.length === 0 ? "" : `(${parts.join(",")})`;
  };
}
