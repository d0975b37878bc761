// References, literals and operators: the grammar of Velocity 1.7, production by production.
import type { Token, TokenKind } from "./token.ts";
import type { TokenStream } from "./token-stream.ts";
import type { BinaryOperator, Expression, Reference, Step } from "./tree.ts";
import { TemplateSyntaxError } from "../errors.ts";

/** How deep parentheses, lists, maps, arguments and blocks may nest: the parser is recursive. */
export const MAX_NESTING = 100;

/** How many operators of one strength may follow each other: the tree leans to the left, and is compiled and run by recursion. */
export const MAX_OPERATORS = 500;

export interface ExpressionParser {
  reference(): Reference;
  /** What `#set` and `#if` take: operators and all. */
  expression(): Expression;
  /** An argument of a directive or a macro; a word is one too. */
  directiveArgument(): Expression;
  /** Whether a directive's argument begins at the next token. */
  startsArgument(): boolean;
  nested<T>(parse: () => T): T;
}

const literalKinds: readonly TokenKind[] = [
  "STRING_LITERAL",
  "INTEGER_LITERAL",
  "FLOATING_POINT_LITERAL",
  "LBRACKET",
  "LEFT_CURLEY",
  "TRUE",
  "FALSE",
  "IDENTIFIER",
  "LCURLY",
];
const parameterKinds: ReadonlySet<TokenKind> = new Set(literalKinds);
const argumentKinds: ReadonlySet<TokenKind> = new Set([...literalKinds, "WORD"]);
const firstInCall: ReadonlySet<TokenKind> = new Set([...literalKinds, "WHITESPACE", "REFMOD2_RPAREN"]);

type Operators = Partial<Record<TokenKind, BinaryOperator>>;

/** From the weakest to the strongest. */
const levels: readonly Operators[] = [
  { LOGICAL_OR: "or" },
  { LOGICAL_AND: "and" },
  { LOGICAL_EQUALS: "==", LOGICAL_NOT_EQUALS: "!=" },
  { LOGICAL_LT: "<", LOGICAL_GT: ">", LOGICAL_LE: "<=", LOGICAL_GE: ">=" },
  { PLUS: "+", MINUS: "-" },
  { MULTIPLY: "*", DIVIDE: "/", MODULUS: "%" },
];

