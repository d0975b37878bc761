// A web page that the developer happens to visit must not be able to drive the control plane, and neither must anyone
// without an AWS authorization. With a real browser, since its rules are what a page is up against.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateRestApiCommand, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host;x-amz-date, Signature=" +
  "0".repeat(64);

const ATTACK = readFileSync(new URL("./attack.html", import.meta.url));

let gatehouse: Gatehouse;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
});
afterAll(() => gatehouse.stop());

async function apiNames(): Promise<(string | undefined)[]> {
  const { items = [] } = await gatehouse.apiGateway().send(new GetRestApisCommand({}));
  return items.map(({ name }) => name);
}

describe("a control-plane request is refused", () => {
  const create = (headers: Record<string, string>) =>
    call(`${gatehouse.url}/restapis`, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: '{"name":"evil"}' });

  it.each<[string, Record<string, string>, number]>([
    ["without an authorization", {}, 403],
    ["with a foreign Origin", { Authorization: AUTHORIZATION, Origin: "http://evil.example" }, 403],
    ["with the Origin of another port", { Authorization: AUTHORIZATION, Origin: "http://127.0.0.1:1" }, 403],
    ["with Origin null", { Authorization: AUTHORIZATION, Origin: "null" }, 403],
    ["from another site", { Authorization: AUTHORIZATION, "Sec-Fetch-Site": "cross-site" }, 403],
    ["for an unknown Host", { Authorization: AUTHORIZATION, Host: "evil.example" }, 403],
    ["for a rebound Host with a loopback prefix", { Authorization: AUTHORIZATION, Host: "127.0.0.1.evil.example" }, 403],
  ])("%s", async (_what, headers, status) => {
    const answer = await create(headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ message: expect.any(String) });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(await apiNames()).toEqual([]);
  });

  it("but not when it is an ordinary signed one", async () => {
    const answer = await create({ Authorization: AUTHORIZATION, "X-Amz-Date": "20260101T000000Z" });
    expect([answer.status, await apiNames()]).toEqual([201, ["evil"]]);
    const fresh = await startGatehouse({ args: ["--in-memory"] });
    await gatehouse.stop();
    gatehouse = fresh;
  });
});

describe.skipIf(CHROMIUM === undefined)("a page of another origin in Chromium (apt-get install chromium)", () => {
  let page: Server;
  let browser: Browser;

  beforeAll(async () => {
    page = createServer((_request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(ATTACK));
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({
      executablePath: CHROMIUM as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
  });
  afterAll(async () => {
    await browser.close();
    page.closeAllConnections();
    page.close();
  });

  it("creates nothing, by any way a page has", async () => {
    await gatehouse.apiGateway().send(new CreateRestApiCommand({ name: "mine" }));
    const { port } = page.address() as AddressInfo;
    // `localhost` and `127.0.0.1` are two origins, and two sites.
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      const tab = await browser.newPage();
      await tab.goto(origin);
      const outcomes = await tab.evaluate(`attack(${JSON.stringify({ target: gatehouse.url, authorization: AUTHORIZATION })})`);
      expect(outcomes).toEqual({
        signed: "TypeError: Failed to fetch",
        simple: "opaque",
        withQuery: "opaque",
        form: "sent",
        image: "failed",
        read: "TypeError: Failed to fetch",
      });
      await tab.close();
    }
    expect(await apiNames()).toEqual(["mine"]);
  });
});
