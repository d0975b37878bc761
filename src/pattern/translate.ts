// Java's syntax of regular expressions in RE2's. What RE2 understands otherwise than Java is rewritten; what it cannot do
// in linear time is refused by its name. (java.util.regex.Pattern's documentation; github.com/google/re2/wiki/Syntax)

/** A pattern that is wrong, or needs what is not supported. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  constructor(reason: string, index: number) {
    super(`${reason} near index ${index}`);
  }
}

const lineTerminators = "\\n\\r\\x{85}\\x{2028}\\x{2029}";
const anyInLine = `[^${lineTerminators}]`;

/** What stands for a set of characters, without its brackets. */
const sets: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "a-zA-Z_0-9",
  s: " \\t\\n\\x0B\\f\\r",
  h: " \\t\\x{A0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}",
  v: "\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}",
};

/** Java's names for sets of ASCII characters. */
const posixSets: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7F",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Punct: "!-/:-@\\[-`{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  XDigit: "0-9a-fA-F",
  Space: " \\t\\n\\x0B\\f\\r",
};

const controls: Readonly<Record<string, string>> = { t: "\\t", n: "\\n", r: "\\r", f: "\\f", a: "\\a", e: "\\x1B" };

const unsupportedEscapes: Readonly<Record<string, string>> = {
  k: "A back-reference",
  Z: "The end but for a line end (\\Z)",
  G: "The end of the match before (\\G)",
  X: "A grapheme cluster (\\X)",
  N: "A character by its name (\\N)",
};

const groupsUnsupported: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[=!]/, "Look-ahead"],
  [/^\(\?<[=!]/, "Look-behind"],
  [/^\(\?>/, "An atomic group"],
];

const quoted = (char: string): string => (/[\w\s]/.test(char) || char > "\x7f" ? char : `\\${char}`);
const byCode = (code: number): string => `\\x{${code.toString(16)}}`;

/**
 * The same pattern for RE2.
 * @throws PatternError
 */
export function translate(pattern: string): string {
  let at = 0;
  let result = "";
  // Whether a dot takes line ends, in each group that is open.
  const dotAll = [false];

  const refuse = (what: string): PatternError => new PatternError(`${what} is not supported`, at);

  /** A character by a number of hexadecimal digits, two such for one outside of the first 65,536. */
  function unicode(): string {
    const digits = /^\\u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?/.exec(pattern.slice(at));
    if (digits?.[1] === undefined) throw new PatternError("Illegal Unicode escape sequence", at);
    const high = Number.parseInt(digits[1], 16);
    if (high >= 0xd800 && high < 0xdc00 && digits[2] !== undefined) {
      at += 12;
      return byCode(0x10000 + ((high - 0xd800) << 10) + Number.parseInt(digits[2], 16) - 0xdc00);
    }
    at += 6;
    return byCode(high);
  }

  function property(inClass: boolean): string {
    const found = /^\\([pP])(?:\{(\^?[A-Za-z_=]+)\}|([A-Z]))/.exec(pattern.slice(at));
    if (found === null) throw new PatternError("Unknown character property", at);
    const [whole, sign, long, short = ""] = found;
    const name = long ?? short;
    const ascii = posixSets[name];
    if (ascii !== undefined) {
      if (sign === "P" && inClass) throw refuse("The complement of a character set within another");
      at += whole.length;
      return inClass ? ascii : `[${sign === "P" ? "^" : ""}${ascii}]`;
    }
    const plain = name.replace(/^(?:Is|script=|sc=|general_category=|gc=)/, "");
    if (!/^[A-Z][a-z]?$|^[A-Z][a-z_A-Z]{2,}$/.test(plain)) throw refuse(`The character property ${name}`);
    at += whole.length;
    return `\\${sign}{${plain}}`;
  }

  function escape(inClass: boolean): string {
    const char = pattern[at + 1];
    if (char === undefined) throw new PatternError("Unexpected internal error: a backslash at the end", at);
    const lower = char.toLowerCase();
    const set = /[a-zA-Z]/.test(char) ? sets[lower] : undefined;
    if (set !== undefined) {
      at += 2;
      if (char === lower) return inClass ? set : `[${set}]`;
      if (!inClass) return `[^${set}]`;
      if (lower === "h" || lower === "v") throw refuse("The complement of a character set within another");
      return `\\${char}`;
    }
    if (char === "u") return unicode();
    if (lower === "p") return property(inClass);
    if (/[1-9]/.test(char)) throw refuse("A back-reference");
    const reason = unsupportedEscapes[char];
    if (reason !== undefined) throw refuse(reason);
    const rest = pattern.slice(at);
    const coded = /^\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|0([0-3]?[0-7]{1,2})|c(.))/s.exec(rest);
    if (coded !== null) {
      at += coded[0].length;
      const [, long, short, octal, control] = coded;
      if (octal !== undefined) return byCode(Number.parseInt(octal, 8));
      if (control !== undefined) return byCode(control.charCodeAt(0) ^ 64);
      return byCode(Number.parseInt(long ?? short ?? "", 16));
    }
    const control = controls[char];
    at += 2;
    if (control !== undefined) return control;
    if (!inClass && char === "R") return "(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])";
    if (!inClass && /[bBAz]/.test(char)) return `\\${char}`;
    if (/[a-zA-Z0-9]/.test(char)) throw new PatternError("Illegal/unsupported escape sequence", at - 1);
    return quoted(char);
  }

  /** From \Q to \E, as it is. */
  function quotation(): string {
    const end = pattern.indexOf("\\E", at + 2);
    const text = pattern.slice(at + 2, end === -1 ? pattern.length : end);
    at = end === -1 ? pattern.length : end + 2;
    return text.replace(/[^]/gu, quoted);
  }

  function characterClass(): string {
    const start = at;
    let set = "[";
    at += 1;
    if (pattern[at] === "^") {
      set += "^";
      at += 1;
    }
    for (let first = true; ; first = false) {
      const char = pattern[at];
      if (char === undefined) throw new PatternError("Unclosed character class", start);
      if (char === "]" && !first) {
        at += 1;
        return `${set}]`;
      }
      if (char === "[") throw refuse("A character class within another");
      if (pattern.startsWith("&&", at)) throw refuse("An intersection of character classes");
      if (pattern.startsWith("\\Q", at)) set += quotation();
      else if (char === "\\") set += escape(true);
      else {
        // A bracket that comes first stands for itself.
        set += char === "]" ? "\\]" : char;
        at += 1;
      }
    }
  }

  function group(): string {
    const rest = pattern.slice(at);
    for (const [form, name] of groupsUnsupported) if (form.test(rest)) throw refuse(name);
    const flags = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(rest);
    if (flags === null) {
      const named = /^\(\?<[a-zA-Z][a-zA-Z0-9]*>/.exec(rest);
      if (named === null && rest.startsWith("(?")) throw new PatternError("Unknown inline modifier", at);
      dotAll.push(dotAll.at(-1) ?? false);
      at += named?.[0].length ?? 1;
      return named?.[0] ?? "(";
    }
    const [whole, on = "", off = "", end] = flags;
    const odd = /[^imsu]/.exec(on + off);
    if (odd !== null) throw refuse(`The flag ${odd[0]}`);
    const dots = on.includes("s") || (!off.includes("s") && (dotAll.at(-1) ?? false));
    if (end === ":") dotAll.push(dots);
    else dotAll[dotAll.length - 1] = dots;
    at += whole.length;
    const kept = on.replaceAll("u", "");
    const dropped = off.replaceAll("u", "");
    if (kept + dropped === "") return end === ":" ? "(?:" : "";
    return `(?${kept}${dropped === "" ? "" : `-${dropped}`}${end}`;
  }

  function quantifier(): string {
    const found = /^(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})(\??)(\+?)/.exec(pattern.slice(at));
    if (found === null) throw new PatternError("Illegal repetition", at);
    if (found[2] === "+" && found[1] === "") throw refuse("A possessive quantifier");
    const text = found[2] === "+" ? found[0].slice(0, -1) : found[0];
    at += text.length;
    return text;
  }

  function one(char: string): string {
    switch (char) {
      case "\\":
        return pattern.startsWith("\\Q", at) ? quotation() : escape(false);
      case "[":
        return characterClass();
      case "(":
        return group();
      case ")":
        at += 1;
        if (dotAll.length > 1) dotAll.pop();
        return ")";
      case ".":
        at += 1;
        return dotAll.at(-1) === true ? "(?s:.)" : anyInLine;
      case "*":
      case "+":
      case "?":
      case "{":
        return quantifier();
      default:
        at += 1;
        return char === "}" || char === "]" ? `\\${char}` : char;
    }
  }

  while (at < pattern.length) result += one(pattern[at] ?? "");
  return result;
}
