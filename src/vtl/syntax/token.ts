// The tokens of VTL as Velocity 1.7 knows them (Parser.jjt of its source names them so).

export type TokenKind =
  | "EOF"
  | "INDEX_LBRACKET"
  | "INDEX_RBRACKET"
  | "LBRACKET"
  | "RBRACKET"
  | "COMMA"
  | "DOUBLEDOT"
  | "COLON"
  | "LEFT_CURLEY"
  | "RIGHT_CURLEY"
  | "LPAREN"
  | "RPAREN"
  | "REFMOD2_RPAREN"
  | "ESCAPE_DIRECTIVE"
  | "SET_DIRECTIVE"
  | "DOLLAR"
  | "DOLLARBANG"
  | "TEXTBLOCK_START"
  | "FORMAL_COMMENT_START"
  | "MULTI_LINE_COMMENT_START"
  | "HASH"
  | "SINGLE_LINE_COMMENT_START"
  | "DOUBLE_ESCAPE"
  | "ESCAPE"
  | "TEXT"
  | "SINGLE_LINE_COMMENT"
  | "FORMAL_COMMENT"
  | "MULTI_LINE_COMMENT"
  | "TEXTBLOCK"
  | "COMMENT_CHAR"
  | "TEXTBLOCK_CHAR"
  | "WHITESPACE"
  | "STRING_LITERAL"
  | "TRUE"
  | "FALSE"
  | "MINUS"
  | "PLUS"
  | "MULTIPLY"
  | "DIVIDE"
  | "MODULUS"
  | "LOGICAL_AND"
  | "LOGICAL_OR"
  | "LOGICAL_LT"
  | "LOGICAL_LE"
  | "LOGICAL_GT"
  | "LOGICAL_GE"
  | "LOGICAL_EQUALS"
  | "LOGICAL_NOT_EQUALS"
  | "LOGICAL_NOT"
  | "EQUALS"
  | "END"
  | "IF_DIRECTIVE"
  | "ELSEIF_DIRECTIVE"
  | "ELSE_DIRECTIVE"
  | "INTEGER_LITERAL"
  | "FLOATING_POINT_LITERAL"
  | "WORD"
  | "BRACKETED_WORD"
  | "IDENTIFIER"
  | "DOT"
  | "LCURLY"
  | "RCURLY"
  | "PIPE"
  | "REFERENCE_TERMINATOR"
  | "DIRECTIVE_TERMINATOR"
  | "EMPTY_INDEX";

export interface Token {
  readonly kind: TokenKind;
  /** The text; the parser takes escapes off it, as Velocity does, so that literals show it without them. */
  image: string;
  /** The terminators that were read before it. What they show of `$`, `#` and `\` is printed with a text. */
  readonly specials: readonly string[];
  /** Where it begins, in the template's characters. */
  readonly offset: number;
}

/** A part of the template that was read as a `#` or `$` and turned out to be text: what of it is printed. */
function specialText(specials: readonly string[]): string {
  let text = "";
  for (const special of specials) {
    for (let at = 0; at < special.length; at += 1) {
      const char = special[at];
      if (char === "#" || char === "$") text += char;
      if (char !== "\\") continue;
      // Backslashes count only in front of a dollar sign; the character after that sign is dropped.
      const run = /\\+\$/y;
      run.lastIndex = at;
      const escaped = run.exec(special);
      if (escaped === null) continue;
      text += escaped[0];
      at += escaped[0].length;
    }
  }
  return text;
}

/** The token as the template wrote it, as Velocity shows it: comments away, kept-back text in front. */
export function tokenLiteral(token: Token): string {
  if (token.kind === "MULTI_LINE_COMMENT") return "";
  const last = token.specials.at(-1);
  if (last === undefined || last.startsWith("##")) return token.image;
  return specialText(token.specials) + token.image;
}
