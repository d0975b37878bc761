// The tokens of Velocity 1.7, in which of the lexer's states each exists, and what becomes of it.
import type { TokenKind } from "./token.ts";

export type State =
  | "DEFAULT"
  | "REFERENCE"
  | "REFMODIFIER"
  | "REFMOD2"
  | "REFINDEX"
  | "DIRECTIVE"
  | "PRE_DIRECTIVE"
  | "LINE_COMMENT"
  | "FORMAL_COMMENT"
  | "BLOCK_COMMENT"
  | "TEXTBLOCK";

/** `token`: handed to the parser; `more`: the next token continues it; `special`: kept for the next; `skip`: dropped. */
type Use = "token" | "more" | "special" | "skip";

export interface Rule {
  readonly kind: TokenKind;
  readonly pattern: RegExp;
  readonly use: Use;
}

const everywhere: readonly State[] = [
  "DEFAULT",
  "REFERENCE",
  "REFMODIFIER",
  "REFMOD2",
  "REFINDEX",
  "DIRECTIVE",
  "PRE_DIRECTIVE",
  "LINE_COMMENT",
  "FORMAL_COMMENT",
  "BLOCK_COMMENT",
  "TEXTBLOCK",
];
/** The rules of each state, in the order of their declaration. */
export const rulesByState: ReadonlyMap<State, Rule[]> = new Map(
  everywhere.map((state): [State, Rule[]] => [state, []]),
);

function rule(states: string, kind: TokenKind, pattern: string, use: Use = "token"): void {
  const names = states === "*" ? everywhere : (states.split(" ") as State[]);
  for (const name of names) rulesByState.get(name)?.push({ kind, pattern: new RegExp(pattern, "y"), use });
}

const word = "[a-zA-Z_@][a-zA-Z0-9_@]*";
const bracketedWord = "\\{[a-zA-Z_][a-zA-Z0-9_@]*\\}";
const lineEnd = "(?:[ \\t]*(?:\\r\\n|\\n|\\r))?";

