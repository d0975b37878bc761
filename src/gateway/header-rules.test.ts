import { describe, expect, it } from "vitest";
import type { HeaderRule } from "./header-rules.ts";
import { REQUEST_RULES, RESPONSE_RULES } from "./header-rules.ts";

/** The page's table, in its words: a header, towards HTTP, HTTP_PROXY and Lambda, and back from them. */
const PAGE = `
Age                | pass            | pass
Accept             | pass            | drop/pass/pass
Accept-Charset     | pass            | pass
Accept-Encoding    | pass            | pass
Authorization      | credential      | remap
Content-Encoding   | pass/drop/pass  | pass
Content-MD5        | drop            | remap
Content-Type       | pass            | pass
Date               | pass            | remap
Expect             | drop            | drop
Max-Forwards       | drop            | remap
Pragma             | pass            | pass
Proxy-Authenticate | drop            | drop
Range              | pass            | pass
Referer            | pass            | pass
Server             | drop            | remap
TE                 | drop            | drop
Trailer            | drop            | drop
Upgrade            | drop            | drop
User-Agent         | pass            | remap
Via                | drop/drop/pass  | pass/drop/drop
Warn               | pass            | pass
WWW-Authenticate   | drop            | remap
`;

/** What the page says in other words, or what answers and events on AWS show otherwise; see the comments in the table. */
const BESIDES = `
Connection         | drop            | remap
Content-Length     | own             | length
Host               | own/own/pass    | drop
Transfer-Encoding  | drop            | drop
`;

const rows = (PAGE + BESIDES)
  .trim()
  .split(/\n+/)
  .map((line) => line.split("|").map((cell) => cell.trim()) as [string, string, string]);

const three = (cell: string): readonly string[] => (cell.includes("/") ? cell.split("/") : [cell, cell, cell]);

describe("api-gateway-known-issues: headers that are dropped, remapped or modified", () => {
  it.each(rows)("%s: %s, %s", (name, request, response) => {
    const all = (rules: typeof REQUEST_RULES | typeof RESPONSE_RULES): readonly HeaderRule[] => [
      rules.http(name),
      rules.httpProxy(name.toLowerCase()),
      rules.lambda(name.toUpperCase()),
    ];
    expect(all(REQUEST_RULES)).toEqual(three(request));
    expect(all(RESPONSE_RULES)).toEqual(three(response));
  });

  it("lets all others pass, however many there are", () => {
    for (let i = 0; i < 5_000; i++) expect(REQUEST_RULES.httpProxy(`X-Other-${i}`)).toBe("pass");
    expect(REQUEST_RULES.httpProxy("sErVeR")).toBe("drop");
  });
});
