// Templates that are made to take as long as their steps let them, one for each kind of work. bench/steps.ts measures
// what a step of each takes; a test sees that all of them end by their steps.
import { contextObject } from "../src/plan/mapping-template/context-object.ts";
import type { JsonDocument } from "../src/plan/mapping-template/index.ts";
import { inputObject } from "../src/plan/mapping-template/input.ts";
import { queryOf } from "../src/plan/query.ts";
import { newOverrides } from "../src/plan/mapping-template/overrides.ts";
import type { RequestFacts } from "../src/plan/facts.ts";
import { createPatternEngine } from "../src/pattern/index.ts";
import type { HostMethod, Meter, Value } from "../src/vtl/index.ts";
import { parseTemplate, utilObject } from "../src/vtl/index.ts";
import { planOf } from "../test/harness/rest-api.ts";

export interface HostileTemplate {
  readonly name: string;
  readonly source: string;
  readonly body: string;
}

/** Over and over, up to a million times. */
const over = (statement: string): string => `#foreach($i in [1..1000])#foreach($j in [1..1000])${statement}#end#end`;

/** Texts: $t long of one letter, $m of 2,000 mixed characters, $s of ten letters, $q quotes, $u non-ASCII, $sp spaces. */
const TEXTS = [
  '#set($d = 1.5)#set($one = "a")#set($t = $one.repeat(100000))#set($s = "abcdefghij")#set($q = "$util.urlDecode(\'%22\')")#set($q = $q.repeat(100000))',
  '#set($u = "é\u0130ß")#set($u = $u.repeat(30000))#set($sp = " ")#set($sp = $sp.repeat(100000))#set($m = "a,b;C d\u00e9%41+\'")#set($m = $m.repeat(200))',
  '#set($pc = "%41")#set($pc = $pc.repeat(30000))#set($half = "")#set($half = "${one.repeat(50000)}b")#set($empty = "")#set($comma = ",")#set($commas = $comma.repeat(100000))',
  '#set($list = [1..1000])#set($texts = $s.split(""))#set($map = {})#foreach($k in $list)#set($ignored = $map.put($k, $k))#end#set($thousand = $s.repeat(100))',
].join("");

const valued = (name: string, expression: string): HostileTemplate => ({
  name,
  source: `${TEXTS}${over(`#set($x = ${expression})`)}`,
  body: "",
});

const texts = ["$t", "$m", "$s", "$u", "$commas"];

/** What $util makes of texts depends on their characters. */
const encoded = ["$m", "$s", "$q", "$u", "$pc", "$empty"];

/** What can be asked of any text. */
export const textCalls = [
  "length()",
  "isEmpty()",
  "isBlank()",
  "charAt(0)",
  "codePointAt(0)",
  "contains('b')",
  "contains($half)",
  "startsWith('a')",
  "endsWith($half)",
  "indexOf('b')",
  "indexOf($half)",
  "indexOf(98)",
  "lastIndexOf('b')",
  "lastIndexOf($half)",
  "equals($half)",
  "equalsIgnoreCase($u)",
  "equalsIgnoreCase($t)",
  "compareTo($half)",
  "compareToIgnoreCase($t)",
  "hashCode()",
  "getBytes()",
  "toCharArray()",
  "substring(0)",
  "concat($t)",
  "concat('a')",
  "toLowerCase()",
  "toUpperCase()",
  "trim()",
  "strip()",
  "stripLeading()",
  "stripTrailing()",
  "repeat(2)",
  "repeat(50)",
  "replace('', 'b')",
  "replace('a', '')",
  "replace('a', 'bb')",
  "replace(',', ';')",
  "replaceAll('', 'b')",
  "replaceAll('a', 'b')",
  "replaceAll('[a-z]', 'b')",
  "replaceAll('(.)', '$1$1')",
  "replaceAll('(.)(.)(.)', '$3$2$1')",
  "replaceAll('x*', '-')",
  "replaceAll('(a|b|c|d|e)+$', '-')",
  "replaceAll('\\\\s+$', '-')",
  "replaceAll('((((.))))', '$4$4$4$4$4$4$4$4$4$4')",
  "replaceFirst('b', 'c')",
  "replaceFirst('[b]', 'c')",
  "matches('.*')",
  "matches('a*b')",
  "matches('(a|b)*c')",
  "split('')",
  "split('a')",
  "split(',')",
  "split('[,;]')",
  "split('.')",
  "split('\\\\s*')",
  "split('(?=a)')",
  "valueOf($i)",
  "format('%s%s%s', $i, $j, $i)",
  "format('%1000d', $i)",
  "format('%.1000f', $d)",
  "format('%S', $u)",
  "format('%,d', $i)",
  "format($commas)",
  "join($s, $texts)",
  "join($comma, $s, $s, $s)",
];