export function createExpressionParser(stream: TokenStream): ExpressionParser {
  const { kind, take, skip, position, spanFrom } = stream;
  const rangesSeen = new Map<number, boolean>();
  let depth = 0;

  function nested<T>(parse: () => T): T {
    depth += 1;
    if (depth > MAX_NESTING) {
      throw stream.lexer.error(`Nested more than ${MAX_NESTING} levels deep`, stream.peek().offset);
    }
    const result = parse();
    depth -= 1;
    return result;
  }

  function call(): Step {
    const token = take("IDENTIFIER");
    take("LPAREN");
    const args: Expression[] = [];
    if (kind(1) !== "REFMOD2_RPAREN") {
      do args.push(parameter());
      while (skip("COMMA"));
    }
    take("REFMOD2_RPAREN");
    return { kind: "method", name: token.image, args, token };
  }

  function indexes(steps: Step[]): void {
    while (kind(1) === "INDEX_LBRACKET") {
      const token = take("INDEX_LBRACKET");
      skip("WHITESPACE");
      if (!["STRING_LITERAL", "INTEGER_LITERAL", "TRUE", "FALSE", "IDENTIFIER", "LCURLY"].includes(kind(1))) {
        throw stream.unexpected();
      }
      const index = nested(primary);
      skip("WHITESPACE");
      take("INDEX_RBRACKET");
      steps.push({ kind: "index", index, token });
    }
  }

  function steps(): Step[] {
    const found: Step[] = [];
    indexes(found);
    while (kind(1) === "DOT" && kind(2) === "IDENTIFIER") {
      take("DOT");
      if (kind(2) === "LPAREN" && firstInCall.has(kind(3))) found.push(nested(call));
      else found.push({ kind: "property", name: take("IDENTIFIER").image });
      indexes(found);
    }
    return found;
  }

  function alternate(): Expression | undefined {
    if (!skip("PIPE")) return undefined;
    const value = nested(expression);
    // The expression was read in the state of a directive, where the curly bracket does not end the reference.
    take("RIGHT_CURLEY", "RCURLY");
    stream.lexer.leave();
    return value;
  }

  function reference(): Reference {
    const first = position();
    const token = take("IDENTIFIER", "LCURLY");
    const formal: Token | undefined = token.kind === "LCURLY" ? take("IDENTIFIER") : undefined;
    const found = steps();
    let otherwise: Expression | undefined;
    if (formal !== undefined) {
      otherwise = alternate();
      if (otherwise === undefined) take("RCURLY");
    }
    return { kind: "reference", span: spanFrom(first), token, formal, steps: found, alternate: otherwise };
  }

  /** Whether a range begins here. Velocity looks as far as its two dots; what was found is kept, so that it looks once. */
  function rangeAhead(): boolean {
    const start = position();
    const known = rangesSeen.get(start);
    if (known !== undefined) return known;
    let found = false;
    const depthBefore = depth;
    try {
      take("LBRACKET");
      bound();
      found = kind(1) === "DOUBLEDOT";
    } catch (error) {
      // Read as a list, it shows the same error in its place.
      if (!(error instanceof TemplateSyntaxError)) throw error;
    }
    depth = depthBefore;
    stream.rewind(start);
    rangesSeen.set(start, found);
    return found;
  }

  function bound(): Expression {
    skip("WHITESPACE");
    if (!["INTEGER_LITERAL", "IDENTIFIER", "LCURLY"].includes(kind(1))) throw stream.unexpected();
    const value = nested(primary);
    skip("WHITESPACE");
    return value;
  }

  function range(): Expression {
    const first = position();
    take("LBRACKET");
    const from = bound();
    take("DOUBLEDOT");
    const to = bound();
    take("RBRACKET");
    return { kind: "range", span: spanFrom(first), from, to };
  }

  function list(): Expression {
    const first = position();
    take("LBRACKET");
    const items: Expression[] = [];
    if (kind(1) !== "RBRACKET") {
      do items.push(parameter());
      while (skip("COMMA"));
    }
    take("RBRACKET");
    return { kind: "list", span: spanFrom(first), items };
  }

  function map(): Expression {
    const first = position();
    take("LEFT_CURLEY");
    const entries: [Expression, Expression][] = [];
    const ahead = kind(1) === "WHITESPACE" ? kind(2) : kind(1);
    if (ahead === "RIGHT_CURLEY" || ahead === "RCURLY") skip("WHITESPACE");
    else {
      do {
        const key = parameter();
        take("COLON");
        entries.push([key, parameter()]);
      } while (skip("COMMA"));
    }
    take("RIGHT_CURLEY", "RCURLY");
    return { kind: "map", span: spanFrom(first), entries };
  }

  function primary(): Expression {
    const first = position();
    switch (kind(1)) {
      case "STRING_LITERAL": {
        const token = take("STRING_LITERAL");
        return { kind: "string", span: spanFrom(first), token };
      }
      case "INTEGER_LITERAL":
        return { kind: "integer", text: take("INTEGER_LITERAL").image, span: spanFrom(first) };
      case "FLOATING_POINT_LITERAL":
        return { kind: "float", text: take("FLOATING_POINT_LITERAL").image, span: spanFrom(first) };
      case "TRUE":
      case "FALSE":
        return { kind: "boolean", value: take("TRUE", "FALSE").kind === "TRUE", span: spanFrom(first) };
      case "LBRACKET":
        return rangeAhead() ? range() : list();
      case "LEFT_CURLEY":
        return map();
      case "IDENTIFIER":
      case "LCURLY":
        return reference();
      default:
        throw stream.unexpected();
    }
  }

  function parameter(): Expression {
    skip("WHITESPACE");
    if (!parameterKinds.has(kind(1))) throw stream.unexpected();
    const value = nested(primary);
    skip("WHITESPACE");
    return value;
  }

  function directiveArgument(): Expression {
    if (kind(1) !== "WORD") return nested(primary);
    const first = position();
    return { kind: "word", name: take("WORD").image, span: spanFrom(first) };
  }

  function operand(): Expression {
    skip("WHITESPACE");
    let value: Expression;
    if (skip("LPAREN")) {
      value = nested(expression);
      take("RPAREN");
    } else value = nested(primary);
    skip("WHITESPACE");
    return value;
  }

  function unary(): Expression {
    const negated = kind(1) === "LOGICAL_NOT" || (kind(1) === "WHITESPACE" && kind(2) === "LOGICAL_NOT");
    if (!negated) return operand();
    skip("WHITESPACE");
    const first = position();
    take("LOGICAL_NOT");
    return { kind: "not", operand: nested(unary), span: spanFrom(first) };
  }

  function binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return unary();
    const first = position();
    let left = binary(level + 1);
    let count = 0;
    for (let operator = operators[kind(1)]; operator !== undefined; operator = operators[kind(1)]) {
      if (++count > MAX_OPERATORS) throw stream.lexer.error(`More than ${MAX_OPERATORS} operators in a row`, stream.peek().offset);
      take(kind(1));
      const right = binary(level + 1);
      left = { kind: "binary", operator, left, right, span: spanFrom(first) };
    }
    return left;
  }

  function expression(): Expression {
    return binary(0);
  }

  return { reference, expression, directiveArgument, nested, startsArgument: () => argumentKinds.has(kind(1)) };
}
