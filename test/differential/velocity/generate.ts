// Templates made at random: of the language's pieces in a sensible order, and of fragments in no order at all.

/** Numbers from 0 (inclusive) to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What generated templates find in their context. */
export const context = {
  a: "text",
  b: "",
  n: 7,
  m: -3,
  big: 5000000000,
  d: 2.5,
  t: true,
  f: false,
  l: [1, "two", 3.5, null, true],
  e: [],
  x: { k: "v", n: 1, l: [1, 2], o: { z: "deep" } },
  s: "a,b;c  d",
};

const names = ["a", "b", "n", "m", "big", "d", "t", "f", "l", "e", "x", "s", "nope", "v", "w", "i"];
const words = [" ", "\n", "text", "{", "}", "\"", "'", ",", ".", "(", ")", "[", "]", ":", "\\", "$", "#", "!", "-", "*", "@", "  ", "\t", "|"];
const fragments = [
  ...words,
  "$a", "${a}", "$!nope", "$!{nope}", "$x.k", "$x.o.z", "$l[0]", "$l[-1]", "$x['k']", "$s.length()", "$a.concat($s)",
  "#set($v = ", "#set( $v=$n + 1 )", "#if(", "#if($t)", "#elseif($f)", "#else", "#{else}", "#end", "#{end}", "#foreach($i in $l)",
  "#foreach( $i in [1..3] )", "$i", "$foreach.index", "$foreach.hasNext", "$velocityCount", "#break", "#stop", "#macro(mac $v)", "#mac($a)",
  "#mac('x')", "#@mac(1)", "$bodyContent", "#define($w)", "$w", "#evaluate('$a')", "#literal()", "##", "#*", "*#", "#**", "#[[", "]]#",
  "\\$a", "\\\\$a", "\\#if", "\\\\#if", "\\#nope", "$\\!a", "\\$!nope", "$$a", "$#a", "#$a", "$.a", "$[", "${", "$!", "$!{", "#{", "#nope", "#nope($a)",
  ..."1,2,-1,1.5,1..3,true,false,null,and,or,not,eq,==,!=,<,>,<=,>=,+,*,/,%,&&,||,=,\\u0041,\"$a\",'$a',\"\",{},[],[1..2],{\"k\":1},in".split(","),
];

const methods: readonly ((value: () => string) => string)[] = [
  () => "size()",
  () => "length()",
  () => "isEmpty()",
  () => "toString()",
  () => "hashCode()",
  () => "trim()",
  () => "toUpperCase()",
  () => "keySet()",
  () => "values()",
  () => "entrySet()",
  () => "intValue()",
  (value) => `get(${value()})`,
  (value) => `contains(${value()})`,
  (value) => `containsKey(${value()})`,
  (value) => `indexOf(${value()})`,
  (value) => `equals(${value()})`,
  (value) => `concat(${value()})`,
  (value) => `add(${value()})`,
  (value) => `put("p", ${value()})`,
  (value) => `remove(${value()})`,
  (value) => `split(${value()})`,
  (value) => `substring(${value()})`,
  (value) => `replace(${value()}, ${value()})`,
  (value) => `replaceAll("[a-c]", ${value()})`,
  (value) => `compareTo(${value()})`,
  (value) => `startsWith(${value()})`,
];

export interface Generator {
  /** A template that is mostly right. */
  structured(): string;
  /** Fragments one after the other. */
  soup(): string;
}

export function createGenerator(seed: number): Generator {
  const next = random(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const chance = (share: number): boolean => next() < share;
  const times = (most: number, make: () => string): string[] => Array.from({ length: Math.floor(next() * (most + 1)) }, make);

  function path(depth: number): string {
    if (depth <= 0 || chance(0.5)) return "";
    const step = next();
    if (step < 0.35) return `.${pick(["k", "n", "l", "o", "z", "size", "empty", "key", "class1"])}${path(depth - 1)}`;
    if (step < 0.55) return `[${pick(["0", "1", "-1", '"k"', "'o'", "$n", "$i"])}]${path(depth - 1)}`;
    return `.${pick(methods)(() => literal(depth - 1))}${path(depth - 1)}`;
  }

  function reference(depth: number): string {
    const body = pick(names) + path(depth);
    return pick([`$${body}`, `$${body}`, `\${${body}}`, `$!${body}`, `$!{${body}}`]);
  }

  function literal(depth: number): string {
    const kind = next();
    if (kind < 0.3 || depth <= 0) return pick(["0", "1", "-2", "2.5", "5000000000", "true", "false", '"k"', "'two'", '""', "1e3"]);
    if (kind < 0.65) return reference(depth - 1);
    if (kind < 0.75) return `"${times(2, () => pick(["x", reference(0), "#if($t)y#end", " "])).join("")}"`;
    if (kind < 0.85) return `[${times(3, () => literal(depth - 1)).join(", ")}]`;
    if (kind < 0.92) return `[${pick(["1", "$n", "-1"])}..${pick(["3", "$m", "0"])}]`;
    return `{${times(2, () => `${pick(['"p"', '"q"', "$a", "1"])}: ${literal(depth - 1)}`).join(", ")}}`;
  }

  function expression(depth: number): string {
    if (depth <= 0 || chance(0.35)) return literal(depth);
    if (chance(0.15)) return `!${expression(depth - 1)}`;
    if (chance(0.2)) return `(${expression(depth - 1)})`;
    const operator = pick(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "and", "or", "eq", "lt"]);
    return `${expression(depth - 1)} ${operator} ${expression(depth - 1)}`;
  }

  function statement(depth: number): string {
    const kind = next();
    if (kind < 0.25 || depth <= 0) return pick(words.slice(0, 14));
    if (kind < 0.5) return reference(3);
    if (kind < 0.65) return `#set($${pick(["v", "w", "a", "x.k", "x.new", "l[0]", "n"])} = ${expression(2)})`;
    if (kind < 0.78) {
      const otherwise = chance(0.4) ? `#{else}${block(depth - 1)}` : chance(0.3) ? `#elseif(${expression(1)})${block(depth - 1)}` : "";
      return `#if(${expression(2)})${block(depth - 1)}${otherwise}#end`;
    }
    if (kind < 0.9) {
      const body = `${block(depth - 1)}${pick(["", "#break", "$foreach.count", "#if($foreach.hasNext),#end", "$velocityCount"])}`;
      return `#foreach($i in ${literal(2)})${body}#end`;
    }
    if (kind < 0.93) return `#macro(mac $v)${block(depth - 1)}#end`;
    if (kind < 0.96) return `#mac(${times(2, () => literal(2)).join(" ")})`;
    if (kind < 0.98) return `#define($w)${block(depth - 1)}#end`;
    return pick(["#stop", "#evaluate('$a$n')", "## c\n", "#* c *#", "#[[ $a ]]#", `#@mac(${literal(1)})${block(depth - 1)}#end`]);
  }

  function block(depth: number): string {
    return times(4, () => statement(depth)).join("");
  }

  return {
    structured: () => Array.from({ length: 1 + Math.floor(next() * 6) }, () => statement(3)).join(""),
    soup: () => Array.from({ length: 1 + Math.floor(next() * 12) }, () => pick(fragments)).join(chance(0.3) ? " " : ""),
  };
}
