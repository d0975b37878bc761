// Private integrations, and the certificate that a stage shows to its HTTP backends.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, it } from "vitest";
import { certifiedKey } from "../../src/control/apigateway/client-certificate-x509.ts";
import { startBackend } from "../harness/backend.ts";
import { startGateway } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";

const answered = { integrationResponses: { 200: { statusCode: "200" } } };
const KINDS = [
  { type: "HTTP", responseTransferMode: "BUFFERED" },
  { type: "HTTP_PROXY", responseTransferMode: "BUFFERED" },
  { type: "HTTP_PROXY", responseTransferMode: "STREAM" },
] as const;

// set-up-api-with-vpclink-cli: "The uri parameter is not used for routing requests to your endpoint, but is used for setting the Host header".
it.each(KINDS)("$type $responseTransferMode through a VPC link connects to its address; path and Host are the URI's", async (kind) => {
  await using backend = await startBackend();
  const integration = {
    ...answered,
    ...kind,
    httpMethod: "GET",
    uri: "http://pets.internal:8080/v1/pets",
    connectionType: "VPC_LINK",
    connectionId: "${stageVariables.link}",
  } as const;
  const privateAddress = (_: unknown, linkId: string) => (linkId === "gim7c3" ? backend.host : undefined);
  const plan = planOf({ "GET /": { integration } }, { stage: { variables: { link: "gim7c3" } }, backends: { privateAddress } });
  await using gate = await startGateway([plan]);
  expect(await gate.ask({})).toMatchObject({ status: 200, body: "hello" });
  const { url, rawHeaders = [] } = backend.reached[0] ?? {};
  expect(url).toBe("/v1/pets");
  expect(rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === "host") + 1]).toBe("pets.internal:8080");
});

it("stage variables may stand in an integration target", async () => {
  await using backend = await startBackend();
  const integration = { type: "HTTP_PROXY", httpMethod: "GET", uri: "http://pets.internal/", connectionType: "VPC_LINK", connectionId: "v2link" } as const;
  const privateAddress = (target: { readonly integrationTarget?: string }) => (target.integrationTarget === "arn:listener" ? backend.host : undefined);
  const method = { integration: { ...integration, integrationTarget: "arn:${stageVariables.kind}" } };
  await using gate = await startGateway([planOf({ "GET /": method }, { stage: { variables: { kind: "listener" } }, backends: { privateAddress } })]);
  expect(await gate.ask({})).toMatchObject({ status: 200, body: "hello" });
});

it.each([
  ["gim7c3", "No address is known for VPC link gim7c3; the setting vpc-links gives it one"],
  ["${stageVariables.link}", "No VPC link in ${stageVariables.link}"],
])("a VPC link that leads nowhere (%s) is a 500 whose reason is in the log", async (connectionId, reason) => {
  const integration = { type: "HTTP_PROXY", httpMethod: "GET", uri: "http://127.0.0.1:1/", connectionType: "VPC_LINK", connectionId } as const;
  await using gate = await startGateway([planOf({ "GET /": { integration } })]);
  expect(await gate.ask({})).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
  expect(JSON.stringify(gate.logged)).toContain(reason);
});

it.each(KINDS)("$type $responseTransferMode shows the stage's certificate to a backend that asks for one", async (kind) => {
  const { certificate, privateKey } = await certifiedKey({ notBefore: Date.now() - 1_000, notAfter: Date.now() + 86_400_000 });
  const pem = (name: string): Buffer => readFileSync(new URL(`../contracts/tls/${name}.pem`, import.meta.url));
  const options = { key: pem("localhost-key"), cert: pem("localhost-cert"), ca: certificate, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, ({ socket }, response) => response.end((socket as TLSSocket).getPeerX509Certificate()?.fingerprint256));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const uri = `https://localhost:${(server.address() as AddressInfo).port}`;
    const integration = { ...answered, ...kind, httpMethod: "GET", uri, tlsConfig: { insecureSkipVerification: true } };
    const identity = { name: "a1b2c3d4e5/prod/abc123", certificate, privateKey: () => privateKey };
    await using shown = await startGateway([planOf({ "GET /": { integration } }, { backends: { identity } })]);
    expect(await shown.ask({})).toMatchObject({ status: 200, body: new X509Certificate(certificate).fingerprint256 });
    await using without = await startGateway([planOf({ "GET /": { integration } })]);
    expect((await without.ask({})).status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify([shown.logged, without.logged])).not.toContain("PRIVATE KEY");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
