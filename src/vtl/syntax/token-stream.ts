// The parser's view of the lexer: tokens are read no earlier than they are needed, since the parser steers the lexer.
import type { TemplateSyntaxError } from "../errors.ts";
import type { Lexer } from "./lexer.ts";
import type { Token, TokenKind } from "./token.ts";
import type { Span } from "./tree.ts";


export interface TokenStream {
  readonly lexer: Lexer;
  /** The kind of the token that many places ahead (1: the next one). */
  kind(ahead: number): TokenKind;
  /** The next token, left where it is. */
  peek(): Token;
  take(...kinds: TokenKind[]): Token;
  /** Takes the next token when it is of that kind. */
  skip(kind: TokenKind): boolean;
  /** The number of the next token, to begin a span or to come back to. */
  position(): number;
  rewind(position: number): void;
  spanFrom(first: number): Span;
  unexpected(): TemplateSyntaxError;
}

function describe(token: Token): string {
  if (token.kind === "EOF") return "the end of the template";
  const text = token.image.trim() === "" ? token.image : token.image.trim();
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

export function createTokenStream(lexer: Lexer): TokenStream {
  const tokens: Token[] = [];
  let at = 0;

  function token(ahead: number): Token {
    while (tokens.length < at + ahead) tokens.push(lexer.next());
    return tokens[at + ahead - 1] as Token;
  }

  function unexpected(): TemplateSyntaxError {
    const found = token(1);
    return lexer.error(`Unexpected ${describe(found)}`, found.offset);
  }

  return {
    lexer,
    unexpected,
    kind: (ahead) => token(ahead).kind,
    peek: () => token(1),
    take: (...kinds) => {
      const found = token(1);
      if (!kinds.includes(found.kind)) throw unexpected();
      at += 1;
      return found;
    },
    skip: (kind) => {
      if (token(1).kind !== kind) return false;
      at += 1;
      return true;
    },
    position: () => at,
    rewind: (position) => {
      at = position;
    },
    spanFrom: (first) => ({ tokens, first, last: at - 1 }),
  };
}
