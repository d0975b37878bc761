// What the parser makes of a path, and the compiler turns into closures.

export type PathToken =
  | { readonly kind: "property"; readonly names: readonly string[] }
  | { readonly kind: "index"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: "filter"; readonly expression: FilterExpression }
  | { readonly kind: "function"; readonly name: string; readonly args: readonly FunctionArgument[] }
  | { readonly kind: "wildcard" }
  | { readonly kind: "scan" };

export interface PathTree {
  readonly root: "$" | "@";
  readonly tokens: readonly PathToken[];
}

export type FunctionArgument =
  { readonly kind: "json"; readonly text: string } | { readonly kind: "path"; readonly path: PathTree };

export type FilterExpression =
  | { readonly kind: "or" | "and"; readonly operands: readonly FilterExpression[] }
  | { readonly kind: "not"; readonly operand: FilterExpression }
  | { readonly kind: "exists"; readonly path: PathTree; readonly expected: boolean }
  | {
      readonly kind: "relation";
      readonly left: FilterOperand;
      readonly operator: RelationalOperator;
      readonly right: FilterOperand;
    };

export type FilterOperand =
  | { readonly kind: "path"; readonly path: PathTree; readonly negated: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number" | "json"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "pattern"; readonly matches: (text: string) => boolean };

/** Compiles a regular expression of Java's with Java's flag letters; what it gives matches whole texts. Throws when it cannot. */
export type CompileRegex = (pattern: string, flags: string) => (text: string) => boolean;

/** `all` is known to the grammar and never holds in a filter that is written out, as in Jayway's library. */
export const relationalOperators = [
  ">=",
  "<=",
  "==",
  "===",
  "!=",
  "!==",
  "<",
  ">",
  "=~",
  "NIN",
  "IN",
  "CONTAINS",
  "ALL",
  "SIZE",
  "EXISTS",
  "TYPE",
  "MATCHES",
  "EMPTY",
  "SUBSETOF",
  "ANYOF",
  "NONEOF",
] as const;

export type RelationalOperator = (typeof relationalOperators)[number];
