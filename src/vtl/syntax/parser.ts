// Statements: text, references, directives, comments and escapes, as the grammar of Velocity 1.7 has them.
import { TemplateSyntaxError } from "../errors.ts";
import { createExpressionParser } from "./expressions.ts";
import type { Origin } from "./lexer.ts";
import { createLexer } from "./lexer.ts";
import type { TokenKind } from "./token.ts";
import { createTokenStream } from "./token-stream.ts";
import type { Block, Branch, Expression, Statement } from "./tree.ts";

const textKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "TEXT",
  "DOT",
  "RPAREN",
  "LPAREN",
  "INTEGER_LITERAL",
  "FLOATING_POINT_LITERAL",
  "STRING_LITERAL",
  "ESCAPE",
  "LCURLY",
  "RCURLY",
  "EMPTY_INDEX",
]);

const blockDirectives: ReadonlySet<string> = new Set(["foreach", "macro", "literal", "define"]);
const lineDirectives: ReadonlySet<string> = new Set(["evaluate", "break", "stop"]);
const resourceDirectives: ReadonlySet<string> = new Set(["parse", "include"]);
const grammarDirectives: ReadonlySet<string> = new Set(["if", "end", "set", "else", "elseif"]);

const isDirective = (name: string): boolean =>
  blockDirectives.has(name) || lineDirectives.has(name) || resourceDirectives.has(name);

/** What the text that is parsed stands in. */
export interface ParseScope {
  /** Macros known before it: a backslash before one of their names is an escape. */
  readonly isMacro: (name: string) => boolean;
  readonly origin?: Origin;
}

export interface Parsed {
  readonly statements: readonly Statement[];
  locate(offset: number): Origin;
}

/**
 * Reads a template.
 * @throws TemplateSyntaxError
 */
