// What an issuer says of itself, as an authorizer that is to trust it is made.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startIssuer } from "../../../test/harness/issuer.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import { createHttpClient } from "../http-client/index.ts";
import { createIssuerDiscovery } from "./index.ts";

let httpClient: HttpClient;
beforeAll(() => {
  httpClient = createHttpClient();
});
afterAll(() => httpClient.close());

const discovery = (httpOnLoopback = true) => createIssuerDiscovery({ httpClient, httpOnLoopback });

describe("discovery", () => {
  it("finds the key set, and does not ask for the keys", async () => {
    await using issuer = await startIssuer({ path: "tenant/" });
    expect(await discovery().discover(issuer.issuer)).toEqual({ jwksUri: `${issuer.issuer}keys?v=1` });
    expect(issuer.asked).toEqual({ discovery: 1, keys: 0 });
  });

  it.each([
    ["of another issuer", (own: string) => ({ issuer: `${own}/`, jwks_uri: own }), "the discovery document at ISSUER/.well-known/openid-configuration is not of the issuer ISSUER"],
    ["without a key set", (own: string) => ({ issuer: own }), "the discovery document at ISSUER/.well-known/openid-configuration names no key set"],
    ["with a key set in clear text elsewhere", (own: string) => ({ issuer: own, jwks_uri: "http://example.com/keys" }), "http://example.com is not reached over https"],
    ["with a key set in a file", (own: string) => ({ issuer: own, jwks_uri: "file:///etc/keys" }), "null is not reached over https"],
    ["with a key set far down", (own: string) => ({ issuer: own, jwks_uri: `https://example.com/${"a".repeat(2_048)}` }), "the key set of ISSUER has too long an address"],
    ["that is null", () => null, "the discovery document at ISSUER/.well-known/openid-configuration is not of the issuer ISSUER"],
  ])("takes no document %s", async (_what, documentOf, failure) => {
    await using issuer = await startIssuer();
    issuer.respond = (_request, response) => void response.end(JSON.stringify(documentOf(issuer.issuer)));
    expect(await discovery().discover(issuer.issuer)).toEqual({ failure: failure.replaceAll("ISSUER", issuer.issuer) });
  });

  it("fails where there is no document", async () => {
    await using issuer = await startIssuer();
    issuer.respond = (_request, response) => void response.writeHead(404).end();
    expect(await discovery().discover(issuer.issuer)).toEqual({ failure: `${issuer.issuer}/.well-known/openid-configuration answers 404` });
  });

  it("fails in its time where nobody answers", async () => {
    await using issuer = await startIssuer();
    issuer.respond = () => undefined;
    const found = await discovery().discover(issuer.issuer);
    expect(found).toEqual({ failure: expect.stringContaining(`${issuer.issuer}/.well-known/openid-configuration cannot be read (`) as unknown });
  });

  it("fails where nobody listens, and for an issuer that is no URL", async () => {
    const issuer = await startIssuer();
    await issuer.stop();
    expect(await discovery().discover(issuer.issuer)).toEqual({ failure: expect.stringContaining("(connect") as unknown });
    expect(await discovery().discover("issuer")).toEqual({ failure: "issuer/.well-known/openid-configuration is no URL" });
  });

  it("asks nobody in clear text, outside development on this machine too", async () => {
    await using issuer = await startIssuer();
    expect(await discovery(false).discover(issuer.issuer)).toEqual({ failure: `${new URL(issuer.issuer).origin} is not reached over https` });
    expect(issuer.asked).toEqual({ discovery: 0, keys: 0 });
  });

  it("only asks where the operator lets requests go", async () => {
    await using issuer = await startIssuer();
    const guarded = createHttpClient({ denied: ["127.0.0.0/8"] });
    const found = await createIssuerDiscovery({ httpClient: guarded, httpOnLoopback: true }).discover(issuer.issuer);
    expect(found).toEqual({ failure: expect.stringContaining("(refusedAddress)") as unknown });
    expect(issuer.asked).toEqual({ discovery: 0, keys: 0 });
    await guarded.close();
  });
});
