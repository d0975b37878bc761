// The lexer of Velocity 1.7: a stack of states, in each of which other tokens exist; the longest one wins, the first
// declared among equals. It is followed to the letter, because what a stray `$`, `#` or `\` prints depends on it.
import { TemplateSyntaxError } from "../errors.ts";
import type { Rule, State } from "./lexer-rules.ts";
import { rulesByState } from "./lexer-rules.ts";
import type { Token, TokenKind } from "./token.ts";

interface Frame {
  readonly state: State;
  readonly opened: number;
  readonly closed: number;
  readonly formal: boolean;
}

/** Reads a template, a token at a time: the parser changes the lexer's state between two of them. */
export interface Lexer {
  next(): Token;
  /** After the name of a directive. */
  enterDirective(): void;
  /** Back to what surrounds a directive or a reference. */
  leave(): void;
  /** After `#set(...)`. */
  leaveSet(): void;
  /** Whether the next character that is not white space is an opening parenthesis. */
  atParenthesis(): boolean;
  /** The error for a place in the template. */
  error(reason: string, offset: number): TemplateSyntaxError;
  /** The line and the column of a place in the template. */
  locate(offset: number): Origin;
}

/** The line and the column, from 1, of a place in a text. */
function place(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  const lineBreak = /\r\n|\n|\r/g;
  for (let found = lineBreak.exec(source); found && found.index < offset; found = lineBreak.exec(source)) {
    line += 1;
    start = found.index + found[0].length;
  }
  return { line, column: Math.max(offset - start, 0) + 1 };
}

/** Where a text that stands inside a template begins there: a string literal's text has a place of its own. */
export interface Origin {
  readonly line: number;
  readonly column: number;
}