const utils = ["escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode"];

const lists = [
  "size()", "get(0)", "contains(1000)", "contains('x')", "indexOf(1000)", "lastIndexOf(1)", "containsAll($list)", "subList(0, 1000)", "iterator()",
  "equals($list)", "hashCode()", "toString()", "toArray()", "set(0, 1)", "add(1)", "add(0, 1)", "addAll($list)", "addAll(0, $list)", "remove(0)",
  "remove('x')", "removeAll($list)", "retainAll($list)", "isEmpty()", "count()",
];

const maps = [
  "size()", "get(1)", "get($s)", "get($list)", "getOrDefault('x', 1)", "containsKey($map)", "containsValue('x')", "put($j, $j)", 'put("$i/$j", 1)', "putAll($map)",
  "remove(1)", "keySet()", "values()", "entrySet()", "keySet().contains('x')", "entrySet().toString()", "values().toArray()", "entrySet().equals($map.entrySet())",
  "equals($map)", "hashCode()", "toString()", "keySet().iterator().next()", "values().hashCode()", "keySet().remove(1)", "entrySet().hashCode()",
];

const expressions: readonly (readonly [name: string, expression: string])[] = [
  ["a sum", "$i + $j"],
  ["a product", "$i * $j"],
  ["a product of long numbers", "123456789012345678901234567890 * 987654321098765432109876543210"],
  ["a quotient of long numbers", `${"9".repeat(900)} / ${"7".repeat(450)}`],
  ["a product of longest numbers", `${"9".repeat(490)} * ${"7".repeat(490)}`],
  ["a sum of doubles", "1.5e300 + 1.5e-300"],
  ["a decimal beside a long number", `1.5e-300 + ${"9".repeat(900)}`],
  ["a text of a long number", `"" + ${"9".repeat(900)}`],
  ["a comparison of long numbers", `${"9".repeat(900)} == 1.5`],
  ["a decimal number's text", `"" + (1.5e-300 + ${"9".repeat(900)})`],
  ["a range", "[1..1000]"],
  ["a list", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"],
  ["a map", '{"a": 1, "b": 2, "c": 3, "d": 4}'],
  ["texts in each other", '"$i$j$s"'],
  ["texts in each other, deep", `"a#if(true)$i#foreach($k in [1..5])$k#end#end"`],
  ["long texts in each other", '"$t$t"'],
  ["texts joined", "$t + $t"],
  ["small texts joined", '"a" + $s'],
  ["a text and a list", '"" + $list'],
  ["a list as it is printed", '"$list"'],
  ["equal lists", "$list == $texts"],
  ["a comparison of a list with its text", "$list == $s"],
  ["a property", "$map.x"],
  ["a property of a text", "$s.bytes"],
  ["properties of nothing", "$s.a.b.c.d"],
  ["an element", "$list[0]"],
  ["an element from the end", "$list[-1]"],
  ["a conjunction", "($i == 1 && $j == 2) || $i > $j"],
  ["integer methods", '$i.parseInt("2147483647")'],
  ["integer methods, radix", '$i.parseInt("1111111111111111111111111111111", 2)'],
  ["double methods", '$d.parseDouble("1.5")'],
  ["a context variable", "$context.requestId"],
  ["a deep context variable", "$context.identity.sourceIp"],
  ["a request's parameter", "$input.params('q')"],
  ["all parameters", "$input.params().header.get('X')"],
  ["the loop", "$foreach.parent.index"],
  ["the loop's topmost", "$foreach.topmost.count"],
  ["an alternate value", "${x|'a'}"],
];

const statements: readonly (readonly [name: string, statement: string])[] = [
  ["nothing", ""],
  ["a text", "x"],
  ["a number printed", "#set($o = \"$i\")"],
  ["an empty condition", "#if($i == $j)#end"],
  ["long conditions", `#if(${"$j == -1 || ".repeat(200)}false)x#end`],
  ["an inner loop of nothing", "#foreach($k in [])#end"],
  ["an inner loop of one", "#foreach($k in [1])#end"],
  ["an inner loop of nulls", "#foreach($k in [$nothing, $nothing])#end"],
  ["an inner loop over a map", "#foreach($k in $map)#break#end"],
  ["an inner loop over keys", "#foreach($k in $map.keySet())#break#end"],
  ["a loop that ends at once", "#foreach($k in $list)#break#end"],
  ["a small #evaluate", "#evaluate('$i')"],
  ["#evaluate of nothing", "#evaluate('')"],
  ["#evaluate of a macro", "#evaluate('#macro(n$i)x#end')"],
  ["#evaluate of many directives", `#evaluate('${"#if(1)#end".repeat(100)}')`],
  ["#evaluate of brackets", `#evaluate('#set($e = ${"[".repeat(200)}${"]".repeat(200)})')`],
  ["#evaluate of references", `#evaluate('${"$a.b(1).c[2]".repeat(100)}')`],
  ["#evaluate of a long text", "#evaluate($t)"],
  ["#evaluate of dollars", "#set($d = '$')#evaluate($d.repeat(1000))"],
  ["#evaluate of hashes", "#set($d = '#')#evaluate($d.repeat(1000))"],
  ["#evaluate of what is wrong", "#evaluate('#if(')"],
  ["a #define", "#define($d)x#end$!d"],
  ["a defined block as a text", "#define($d)$i#end#set($o = \"$d\")"],
  ["a #stop in a macro", "#st()"],
  ["a macro", "#em()"],
  ["a macro with arguments", "#three($i, $j, 'x')"],
  ["a macro with a body", "#@em()x#end"],
  ["macros in each other", "#deep(19)"],
  ["arguments by name", "#arg1($i)"],
  ["an override", "$context.requestOverride.header.get('x')"],
  ["a long constant", "x".repeat(100)],
];

const MACROS =
  "#macro(em)#end#macro(three $a $b $c)$!a$!b$!c#end#macro(st)#break#end#macro(deep $n)#if($n > 0)#set($m = $n - 1)#deep($m)#end#end" +
  "#macro(arg1 $a)#arg2($a)#end#macro(arg2 $b)#arg3($b)#end#macro(arg3 $c)$c#if($c)#end#end";

const numbers = JSON.stringify(Array.from({ length: 20_000 }, (_, at) => at));
const records = JSON.stringify({ a: Array.from({ length: 2000 }, (_, at) => ({ id: at, t: "a".repeat(20), n: 1.5, l: [at, "x"] })) });
const emptyLists = JSON.stringify(Array.from({ length: 20_000 }, () => []));
const quotes = JSON.stringify(["\"\\\n\u0001".repeat(20_000)]);
const decimals = `[${"0.12345678901234567890,".repeat(5000)}1]`;
const nested = `${"[".repeat(190)}${"]".repeat(190)}`;
const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at])));
const bodies = { numbers, records, emptyLists, quotes, decimals, nested, wide };

