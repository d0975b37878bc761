// The developer guide's mapping templates, each in a folder of templates/: `template.vtl` and `case.json` (the page, and
// the request) and `in.txt` (the body) make exactly `out.txt`, which as JSON is what the page prints (`printed.txt`).
// UPDATE_GOLDEN=1 writes `out.txt` anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileMappingTemplate, jsonDocument } from "../../src/plan/mapping-template/index.ts";
import type { Override, OverrideMap } from "../../src/plan/mapping-template/index.ts";
import type { RequestFacts } from "../../src/plan/facts.ts";
import { planOf } from "../harness/rest-api.ts";

const FOLDER = join(import.meta.dirname, "templates");

interface Case {
  readonly page: string;
  readonly side: "request" | "response";
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: readonly string[];
  /** What the template overrides, where it does. */
  readonly overrides?: { readonly status?: string; readonly header?: Readonly<Record<string, Override["value"]>> };
}

function factsOf({ path = {}, query = "", headers = [] }: Case, body: string): RequestFacts {
  const names = Object.keys(path);
  const resource = `/${names.map((name) => `{${name}}`).join("/")}`;
  const stage = planOf({ [`GET ${resource}`]: {} }, {});
  const found = stage.route(`/${Object.values(path).join("/")}`, "GET");
  if (found === undefined) throw new Error(`no method for ${resource}`);
  return {
    stage,
    method: found.method,
    pathValues: found.pathValues,
    requestId: "11111111-2222-4333-8444-555555555555",
    extendedRequestId: "ERERESIiQzOERFU=",
    receivedAt: Date.UTC(2020, 2, 4, 19, 15, 17, 135),
    httpMethod: "GET",
    protocol: "HTTP/1.1",
    path: `/prod${resource}`,
    domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
    sourceIp: "192.0.2.1",
    headers,
    rawQuery: query,
    query: undefined,
    body: Buffer.from(body),
    requestDocument: undefined,
    overrides: undefined,
  };
}

const plain = (map: OverrideMap) => Object.fromEntries(Array.from(map.values(), ({ name, value }) => [name, value]));

const at = (name: string, file: string): string => join(FOLDER, name, file);
const read = (name: string, file: string): string => (existsSync(at(name, file)) ? readFileSync(at(name, file), "utf8") : "");

function render(name: string) {
  const its = JSON.parse(read(name, "case.json")) as Case;
  const body = read(name, "in.txt");
  const facts = factsOf(its, body);
  const text = compileMappingTemplate(read(name, "template.vtl")).render(facts, jsonDocument(body), () => facts.headers);
  return { its, facts, text };
}

const NAMES = readdirSync(FOLDER);

describe("a template of the guide", () => {
  it.each(NAMES)("%s renders to its file", (name) => {
    const { text } = render(name);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(at(name, "out.txt"), text);
    expect(text).toBe(read(name, "out.txt"));
  });

  it.each(NAMES.filter((name) => existsSync(at(name, "printed.txt"))))("%s is what the page prints", (name) => {
    expect(JSON.parse(render(name).text)).toEqual(JSON.parse(read(name, "printed.txt")));
  });

  it.each(NAMES)("%s overrides what the page says, and nothing else", (name) => {
    const { its, facts } = render(name);
    const { status, header } = its.overrides ?? {};
    expect(facts.overrides?.response.status).toBe(status);
    expect(plain(facts.overrides?.request.header ?? new Map())).toEqual(header ?? {});
  });
});