export function createLexer(source: string, origin: Origin = { line: 1, column: 1 }): Lexer {
  let at = 0;
  let state: State = "DEFAULT";
  let opened = 0;
  let closed = 0;
  let formal = false;
  let curly = false;
  let inComment = false;
  let inSet = false;
  const stack: Frame[] = [];

  function push(to: State): void {
    stack.push({ state, opened, closed, formal });
    opened = 0;
    formal = false;
    curly = false;
    state = to;
  }

  function pop(): boolean {
    const frame = stack.pop();
    if (frame === undefined) {
      opened = 0;
      state = "DEFAULT";
      return false;
    }
    ({ state, opened, closed, formal } = frame);
    return true;
  }

  function closeParenthesis(): void {
    for (;;) {
      if (opened > 0) {
        if (opened === closed + 1) pop();
        else closed += 1;
        return;
      }
      if (!pop()) return;
    }
  }

  function beginReference(): void {
    if (inComment) return;
    if (state === "REFERENCE") pop();
    push("REFERENCE");
  }

  function beginComment(to: State): void {
    if (inComment) return;
    inComment = true;
    push(to);
  }

  function endComment(): void {
    inComment = false;
    pop();
  }

  function afterLiteral(): void {
    if (state === "DIRECTIVE" && !inSet && opened === 0) pop();
  }

  function afterNumber(inIndexToo: boolean): void {
    if (opened === 0 && !inSet && state !== "REFMOD2" && (inIndexToo || state !== "REFINDEX")) pop();
  }

  /** What a token does to the lexer; the text that it keeps of its image. */
  function act(kind: TokenKind, image: string): string {
    switch (kind) {
      case "INDEX_LBRACKET":
        push("REFINDEX");
        return image;
      case "LPAREN":
        opened += 1;
        if (state === "REFMODIFIER") state = "REFMOD2";
        return image;
      case "RPAREN":
        closeParenthesis();
        return image;
      case "REFMOD2_RPAREN":
        state = "REFERENCE";
        return image;
      case "SET_DIRECTIVE":
        push("DIRECTIVE");
        inSet = true;
        opened += 1;
        return image;
      case "DOLLAR":
      case "DOLLARBANG":
        beginReference();
        return image;
      case "TEXTBLOCK_START":
        beginComment("TEXTBLOCK");
        return image;
      case "FORMAL_COMMENT_START":
        if (!inComment) at -= 1;
        beginComment("FORMAL_COMMENT");
        return image;
      case "MULTI_LINE_COMMENT_START":
        beginComment("BLOCK_COMMENT");
        return image;
      case "HASH":
        if (inComment) return image;
        if (state === "REFERENCE" || state === "REFMODIFIER") pop();
        push("PRE_DIRECTIVE");
        return image;
      case "SINGLE_LINE_COMMENT_START":
        if (inComment) return image;
        if (state === "REFERENCE") pop();
        beginComment("LINE_COMMENT");
        return image;
      case "SINGLE_LINE_COMMENT":
      case "FORMAL_COMMENT":
      case "MULTI_LINE_COMMENT":
      case "TEXTBLOCK":
        endComment();
        return image;
      case "STRING_LITERAL":
        afterLiteral();
        return image;
      case "END":
      case "ELSE_DIRECTIVE":
      case "RCURLY":
      case "INDEX_RBRACKET":
        pop();
        return image;
      case "IF_DIRECTIVE":
      case "ELSEIF_DIRECTIVE":
        state = "DIRECTIVE";
        return image;
      case "INTEGER_LITERAL":
        if (image.endsWith("..")) {
          at -= 2;
          image = image.slice(0, -2);
        }
        afterNumber(false);
        return image;
      case "FLOATING_POINT_LITERAL":
        afterNumber(true);
        return image;
      case "DOT":
        at -= 1;
        state = "REFMODIFIER";
        return ".";
      case "LCURLY":
        curly = image.includes("$");
        return image;
      case "IDENTIFIER":
        if (curly) formal = true;
        curly = false;
        return image;
      case "PIPE":
        state = "DIRECTIVE";
        opened = 1;
        return image;
      case "REFERENCE_TERMINATOR":
      case "DIRECTIVE_TERMINATOR":
        at -= 1;
        pop();
        return image;
      default:
        return image;
    }
  }

  let slashesEnd = 0;

  /** The character behind the backslashes that begin here. A run of them is gone through once, not from each of them. */
  function behindSlashes(): string | undefined {
    if (slashesEnd <= at) {
      slashesEnd = at;
      while (source[slashesEnd] === "\\") slashesEnd += 1;
    }
    return source[slashesEnd];
  }

  /** Whether a rule cannot match here, without trying it. */
  function isOut({ kind }: Rule, behind: string | undefined): boolean {
    if (kind === "PIPE") return !formal;
    if (behind === undefined) return false;
    if (kind === "DOLLAR" || kind === "DOLLARBANG") return behind !== "$";
    return kind === "ESCAPE_DIRECTIVE" && behind !== "#";
  }

  function longest(): { rule: Rule; length: number } | undefined {
    let best: Rule | undefined;
    let length = 0;
    const behind = source[at] === "\\" ? (behindSlashes() ?? "") : undefined;
    for (const candidate of rulesByState.get(state) ?? []) {
      if (isOut(candidate, behind)) continue;
      candidate.pattern.lastIndex = at;
      if (!candidate.pattern.test(source)) continue;
      const end = candidate.pattern.lastIndex;
      if (end - at > length) {
        best = candidate;
        length = end - at;
      }
    }
    return best === undefined ? undefined : { rule: best, length };
  }

  function locate(offset: number): Origin {
    const { line, column } = place(source, offset);
    return { line: origin.line + line - 1, column: line === 1 ? origin.column + column - 1 : column };
  }

  function error(reason: string, offset: number): TemplateSyntaxError {
    const { line, column } = locate(offset);
    return new TemplateSyntaxError(reason, line, column);
  }

  function next(): Token {
    const specials: string[] = [];
    let start = at;
    let begun = "";
    for (;;) {
      if (at >= source.length && begun === "") return { kind: "EOF", image: "", specials, offset: at };
      const found = longest();
      if (found === undefined) throw unreadable(begun);
      const text = source.slice(at, at + found.length);
      at += found.length;
      const image = act(found.rule.kind, begun + text);
      if (found.rule.use === "token") return { kind: found.rule.kind, image, specials, offset: start };
      // What a `#**x` gave back is not part of the image either.
      if (found.rule.use === "more") begun = source.slice(start, at);
      else {
        if (found.rule.use === "special") specials.push(image);
        begun = "";
        start = at;
      }
    }
  }

  function unreadable(begun: string): TemplateSyntaxError {
    if (at < source.length) return error(`Unexpected ${JSON.stringify(source[at])}`, at);
    const what = begun.startsWith("#[[") ? "an unparsed block" : begun === "" ? "a directive" : JSON.stringify(begun.slice(0, 20));
    return error(`The template ends inside ${what}`, at);
  }

  return {
    next,
    error,
    locate,
    enterDirective: () => {
      state = "DIRECTIVE";
    },
    leave: () => {
      pop();
    },
    leaveSet: () => {
      inSet = false;
    },
    atParenthesis: () => {
      const space = /[ \n\r\t]*\(/y;
      space.lastIndex = at;
      return space.test(source);
    },
  };
}