const paths = [
  "$", "$[*]", "$..*", "$..id", "$.a[*].t", "$.a[0].id", "$[0:20000]", "$.a[?(@.id > 5)]", "$.a[?(@.t == 'x')].id", "$.a[?(@.t =~ /a*b/)]", "$.a[?(@.id in [1,2,3])]",
  "$[?(@ > 5)]", "$[?($[0] == @)]", "$.sum()", "$.a.length()", "$..l[0]", "$['k1','k2','k3']", "$.concat($[*])", "$.keys()", "$.a[?(@.l contains 'x')]", "$.a[?(@.l == [1,'x'])]",
  "$.a[?(@.t size 20)]", "$.a[-1:]", "$..[?(@.id)]", "$[0,1,2,3,4,5,6,7,8,9]", "$.a[?(@.n < 1.4)]", "$.a[?(!(@.x))]", "$.append(1)", "$.stddev()", "$.a[?(@.t == 'x' || @.id == 'y' && @.n == 3)]",
];

export const hostileTemplates: readonly HostileTemplate[] = [
  ...statements.map(([name, statement]) => ({ name, source: `${MACROS}${TEXTS}${over(statement)}`, body: "" })),
  ...expressions.map(([name, expression]) => valued(name, expression)),
  ...textCalls.flatMap((call) => texts.map((text) => valued(`${text}.${call}`, `${text}.${call}`))),
  ...["strip()", "stripLeading()", "stripTrailing()", "trim()", "isBlank()"].map((call) => valued(`$sp.${call}`, `$sp.${call}`)),
  valued("$half.contains($half)", '$t.contains("${half}")'),
  ...utils.flatMap((name) => encoded.map((text) => valued(`$util.${name}(${text})`, `$util.${name}(${text})`))),
  ...lists.map((call) => valued(`$list.${call}`, `$list.${call}`)),
  ...maps.map((call) => valued(`$map.${call}`, `$map.${call}`)),
  ...Object.entries(bodies).flatMap(([name, body]) => [
    ...paths.map((path) => ({ name: `$input.path("${path}") of ${name}`, source: over(`#set($x = $input.path("${path}"))`), body })),
    ...["$", "$..*", "$[*]"].map((path) => ({ name: `$input.json("${path}") of ${name}`, source: over(`#set($x = $input.json("${path}"))`), body })),
    { name: `$util.parseJson of ${name}`, source: over("#set($x = $util.parseJson($input.body))"), body },
    { name: `$util.escapeJavaScript of ${name}`, source: over("#set($x = $util.escapeJavaScript($input.body))"), body },
    { name: `$input.path('$').toString() of ${name}`, source: over("#set($x = $input.path('$').toString())"), body },
    { name: `$input.path('$').hashCode() of ${name}`, source: over("#set($x = $input.path('$').hashCode())"), body },
    { name: `a map's key of ${name}`, source: over("#set($x = {$input.path('$'): 1})"), body },
  ]),
];

