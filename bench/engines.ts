// The rows that need no server: what mapping templates cost beside velocityjs, and validation beside JSON.parse. All that
// is compared takes turns in this process, round after round; the figures are medians of the thread's processor time.
import { readdirSync, readFileSync } from "node:fs";
import { Compile, parse } from "velocityjs";
import { compileBodyValidation } from "../src/plan/body-validation.ts";
import { createPatternEngine } from "../src/pattern/index.ts";
import type { HostMethod, Value } from "../src/vtl/index.ts";
import { parseJson, parseTemplate, utilObject } from "../src/vtl/index.ts";
import { integrationOf, snapshotOf } from "../test/harness/rest-api.ts";
import { median } from "./measure.ts";

/** One template or body, in microseconds of processor time. */
export interface EngineFigures {
  readonly name: string;
  /** Reading and compiling the template or the model. */
  readonly compile: number;
  /** Rendering the template, or validating the body from its bytes. */
  readonly run: number;
  /** velocityjs rendering the same template, which it has parsed; JSON.parse of the same body, from its bytes. */
  readonly baseline: number;
  /** `baseline / run`: 1 is as little as the other takes, more is less. */
  readonly ratio: number;
}

/** Microseconds of a round: the clock counts in ticks of milliseconds. */
const ROUND = 40_000;

const GOLDEN = new URL("../test/golden/templates/", import.meta.url);

export interface EnginePlan {
  readonly rounds: number;
  /** Microseconds of processor time that each work takes in a round, at least. */
  readonly roundUs?: number;
}

/** The mapping templates of the guide. */
export function measureTemplates(plan: EnginePlan, say: (progress: string) => void): EngineFigures[] {
  const patterns = createPatternEngine();
  const names = readdirSync(GOLDEN).filter((name) => /^(example-|models-)/.test(name));
  return names.map((name) => {
    say(`VTL: ${name}`);
    const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, GOLDEN), "utf8");
    const [source, body] = [read("template.vtl"), read("in.txt")];
    const context = contextFor(body);
    const template = parseTemplate(source, { patterns });
    const rival = rivalOf(source, body);
    if (template.render(context).length !== rival().length) throw new Error(`${name}: velocityjs renders something else`);
    return figures(name, plan, () => parseTemplate(source, { patterns }), () => template.render(context), rival);
  });
}

/** Only `$`, the whole body: what is measured is the template engine. */
function contextFor(body: string): Map<string, Value> {
  const root = parseJson(body);
  const path: HostMethod = () => root;
  return new Map<string, Value>([
    ["input", { kind: "host", methods: new Map([["path", path]]) }],
    ["util", utilObject],
  ]);
}

/** velocityjs takes plain objects, and gives lists and maps the methods that the templates ask of them. */
function rivalOf(source: string, body: string): () => string {
  const root: unknown = JSON.parse(body);
  const compiler = new Compile(parse(source));
  return () => compiler.render({ input: { path: () => root } });
}

/** An order, as an API's client sends it. */
const MODEL = {
  $schema: "http://json-schema.org/draft-04/schema#",
  type: "object",
  required: ["id", "customer", "lines"],
  additionalProperties: false,
  properties: {
    id: { type: "string", pattern: "^[A-Z]{2}-[0-9]{6}$" },
    placed: { type: "string", format: "date-time" },
    customer: {
      type: "object",
      required: ["name", "email"],
      properties: { name: { type: "string", minLength: 1, maxLength: 100 }, email: { type: "string", format: "email" } },
    },
    state: { enum: ["new", "paid", "sent"] },
    lines: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["sku", "count", "price"],
        properties: {
          sku: { type: "string" },
          count: { type: "integer", minimum: 1, maximum: 1000 },
          price: { type: "number", minimum: 0, multipleOf: 0.01 },
          tags: { type: "array", items: { type: "string" }, uniqueItems: true },
        },
      },
    },
  },
};

function order(lines: number, price: string): Buffer {
  const line = (at: number): string => `{"sku":"sku-${at}","count":${1 + at},"price":${price},"tags":["red","large"]}`;
  const customer = '{"name":"Ada Lovelace","email":"ada@example.com"}';
  const list = Array.from({ length: lines }, (_, at) => line(at)).join(",");
  return Buffer.from(`{"id":"AB-123456","placed":"2026-11-22T10:00:00Z","customer":${customer},"state":"paid","lines":[${list}]}`);
}

/** Bodies of one model: small, large, and with numbers that JavaScript does not tell apart (19.90). */
const BODIES: readonly (readonly [name: string, body: Buffer])[] = [
  ["order of 3 lines", order(3, "19.99")],
  ["order of 500 lines", order(500, "19.99")],
  ["order of 500 lines, prices as 19.90", order(500, "19.90")],
];

/** Bodies and their model. */
export function measureValidation(plan: EnginePlan, say: (progress: string) => void): EngineFigures[] {
  const models = [{ id: "m", name: "Order", contentType: "application/json", schema: JSON.stringify(MODEL) }];
  const snapshot = snapshotOf({}, { models });
  const method = {
    resourceId: "r",
    httpMethod: "POST",
    authorizationType: "NONE" as const,
    apiKeyRequired: false,
    methodResponses: {},
    methodIntegration: integrationOf({}),
    requestModels: { "application/json": "Order" },
  };
  // A snapshot of its own: models are compiled once for each.
  const compile = () => compileBodyValidation(method, { ...snapshot })?.choose("application/json");
  const validate = compile();
  return BODIES.map(([name, body]) => {
    say(`validation: ${name}`);
    const wrong = validate?.(body);
    if (validate === undefined || wrong !== undefined) throw new Error(`${name} is not as its model has it: ${wrong}`);
    const { length } = body;
    return figures(`${name} (${length} bytes)`, plan, compile, () => validate(body), () => JSON.parse(body.toString("utf8")) as unknown);
  });
}

/** Warms the three up, and lets them take turns. */
function figures(name: string, { rounds, roundUs = ROUND }: EnginePlan, ...works: readonly [() => unknown, () => unknown, () => unknown]): EngineFigures {
  const batches = works.map((work) => batchFor(work, roundUs));
  for (const [at, work] of works.entries()) spent(work, batches[at] ?? 1);
  const times: number[][] = works.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, work] of works.entries()) times[at]?.push(oneOf(work, batches[at] ?? 1, roundUs));
  }
  const [compile = 0, run = 0, baseline = 0] = times.map(median);
  return { name, compile, run, baseline, ratio: baseline / run };
}

/** Microseconds of one work, of as many as take a round: the clock of a busy machine may not tick within fewer. */
function oneOf(work: () => unknown, batch: number, roundUs: number): number {
  let [done, took] = [0, 0];
  for (; took < roundUs; done += batch) took += spent(work, batch);
  return took / done;
}

/** How often a work is done until the clock shows a round. */
function batchFor(work: () => unknown, roundUs: number): number {
  for (let batch = 1; ; batch *= 2) if (spent(work, batch) >= roundUs) return batch;
}

/** Microseconds. */
function spent(work: () => unknown, times: number): number {
  const start = now();
  for (let at = 0; at < times; at += 1) work();
  return now() - start;
}

/** The thread's processor time in microseconds, so that others on the machine do not count. */
const now = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};
