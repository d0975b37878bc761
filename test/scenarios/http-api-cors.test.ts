// CORS of HTTP APIs in a real browser: pages of two origins ask an API of a third, which lets one of them in
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiGatewayV2Client, CreateApiCommand, DeleteCorsConfigurationCommand, UpdateApiCommand } from "@aws-sdk/client-apigatewayv2";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "../harness/backend.ts";
import { type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

describe.skipIf(CHROMIUM === undefined)("in Chromium (apt-get install chromium)", () => {
  let gatehouse: Gatehouse;
  let client: ApiGatewayV2Client;
  let backend: Backend;
  let server: Server;
  let browser: Browser;
  /** `localhost` and `127.0.0.1` are two origins; the API is at a third, by its port. */
  let allowed: Page;
  let other: Page;

  beforeAll(async () => {
    backend = await startBackend((response) => {
      response.writeHead(200, { "X-Own": "1", "X-Hidden": "2", "Access-Control-Allow-Origin": "*" });
      response.end("hello");
    });
    server = createServer((_request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>page</title>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    gatehouse = await startGatehouse({ args: ["--in-memory"] });
    client = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
    browser = await chromium.launch({
      executablePath: CHROMIUM as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    const { port } = server.address() as AddressInfo;
    allowed = await browser.newPage();
    await allowed.goto(`http://127.0.0.1:${port}`);
    other = await browser.newPage();
    await other.goto(`http://localhost:${port}`);
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await gatehouse.stop();
    await backend[Symbol.asyncDispose]();
  });
  beforeEach(() => void backend.reached.splice(0));

  const originOf = (page: Page): string => new URL(page.url()).origin;

  /** An API with a `$default` route to the backend. */
  const newApi = async (): Promise<string> => (await client.send(new CreateApiCommand({ Name: "pets", ProtocolType: "HTTP", Target: backend.url }))).ApiId as string;

  const urlOf = (apiId: string): string => `${gatehouse.url}/_aws/execute-api/${apiId}/$default/pets`;

  interface Outcome {
    readonly status: number;
    readonly body: string;
    readonly own: string | null;
    readonly hidden: string | null;
  }

  /** What a page's script gets for its fetch. */
  async function fetchIn(page: Page, apiId: string, init: object = {}): Promise<Outcome | string> {
    const given = JSON.stringify([urlOf(apiId), init]);
    const script = `fetch(...${given}).then(
      async (answer) => ({ status: answer.status, body: await answer.text(), own: answer.headers.get("x-own"), hidden: answer.headers.get("x-hidden") }),
      (error) => String(error),
    )`;
    return page.evaluate<Outcome | string>(script);
  }

  const REFUSED = "TypeError: Failed to fetch";
  const answer = (own: string | null): Outcome => ({ status: 200, body: "hello", own, hidden: null });
  const methods = (): readonly string[] => backend.reached.map(({ method }) => method);
  /** Asks for a preflight. */
  const put = { method: "PUT", headers: { "X-Mine": "1" }, body: "{}" };

  it("lets the configured origin in, and no other", async () => {
    const apiId = await newApi();
    const cors = { AllowOrigins: [originOf(allowed)], AllowMethods: ["GET", "PUT"], AllowHeaders: ["x-mine"], ExposeHeaders: ["x-own"] };
    await client.send(new UpdateApiCommand({ ApiId: apiId, CorsConfiguration: cors }));

    expect(await fetchIn(allowed, apiId)).toEqual(answer("1"));
    expect(await fetchIn(allowed, apiId, put)).toEqual(answer("1"));
    expect(methods()).toEqual(["GET", "PUT"]);

    // A request without a preflight reaches the backend; its answer is kept from the page.
    expect(await fetchIn(other, apiId)).toBe(REFUSED);
    expect(await fetchIn(other, apiId, put)).toBe(REFUSED);
    expect(methods()).toEqual(["GET", "PUT", "GET"]);
  });

  it("lets in what is configured of methods, headers and credentials alone", async () => {
    const apiId = await newApi();
    const cors = { AllowOrigins: [originOf(allowed)], AllowMethods: ["GET", "PUT"], AllowHeaders: ["x-mine"] };
    await client.send(new UpdateApiCommand({ ApiId: apiId, CorsConfiguration: cors }));
    expect(await fetchIn(allowed, apiId, { ...put, method: "DELETE" })).toBe(REFUSED);
    expect(await fetchIn(allowed, apiId, { ...put, headers: { "X-Other": "1" } })).toBe(REFUSED);
    expect(await fetchIn(allowed, apiId, { ...put, credentials: "include" })).toBe(REFUSED);
    expect(methods()).toEqual([]);
    await client.send(new UpdateApiCommand({ ApiId: apiId, CorsConfiguration: { ...cors, AllowCredentials: true } }));
    expect(await fetchIn(allowed, apiId, { ...put, credentials: "include" })).toEqual(answer(null));
    expect(methods()).toEqual(["PUT"]);
  });

  it("lets everybody in by wildcards, but not with credentials", async () => {
    const apiId = await newApi();
    await client.send(new UpdateApiCommand({ ApiId: apiId, CorsConfiguration: { AllowOrigins: ["*"], AllowMethods: ["*"], AllowHeaders: ["*"], ExposeHeaders: ["x-own"] } }));
    for (const page of [allowed, other]) expect(await fetchIn(page, apiId, put)).toEqual(answer("1"));
    expect(await fetchIn(other, apiId, { credentials: "include" })).toBe(REFUSED);
    expect(methods()).toEqual(["PUT", "PUT", "GET"]);
  });

  it("leaves CORS to the backend without a configuration", async () => {
    const apiId = await newApi();
    await client.send(new UpdateApiCommand({ ApiId: apiId, CorsConfiguration: { AllowOrigins: [originOf(allowed)] } }));
    expect(await fetchIn(other, apiId)).toBe(REFUSED);
    await client.send(new DeleteCorsConfigurationCommand({ ApiId: apiId }));
    expect(await fetchIn(other, apiId)).toEqual(answer(null));
    // The backend's answer to a preflight request allows no PUT.
    expect(await fetchIn(other, apiId, put)).toBe(REFUSED);
    expect(methods()).toEqual(["GET", "GET", "OPTIONS"]);
  });
});
