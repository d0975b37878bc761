// Random bodies, headers, paths and templates through templated methods: whatever comes, there is an answer, within the
// steps that a rendering may take, and nothing of JavaScript's objects is reached. Each run is the same: the randomness is
// seeded, and the seed of a failure is in its message.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpRequest, HttpResponse } from "../../src/ports/http-server.ts";
import { compileMappingTemplate, jsonDocument } from "../../src/plan/mapping-template/index.ts";
import { TemplateRuntimeError, TemplateSyntaxError } from "../../src/vtl/index.ts";
import { HOST, startGateway } from "../harness/gateway.ts";
import type { TestGateway } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";

/** Processor time, in milliseconds, that nothing here may take. */
const HANG_MS = 100;

const REQUESTS = 1000;
const TEMPLATES = 3000;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomness(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const times = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);
  return { below, pick, times };
}

type Randomness = ReturnType<typeof randomness>;

const NAMES = ["a", "id", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length", "entries", "kind", "", "é", "a b", "0"];
const SCALARS = ["null", "true", "0", "-1", "1.0", "1e400", "1e-400", "9007199254740993", '"x"', '"\\u0000\\ud800"', '"__proto__"', "x", "'q'", "NaN"];

function json(random: Randomness, depth = 0): string {
  const kind = depth > 4 ? 0 : random.below(3);
  if (kind === 1) return `[${random.times(4, () => json(random, depth + 1)).join(",")}]`;
  if (kind === 2) return `{${random.times(4, () => `${JSON.stringify(random.pick(NAMES))}:${json(random, depth + 1)}`).join(",")}}`;
  return random.pick(SCALARS);
}

/** JSON, broken JSON, and what is none. */
function body(random: Randomness): Buffer {
  const text = json(random);
  switch (random.below(6)) {
    case 0:
      return Buffer.from(text.slice(0, random.below(text.length + 1)));
    case 1:
      return Buffer.from(random.times(60, () => random.below(256)));
    case 2:
      return Buffer.from("[".repeat(random.below(2000)) + "]".repeat(random.below(2000)));
    default:
      return Buffer.from(text);
  }
}

function path(random: Randomness): string {
  const step = () => random.pick([`.${random.pick(NAMES)}`, `['${random.pick(NAMES)}']`, "[0]", "[-1]", "[*]", "..*", "..a", "[?(@.a)]", "[?(@ =~ /(a+)+b/)]", "[0:2]", ".length()", ".sum()", "[", "."]);
  return `$${random.times(5, step).join("")}`;
}

/** What JavaScript's objects would print, or the texts of its functions. */
const OF_JAVASCRIPT = /\[object |\[native code\]|function |=>|undefined|class \w* ?[{e]|NaN\b/;

const TEMPLATE = `#set($p = $input.params('p'))#set($n = $input.params('n'))
$input.path($p)|$input.json($p)|$input.path('$')[$n]|$input.path('$').get($n)|$context[$n]|$context.identity[$n]|$stageVariables[$n]|$stageVariables.get($n)
$util[$n]|$input[$n]|$input.params().get($n)|$input.params().header.get($n)|$context.requestOverride[$n]|$context.requestOverride.header[$n]
$context.constructor|$input.constructor.constructor('x')|$util['__proto__']|$input.path('$')['__proto__'].x|$p.constructor.name|$n.getClass()|$p.class.name
$util.escapeJavaScript($p)|$util.urlEncode($n)|$util.base64Encode($input.body)
#foreach($e in $input.path('$..*'))$e.size()$e.keySet()#end
#set($context.requestOverride['__proto__'] = 'x')#set($input.x = 'x')#set($util.x = 'x')`;

const OVERRIDING = `#set($context.requestOverride.header[$n] = $p)#set($context.requestOverride.querystring[$n] = $p)#set($context.requestOverride.path[$n] = $p)
#set($context.responseOverride.header[$n] = $p)`;

describe("random requests through a templated method", () => {
  let gate: TestGateway;

  beforeAll(async () => {
    const integration = {
      requestTemplates: { "application/json": `{"statusCode": 200}${TEMPLATE}${OVERRIDING}` },
      integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": `${TEMPLATE}$context.requestOverride.header[$n]` } } },
    };
    gate = await startGateway([planOf({ "ANY /{id}": { integration } }, { stage: { variables: { color: "blue" } } })]);
  });

  afterAll(async () => {
    await gate[Symbol.asyncDispose]();
  });

  it("are all answered, with 200 or with 500 for a template that failed", async () => {
    const statuses = new Map<number, number>();
    for (let seed = 1; seed <= REQUESTS; seed += 1) {
      const asked = request(randomness(seed));
      // The body is there at once: what the pipeline does it does before the first promise, or in those that follow.
      const before = process.cpuUsage();
      const response = await (gate.gateway.handle(asked) as Promise<HttpResponse>);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000, `seed ${seed}`).toBeLessThan(HANG_MS);
      const text = Buffer.from(response.body as Uint8Array).toString();
      expect([200, 500], `seed ${seed}: ${text}`).toContain(response.status);
      if (response.status === 500) expect(text, `seed ${seed}`).toBe('{"message": "Internal server error"}');
      expect(response.headers.every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)), `seed ${seed}`).toBe(true);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
    // "error" would be a bug of ours; a failed template is a warning.
    expect(gate.logged.filter(({ level }) => level === "error")).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("x");
    // Neither is rare.
    expect(Math.min(statuses.get(200) ?? 0, statuses.get(500) ?? 0)).toBeGreaterThan(REQUESTS / 20);
  });

  function request(random: Randomness): HttpRequest {
    const payload = body(random);
    const parameters = `p=${encodeURIComponent(path(random))}&n=${encodeURIComponent(random.pick(NAMES))}`;
    return {
      method: random.pick(["GET", "POST", "PUT", "DELETE"]),
      target: `/prod/${encodeURIComponent(random.pick(NAMES.slice(0, 9)))}?${parameters}`,
      headers: ["Host", HOST, ...random.times(3, () => [random.pick(["X", "__proto__", "constructor", "a"]), random.pick(["1", "é", "$input.body", ""])]).flat()],
      protocol: "HTTP/1.1",
      encrypted: false,
      remoteAddress: "192.0.2.1",
      remotePort: 1,
      hasBody: payload.length > 0,
      signal: new AbortController().signal,
      readBody: () => Promise.resolve(payload),
    };
  }
});

const PIECES = [
  "$input", "$input.body", "$input.path('$')", "$input.json('$..*')", "$input.params()", "$context", "$context.identity", "$util", "$stageVariables",
  ".constructor", "['__proto__']", ".prototype", ".get('a')", ".size()", ".class", "['constructor']", "[0]", "[-1]", ".keySet()", ".toString()",
  "#set($a = ", "$a", "$!a", "${a}", ")", "(", "#if($a)", "#else", "#end", "#foreach($e in ", "[1..999]", "$e", "#break", "#stop", "#evaluate($a)",
  "#macro(m $x)", "#m($a)", "#define($d)", "$d", "'x'", '"$a$a"', "{", "}", "[", "]", ",", " ", "\n", "##", "#*", "*#", "#[[", "]]#", "\\", "$", "#", "==", "&&", "1", "+", "0",
];

describe("random templates", () => {
  it("are refused with a place, fail with a reason or render, and see nothing of JavaScript", () => {
    const outcomes = { refused: 0, failed: 0, rendered: 0 };
    for (let seed = 1; seed <= TEMPLATES; seed += 1) {
      const random = randomness(seed);
      const source = random.times(25, () => random.pick(PIECES)).join("");
      outcomes[outcome(source, '{"a": [1, {"b": "c"}], "constructor": 1}', seed)] += 1;
    }
    expect(Object.values(outcomes).every((count) => count > 0), JSON.stringify(outcomes)).toBe(true);
  });

  it.each([
    ["#foreach($i in [1..1000])#foreach($j in [1..1000])#foreach($k in [1..1000])$k#end#end#end"],
    ["#foreach($i in [1..1000])$input.json('$..*..*..*')#end"],
    ["#foreach($i in [1..1000])$input.path('$..[?(@.a)]..[?(@.a)]')#end"],
    ["#set($s = $input.body)#foreach($i in [1..1000])#set($s = $s.concat($s))#end"],
    ["#foreach($i in [1..1000])$input.body.replaceAll('(a+)+$', 'x')$input.body.matches('(.*)*x')#end"],
    ["#macro(m)#m()#m()#end#m()"],
    ["#set($a = '#evaluate($a)')#evaluate($a)"],
    ["#set($m = {})#set($m.m = $m)$m.hashCode()$input.json('$')#set($r = $input.path('$'))#set($r.r = $r)$input.json('$')"],
    ["#set($l = [1..1000])#foreach($i in $l)#set($ignored = $l.addAll($l))#end$l"],
  ])("%s ends, by its steps", (source) => {
    const body = JSON.stringify({ a: Array.from({ length: 2000 }, (_, a) => ({ a, text: "a".repeat(20) })) });
    expect(outcome(source, body, 0)).toMatch(/^(?:failed|rendered)$/);
  });
});

const { method, pathValues, stage } = (() => {
  const plan = planOf({ "GET /{id}": {} });
  const routed = plan.route("/7", "GET");
  if (routed === undefined) throw new Error("no such method");
  return { ...routed, stage: plan };
})();

/** Fails for what takes longer than a hang. Processor time, not the clock's: others may have the machine. */
function withoutHang<T>(what: string, run: () => T): T {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000, what).toBeLessThan(HANG_MS);
  return result;
}

function outcome(source: string, body: string, seed: number): "refused" | "failed" | "rendered" {
  const facts = {
    stage, method, pathValues, requestId: "r", extendedRequestId: "e", receivedAt: 0, httpMethod: "GET", protocol: "HTTP/1.1", path: "/prod/7",
    domainName: HOST, sourceIp: "192.0.2.1", headers: ["X", "1"], rawQuery: "q=1", query: undefined, body: Buffer.from(body), requestDocument: undefined, overrides: undefined,
  };
  try {
    const text = withoutHang(`seed ${seed}: ${source}`, () => compileMappingTemplate(source).render(facts, jsonDocument(body), () => facts.headers));
    expect(text, `seed ${seed}: ${source}`).not.toMatch(OF_JAVASCRIPT);
    return "rendered";
  } catch (error) {
    if (error instanceof TemplateSyntaxError) {
      expect(error.line, source).toBeGreaterThan(0);
      return "refused";
    }
    if (error instanceof TemplateRuntimeError) return "failed";
    throw new Error(`seed ${seed}: ${source}`, { cause: error });
  }
}