// In the order of their declaration, which decides between tokens of the same length.
rule("REFERENCE REFMODIFIER", "INDEX_LBRACKET", "\\[");
rule("REFINDEX", "INDEX_RBRACKET", "\\]");
rule("DIRECTIVE REFMOD2", "LBRACKET", "\\[");
rule("DIRECTIVE REFMOD2", "RBRACKET", "\\]");
rule("DIRECTIVE REFMOD2", "COMMA", ",");
rule("DIRECTIVE REFMOD2", "DOUBLEDOT", "\\.\\.");
rule("DIRECTIVE REFMOD2", "COLON", ":");
rule("DIRECTIVE REFMOD2", "LEFT_CURLEY", "\\{");
rule("DIRECTIVE REFMOD2", "RIGHT_CURLEY", "\\}");
rule("DIRECTIVE REFMODIFIER", "LPAREN", "\\(");
rule("DIRECTIVE", "RPAREN", `\\)${lineEnd}`);
rule("REFMOD2", "REFMOD2_RPAREN", "\\)");
rule("DEFAULT", "ESCAPE_DIRECTIVE", `(?:\\\\\\\\)*\\\\#(?:${word}|${bracketedWord})`);
rule("DEFAULT REFERENCE REFMODIFIER REFMOD2", "SET_DIRECTIVE", "[ \\t]*#(?:set|\\{set\\}) *\\(");
rule("*", "DOLLAR", "\\\\*\\$", "more");
rule("*", "DOLLARBANG", "\\\\*\\$\\\\*!", "more");
rule("*", "TEXTBLOCK_START", "#\\[\\[", "more");
rule("*", "FORMAL_COMMENT_START", "#\\*\\*[^#]", "more");
rule("*", "MULTI_LINE_COMMENT_START", "#\\*", "more");
rule("*", "HASH", "#", "more");
rule("DEFAULT PRE_DIRECTIVE DIRECTIVE REFERENCE", "SINGLE_LINE_COMMENT_START", "##");
rule("DEFAULT", "DOUBLE_ESCAPE", "\\\\\\\\");
rule("DEFAULT", "ESCAPE", "\\\\");
rule("DEFAULT", "TEXT", "[^$#\\\\]+");
rule("LINE_COMMENT", "SINGLE_LINE_COMMENT", "\\r\\n|\\n|\\r");
rule("FORMAL_COMMENT", "FORMAL_COMMENT", "\\*#");
rule("BLOCK_COMMENT", "MULTI_LINE_COMMENT", "\\*#");
rule("TEXTBLOCK", "TEXTBLOCK", "\\]\\]#");
rule("LINE_COMMENT FORMAL_COMMENT BLOCK_COMMENT", "COMMENT_CHAR", "[^*$#\\\\\\r\\n]+|[^]", "skip");
rule("TEXTBLOCK", "TEXTBLOCK_CHAR", "[^\\]$#\\\\]+|[^]", "more");
rule("DIRECTIVE REFMOD2 REFINDEX", "WHITESPACE", "[ \\t\\n\\r]+");
rule("DIRECTIVE REFMOD2 REFINDEX", "STRING_LITERAL", `"[^"]*(?:""[^"]*)*"|'[^']*(?:''[^']*)*'`);
rule("REFERENCE DIRECTIVE REFMODIFIER REFMOD2 REFINDEX", "TRUE", "true");
rule("REFERENCE DIRECTIVE REFMODIFIER REFMOD2 REFINDEX", "FALSE", "false");
rule("DIRECTIVE", "MINUS", "-");
rule("DIRECTIVE", "PLUS", "\\+");
rule("DIRECTIVE", "MULTIPLY", "\\*");
rule("DIRECTIVE", "DIVIDE", "/");
rule("DIRECTIVE", "MODULUS", "%");
rule("DIRECTIVE", "LOGICAL_AND", "&&|and");
rule("DIRECTIVE", "LOGICAL_OR", "\\|\\||or");
rule("DIRECTIVE", "LOGICAL_LT", "<|lt");
rule("DIRECTIVE", "LOGICAL_LE", "<=|le");
rule("DIRECTIVE", "LOGICAL_GT", ">|gt");
rule("DIRECTIVE", "LOGICAL_GE", ">=|ge");
rule("DIRECTIVE", "LOGICAL_EQUALS", "==|eq");
rule("DIRECTIVE", "LOGICAL_NOT_EQUALS", "!=|ne");
rule("DIRECTIVE", "LOGICAL_NOT", "!|not");
rule("DIRECTIVE", "EQUALS", "=");
rule("PRE_DIRECTIVE", "END", `(?:end|\\{end\\})${lineEnd}`);
rule("PRE_DIRECTIVE", "IF_DIRECTIVE", "if|\\{if\\}");
rule("PRE_DIRECTIVE", "ELSEIF_DIRECTIVE", "elseif|\\{elseif\\}");
rule("PRE_DIRECTIVE", "ELSE_DIRECTIVE", `(?:else|\\{else\\})${lineEnd}`);
rule("PRE_DIRECTIVE DIRECTIVE REFMOD2 REFINDEX", "INTEGER_LITERAL", "-?[0-9]+(?:\\.\\.)?");
rule(
  "PRE_DIRECTIVE DIRECTIVE REFMOD2 REFINDEX",
  "FLOATING_POINT_LITERAL",
  "-?[0-9]+\\.[0-9]*(?:[eE][+-]?[0-9]+)?|-?\\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+",
);
rule("PRE_DIRECTIVE DIRECTIVE", "WORD", word);
rule("PRE_DIRECTIVE DIRECTIVE", "BRACKETED_WORD", bracketedWord);
rule("REFERENCE REFMODIFIER REFMOD2", "IDENTIFIER", "[a-zA-Z_][a-zA-Z0-9_-]*");
rule("REFERENCE REFMODIFIER REFMOD2", "DOT", "\\.[a-zA-Z]");
rule("REFERENCE REFMODIFIER", "LCURLY", "\\{");
rule("REFERENCE REFMODIFIER", "RCURLY", "\\}");
// Not in 1.7: an alternate value, `${name|'value'}`. The lexer takes it for one only inside `${`.
rule("REFERENCE REFMODIFIER", "PIPE", "\\|");
rule("REFERENCE REFMODIFIER", "REFERENCE_TERMINATOR", "[^]", "special");
rule("PRE_DIRECTIVE", "DIRECTIVE_TERMINATOR", "[^]", "special");
rule("DEFAULT REFERENCE", "EMPTY_INDEX", "\\$\\[|\\$!\\[|\\$\\\\!\\[|\\$\\.");
