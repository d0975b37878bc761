import { describe, expect, it } from "vitest";
import { createPatternEngine } from "../pattern/index.ts";
import type { HostMethod, HostObject, TemplateLimits, Value } from "./index.ts";
import { MapValue, parseTemplate, TemplateRuntimeError, TemplateSyntaxError, toValue, utilObject } from "./index.ts";

const patterns = createPatternEngine();

function render(source: string, data: Record<string, unknown> = {}, limits: Partial<TemplateLimits> = {}): string {
  const context = new Map<string, Value>([["util", utilObject]]);
  for (const [name, value] of Object.entries(data)) context.set(name, toValue(value));
  return parseTemplate(source, { patterns, limits }).render(context);
}

const failure = (message: string): TemplateRuntimeError => new TemplateRuntimeError(message);

describe("a template without references and directives", () => {
  it("is its own text", () => {
    const template = parseTemplate('{"statusCode": 200}', { patterns });
    expect(template.constant).toBe('{"statusCode": 200}');
    expect(template.render(new Map())).toBe('{"statusCode": 200}');
  });

  it("is no constant when there is something to find out", () => {
    expect(parseTemplate("a $b", { patterns }).constant).toBeUndefined();
  });
});

describe("a template", () => {
  it("can be rendered any number of times, each on its own", () => {
    const template = parseTemplate("#set($n = $n + 1)$n#macro(m)$n#end#m()", { patterns });
    const context = new Map<string, Value>([["n", 1]]);
    expect([template.render(context), template.render(context)]).toEqual(["22", "22"]);
    expect(context).toEqual(new Map([["n", 1]]));
  });
});

describe("alternate values, which Velocity 1.7 does not have", () => {
  it.each([
    ["${nope|'x'}", "x"],
    ["$!{nope|'x'}", "x"],
    ["${foo|'x'}", "F"],
    ["${map.k|'x'} ${map.nope|'x'}", "v x"],
    ["${map.get('nope')|$foo}", "F"],
    ["${empty|'x'}${zero|'y'}${no|'z'}${list|'w'}", "xyzw"],
    ["${nope|1 + 2}", "3"],
    ["${nope|(1 + 2) * 3}", "9"],
    ["${nope|{'a': 1}}", "{a=1}"],
    ["${nope|${nope|'deep'}}", "deep"],
    ["${nope|$nope}", "${nope|$nope}"],
    ["${nope | 'x'}|", undefined],
    ["$foo|bar ${foo}|bar", "F|bar F|bar"],
    ["#set($v = ${nope|'x'})$v", "x"],
    ["#if(${nope|true})yes#end", "yes"],
    ["${nope|\"$foo!\"} after", "F! after"],
  ])("%s", (template, expected) => {
    const context = { foo: "F", map: { k: "v" }, empty: "", zero: 0, no: false, list: [] };
    if (expected === undefined) expect(() => render(template, context)).toThrow(TemplateSyntaxError);
    else expect(render(template, context)).toBe(expected);
  });
});

describe("a silent template", () => {
  it.each([
    ["[$nope|${nope}|$!nope|$nope.a.b()]", "[|||]"],
    ["#macro(m $a)[$a]#end#m($nope)", "[]"],
    ["\\$nope \\\\$nope", "\\$nope \\\\"],
    ['#set($t = "<$nope>")$t', "<>"],
    ['#set($t = "a" + $nope)$t', "a$nope"],
    ["#nope($nope)", "#nope($nope)"],
  ])("%s", (template, expected) => {
    expect(parseTemplate(template, { patterns, silent: true }).render(new Map())).toBe(expected);
  });
});