export function parse(source: string, scope: ParseScope): Parsed {
  const stream = createTokenStream(createLexer(source, scope.origin));
  const { kind, take, skip, position, spanFrom, lexer } = stream;
  const { reference, expression, directiveArgument, startsArgument, nested } = createExpressionParser(stream);
  const ownMacros = new Set<string>();

  const isKnown = (name: string): boolean => isDirective(name) || ownMacros.has(name) || scope.isMacro(name);

  function statement(): Statement | undefined {
    const next = kind(1);
    switch (next) {
      case "IF_DIRECTIVE":
        return ifStatement();
      case "IDENTIFIER":
        return reference();
      case "SET_DIRECTIVE":
        return setStatement();
      case "SINGLE_LINE_COMMENT_START": {
        const text = beforeComment(take("SINGLE_LINE_COMMENT_START").image);
        skip("SINGLE_LINE_COMMENT");
        return { kind: "constant", text };
      }
      case "MULTI_LINE_COMMENT":
      case "FORMAL_COMMENT":
        return { kind: "constant", text: beforeComment(take(next).image) };
      case "TEXTBLOCK":
        return { kind: "constant", text: take("TEXTBLOCK").image.slice(3, -3) };
      case "ESCAPE_DIRECTIVE":
        return { kind: "constant", text: escapedDirective(take("ESCAPE_DIRECTIVE").image) };
      case "DOUBLE_ESCAPE":
        return { kind: "constant", text: escapes() };
      case "WORD":
      case "BRACKETED_WORD":
        return directive();
      default:
        if (next === "LCURLY" && kind(2) === "IDENTIFIER") return reference();
        return textKinds.has(next) ? { kind: "text", token: take(next) } : undefined;
    }
  }

  function statements(): readonly Statement[] {
    const found: Statement[] = [];
    for (let next = statement(); next !== undefined; next = statement()) found.push(next);
    return found;
  }

  function block(): Block {
    const first = position();
    const found = nested(statements);
    return { statements: found, span: spanFrom(first) };
  }

  /** What the lexer took along before a comment began, as in `$##`. */
  function beforeComment(image: string): string {
    const line = image.indexOf("##");
    const start = line === -1 ? image.indexOf("#*") : line;
    return start === -1 ? "" : image.slice(0, start);
  }

  function escapedDirective(image: string): string {
    const last = image.lastIndexOf("\\");
    const name = image.slice(last + 1);
    const tag = name.startsWith("#{") ? name.slice(2, -1) : name.slice(1);
    if (!isKnown(tag) && !grammarDirectives.has(tag)) return image;
    return image.slice(0, Math.trunc(last / 2)) + name;
  }

  function escapes(): string {
    let count = 0;
    while (skip("DOUBLE_ESCAPE")) count += 1;
    const next = stream.peek();
    const control =
      ["IF_DIRECTIVE", "ELSE_DIRECTIVE", "ELSEIF_DIRECTIVE", "END"].includes(next.kind) || isKnown(next.image.slice(1));
    return (control ? "\\" : "\\\\").repeat(count);
  }

  function condition(): Expression {
    skip("WHITESPACE");
    take("LPAREN");
    const value = expression();
    take("RPAREN");
    return value;
  }

  function branch(opening: TokenKind): Branch {
    take(opening);
    const tested = opening === "ELSE_DIRECTIVE" ? undefined : condition();
    return { condition: tested, body: nested(statements) };
  }

  function ifStatement(): Statement {
    const branches = [branch("IF_DIRECTIVE")];
    while (kind(1) === "ELSEIF_DIRECTIVE") branches.push(branch("ELSEIF_DIRECTIVE"));
    if (kind(1) === "ELSE_DIRECTIVE") branches.push(branch("ELSE_DIRECTIVE"));
    take("END");
    return { kind: "if", branches };
  }

  function setStatement(): Statement {
    take("SET_DIRECTIVE");
    skip("WHITESPACE");
    const target = reference();
    skip("WHITESPACE");
    take("EQUALS");
    const value = expression();
    take("RPAREN");
    lexer.leaveSet();
    return { kind: "set", target, value };
  }

  function checkWord(name: string, at: number, word: string, offset: number): void {
    const allowed = (name === "macro" && at === 0) || (name === "foreach" && at === 1);
    if (!allowed && (isDirective(name) || scope.isMacro(name))) {
      throw lexer.error(`Invalid argument ${JSON.stringify(word)} of #${name}`, offset);
    }
  }

  function directiveArguments(name: string): Expression[] {
    const args: Expression[] = [];
    skip("WHITESPACE");
    take("LPAREN");
    for (;;) {
      const start = position();
      skip("WHITESPACE");
      if (skip("COMMA")) skip("WHITESPACE");
      if (!startsArgument()) {
        stream.rewind(start);
        break;
      }
      const { offset } = stream.peek();
      const argument = directiveArgument();
      if (argument.kind === "word") checkWord(name, args.length, argument.name, offset);
      else if (name === "macro" && args.length === 0) throw lexer.error("The name of a #macro is a plain word", offset);
      args.push(argument);
    }
    skip("WHITESPACE");
    take("RPAREN");
    return args;
  }

  function directive(): Statement {
    const first = position();
    const token = take("WORD", "BRACKETED_WORD");
    const name = token.kind === "BRACKETED_WORD" ? token.image.slice(2, -1) : token.image.slice(1);
    if (resourceDirectives.has(name)) {
      throw lexer.error(`#${name} is not supported: a template loads no other`, token.offset);
    }
    lexer.enterDirective();
    if (!lexer.atParenthesis()) {
      if (name === "macro") throw lexer.error("A #macro needs a name", token.offset);
      lexer.leave();
      return { kind: "directive", span: spanFrom(first), token, name, args: [], body: undefined };
    }
    const args = directiveArguments(name);
    if (!blockDirectives.has(name) && !name.startsWith("@")) {
      return { kind: "directive", span: spanFrom(first), token, name, args, body: undefined };
    }
    const body = block();
    take("END");
    if (name === "macro") {
      const macro = args[0];
      if (macro?.kind !== "word") throw lexer.error("A #macro needs a name", token.offset);
      ownMacros.add(macro.name);
    }
    return { kind: "directive", span: spanFrom(first), token, name, args, body };
  }

  try {
    const found = statements();
    take("EOF");
    return { statements: found, locate: lexer.locate };
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateSyntaxError("Nested too deeply", 1, 1);
    throw error;
  }
}