const { method, pathValues, stage } = (() => {
  const plan = planOf({ "GET /{id}": {} });
  const routed = plan.route("/7", "GET");
  if (routed === undefined) throw new Error("no such method");
  return { ...routed, stage: plan };
})();

const patterns = createPatternEngine();

export interface HostileOutcome {
  /** That the rendering has taken. */
  readonly steps: number;
  /** What has ended it: a message; "rendered" where nothing has. */
  readonly ends: string;
}

/** Renders a template with a request's `$input`, `$context` and `$util`. */
export function renderHostile({ source }: HostileTemplate, document: JsonDocument, steps?: number): HostileOutcome {
  const facts: RequestFacts = {
    stage, method, pathValues, requestId: "r", extendedRequestId: "e", receivedAt: 0, httpMethod: "GET", protocol: "HTTP/1.1", path: "/prod/7",
    domainName: "d", sourceIp: "192.0.2.1", headers: ["X", "1"], rawQuery: "q=1", query: undefined, body: Buffer.alloc(0), requestDocument: undefined,
    overrides: undefined,
  };
  let meter: Meter | undefined;
  const keep: HostMethod = (_, given) => {
    meter = given;
    return "";
  };
  const parameters = () => ({ variables: facts.method.variables, pathValues: facts.pathValues, query: () => queryOf(facts) });
  const context = new Map<string, Value>([
    ["meter", { kind: "host", methods: new Map([["keep", keep]]) }],
    ["input", inputObject(parameters, document, () => facts.headers)],
    ["context", contextObject(facts, () => (facts.overrides ??= newOverrides()))],
    ["util", utilObject],
  ]);
  let ends = "rendered";
  try {
    const template = parseTemplate(`$meter.keep()${source}`, { patterns, silent: true, limits: steps === undefined ? {} : { steps } });
    template.render(context, document.text.length >> 1);
  } catch (error) {
    ends = (error as Error).message;
  }
  return { steps: meter?.used ?? 0, ends };
}