describe("what is wrong with a template", () => {
  it.each([
    ["#if($a)", "Unexpected the end of the template at line 1, column 8"],
    ["a\nb\n  #end", 'Unexpected "#end" at line 3, column 3'],
    ["a\r\nb\r#else", 'Unexpected "#else" at line 3, column 1'],
    ["#set($a = )", 'Unexpected ")" at line 1, column 11'],
    ["${a", "Unexpected the end of the template at line 1, column 4"],
    ["{\n  \"price\": 5$", 'The template ends inside "$" at line 2, column 14'],
    ["#[[ a", "The template ends inside an unparsed block at line 1, column 6"],
    ["#set($a = 1 ~ 2)", 'Unexpected "~" at line 1, column 13'],
    ["x #parse('other')", "#parse is not supported: a template loads no other at line 1, column 3"],
    ["#include('other')", "#include is not supported: a template loads no other at line 1, column 1"],
    ["#macro()#end", "A #macro needs a name at line 1, column 1"],
    ["#macro('m')#end", "The name of a #macro is a plain word at line 1, column 8"],
    ["#foreach($a)#end", "#foreach is written #foreach($element in $list) at line 1, column 1"],
    ["#foreach x", "#foreach is written #foreach($element in $list) at line 1, column 1"],
    ["#evaluate()", "#evaluate takes one text or reference at line 1, column 1"],
    ["a\n #set($t = \"x\n #if(\")", "Unexpected the end of the template at line 3, column 7"],
    ['#set($t = "\\u00")', "\\u needs four hexadecimal digits at line 1, column 11"],
    [`#set($a = ${"(".repeat(200)}1${")".repeat(200)})`, "Nested more than 100 levels deep at line 1, column 112"],
    [`#set($a = 1${"+1".repeat(2000)})`, "More than 500 operators in a row at line 1, column 1012"],
  ])("%j", (template, message) => {
    const read = (): unknown => parseTemplate(template, { patterns });
    expect(read).toThrow(TemplateSyntaxError);
    expect(read).toThrow(message);
  });

  it("says where as numbers, too", () => {
    const error = new TemplateSyntaxError("Wrong", 3, 4);
    expect(error).toMatchObject({ message: "Wrong at line 3, column 4", reason: "Wrong", line: 3, column: 4 });
  });

  it("may be its length", () => {
    expect(() => parseTemplate("a".repeat(300 * 1024 + 1), { patterns })).toThrow("The template has more than 307200 characters");
    expect(render("a".repeat(300 * 1024))).toHaveLength(300 * 1024);
  });
});

describe("limits", () => {
  it("lets #foreach go through 1,000 elements (limits.md of the guide)", () => {
    expect(render("#foreach($i in [1..1000])x#end")).toHaveLength(1000);
    expect(() => render("#foreach($i in [1..1001])x#end")).toThrow(failure("A #foreach goes through more than 1000 elements"));
    expect(render("#foreach($i in [1..5000])#if($i == 1000)#break#end#end")).toBe("");
  });

  it("counts the steps of loops in loops", () => {
    const loops = "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#end#end#end";
    expect(() => render(loops)).toThrow(failure("The template takes more than 1000000 steps"));
  });

  it.each([
    ["a text that doubles", '#set($s = "0123456789")#foreach($i in [1..100])#set($s = $s + $s)#end'],
    ["a text that doubles by interpolation", '#set($s = "0123456789")#foreach($i in [1..100])#set($s = "$s$s")#end'],
    ["a text that doubles by concat", '#set($s = "0123456789")#foreach($i in [1..100])#set($s = $s.concat($s))#end'],
    ["replaced characters", '#set($s = "0123456789")#foreach($i in [1..100])#set($s = $s.replace("0", $s))#end'],
    ["replaced matches", '#set($s = "0123456789")#foreach($i in [1..100])#set($s = $s.replaceAll("[0-9]", "$0$0"))#end'],
    ["a repeated text", '#set($s = "0123456789")$s.repeat(2000000)'],
    ["a joined list", '#set($l = ["0123456789"])#foreach($i in [1..40])$l.addAll($l)#end'],
    ["a wide format", '#set($s = "")$s.format("%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d", 1,1,1,1,1,1,1,1,1,1,1)'],
    ["lists of lists", "#set($l = [1])#foreach($i in [1..100])#set($l = [$l, $l])#end$l"],
    ["hashes of lists of lists", "#set($l = [1])#foreach($i in [1..100])#set($l = [$l, $l])#end$l.hashCode()"],
    ["lists of lists that are compared", "#set($l = [1])#set($m = [1])#foreach($i in [1..100])#set($l = [$l, $l])#set($m = [$m, $m])#end$l.equals($m)"],
    ["a list in a list in itself", "#set($l = [])#set($m = [$l])$l.add($m)$l"],
    ["the hash of a list in itself", "#set($l = [])$l.add($l)$l.hashCode()"],
    ["a range", "[1..2] #set($r = [1..2147483647])"],
    ["numbers without end", "#set($n = 99999999999999999999)#foreach($i in [1..100])#set($n = $n * $n)#end"],
    ["macros", "#macro(m)#m()#end#m()"],
    ["macros two at a time", "#macro(m)#m()#m()#end#m()"],
    ["#evaluate", "#set($e = '#evaluate($e)')#evaluate($e)"],
    ["an argument that is itself", "#macro(m $a)#m($a)$a#end#m($a)"],
    ["a long text for a pattern", '#set($s = "aaaaaaaaaa")#foreach($i in [1..18])#set($s = $s + $s)#end$s.matches("(a|aa|aaa|aaaa|b{1,500})+c")'],
  ])("bounds %s", (_, template) => {
    expect(() => render(template)).toThrow(TemplateRuntimeError);
  });

  it("bounds the output", () => {
    expect(() => render("$a$a$a", { a: "0123456789" }, { outputLength: 29 })).toThrow(
      failure("The template makes a text of more than 29 characters"),
    );
    expect(render("$a$a$a", { a: "0123456789" }, { outputLength: 30 })).toHaveLength(30);
  });

  it("allows 20 macros in each other, as Velocity does", () => {
    const template = (depth: number): string => `#macro(m $n)#if($n < ${depth})#set($k = $n + 1)#m($k)#else$n#end#end#m(1)`;
    expect(render(template(20))).toBe("20");
    expect(() => render(template(21))).toThrow(failure("Macros call each other more than 20 levels deep, at #m"));
  });

  it("lets a macro break as often as it likes, where Velocity 1.7 counts each as a level", () => {
    expect(render("#macro(m)x#break#end#foreach($i in [1..30])#m()#end")).toBe("x".repeat(30));
  });
});

describe("nothing of JavaScript is within reach", () => {
  it.each(["constructor", "prototype", "hasOwnProperty", "valueOf", "then", "kind", "entries", "items", "own", "value", "class"])(
    "%s",
    (name) => {
      const host: HostObject = { kind: "host", property: () => null };
      const values: [string, Value][] = [
        ["host", host],
        ["map", new MapValue()],
        ["list", toValue([])],
        ["text", "t"],
        ["int", 1],
        ["long", toValue(5_000_000_000)],
        ["double", toValue(1.5)],
        ["bool", true],
      ];
      for (const [variable] of values) {
        for (const path of [`.${name}`, `.${name}.${name}`, `.${name}.call("x")`, `["${name}"]`]) {
          const template = `$${variable}${path}`;
          expect(parseTemplate(template, { patterns }).render(new Map(values)), template).toBe(template);
        }
      }
      expect(render(`$${name}`)).toBe(`$${name}`);
    },
  );

  it("keys that begin with two underscores are no names in VTL, and no more than keys elsewhere", () => {
    expect(render("$m.__proto__ $m['__proto__'] $m.get('__proto__') $!m.put('__proto__', 'p')$m['__proto__']", { m: {} })).toBe(
      "{}.__proto__ $m['__proto__'] $m.get('__proto__') p",
    );
  });

  it("is what a method of that name would be, either", () => {
    for (const call of ["constructor('x')", "hasOwnProperty('a')", "getClass()", "then()", "push(1)", "at(0)"]) {
      expect(render(`$a.${call} $l.${call} $m.${call}`, { a: "x", l: [1], m: { a: 1 } })).toBe(`$a.${call} $l.${call} $m.${call}`);
    }
  });
});

describe("host objects", () => {
  const set: [string, Value][] = [];
  const host: HostObject = {
    kind: "host",
    property: (name) => (name === "body" ? "{}" : null),
    assign: (name, value) => {
      set.push([name, value]);
      return true;
    },
    methods: new Map<string, HostMethod>([
      ["twice", ([text]) => (typeof text === "string" ? text + text : undefined)],
      ["nothing", () => null],
      [
        "fails",
        () => {
          throw new TemplateRuntimeError("no such path");
        },
      ],
    ]),
    text: () => "the host",
  };
  const at = (template: string): string => parseTemplate(template, { patterns }).render(new Map([["host", host]]));

  it("give properties and methods, and nothing else", () => {
    expect(at('$host.body $host["body"] $host.nope $host.twice("a") $host.twice(1) $host.nothing() $!host.nothing() $host')).toBe(
      '{} {} $host.nope aa $host.twice(1) $host.nothing()  the host',
    );
  });

  it("are told what is set", () => {
    expect(at("#set($host.status = 201)#set($host['a b'] = 'x')")).toBe("");
    expect(set).toEqual([
      ["status", 201],
      ["a b", "x"],
    ]);
  });

  it("fail with what they throw", () => {
    expect(() => at("$host.fails()")).toThrow(failure("no such path"));
  });

  it("print as they are written where they have no text", () => {
    expect(parseTemplate("$util $!util.", { patterns }).render(new Map([["util", utilObject]]))).toBe("$util .");
  });
});

describe("the guide's own words", () => {
  it("count() counts a list (api-gateway-mapping-template-reference.md)", () => {
    expect(render("$pets.count()", { pets: [{ id: 1 }, { id: 2 }, { id: 3 }] })).toBe("3");
  });

  it("escaped single quotes are turned back by replaceAll (api-gateway-mapping-template-reference.md)", () => {
    expect(render(`$util.escapeJavaScript($data).replaceAll("\\\\'","'")`, { data: 'it\'s "so"' })).toBe('it\'s \\"so\\"');
  });

  it("parseJson gives what can be gone into (api-gateway-mapping-template-reference.md)", () => {
    const template = '#set ($errorMessageObj = $util.parseJson($message))\n{\n   "errorMessageObjKey2ArrVal" : $errorMessageObj.key2.arr[0]\n}\n';
    expect(render(template, { message: '{"key1":"var1","key2":{"arr":[1,2,3]}}' })).toContain('"errorMessageObjKey2ArrVal" : 1\n');
  });
});
