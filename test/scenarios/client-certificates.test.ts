// Client certificates through the AWS SDK and the `aws` command, against a backend that takes no request without one
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html).
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetResourcesCommand,
  GetTagsCommand,
  paginateGetClientCertificates,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  TestInvokeMethodCommand,
  UpdateClientCertificateCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws, awsInstalled } from "../harness/aws-command.ts";
import { callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

const pem = (name: string): string => readFileSync(new URL(`../contracts/tls/${name}.pem`, import.meta.url), "utf8");

let gatehouse: Gatehouse;
let client: APIGatewayClient;
let backend: Server;
/** The fingerprints of the certificates that the backend has seen, oldest first, and on how many connections. */
const seen: string[] = [];
let connections = 0;

/**
 * Whom the backend answers. It knows its clients by their certificates' fingerprints: to OpenSSL's eyes, certificates of
 * one name and without key identifiers, as AWS's are, are one, so that it would not take two of them at a time.
 */
let trusted: readonly string[] = [];

beforeAll(async () => {
  const options = { key: pem("localhost-key"), cert: pem("localhost-cert"), requestCert: true, rejectUnauthorized: false };
  backend = createServer(options, ({ socket }, response) => {
    const shown = (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? "";
    seen.push(shown);
    if (trusted.includes(shown)) response.end("hello world\n");
    else response.writeHead(403).end("unknown client");
  });
  backend.on("secureConnection", () => connections++);
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  gatehouse = await startGatehouse({ args: ["--log-level", "debug"] });
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  await gatehouse.stop();
  backend.closeAllConnections();
  await new Promise((resolve) => backend.close(resolve));
});

const fingerprint = (certificate: { readonly pemEncodedCertificate?: string | undefined }): string =>
  new X509Certificate(certificate.pemEncodedCertificate as string).fingerprint256;

const generate = (description: string) => client.send(new GenerateClientCertificateCommand({ description }));

/** An API with three ways to the backend, deployed to `prod`. */
async function deployedApi() {
  const { id = "", rootResourceId = "" } = await client.send(new CreateRestApiCommand({ name: "verified" }));
  const uri = `https://localhost:${(backend.address() as AddressInfo).port}`;
  const kinds = { http: ["HTTP", "BUFFERED"], proxy: ["HTTP_PROXY", "BUFFERED"], stream: ["HTTP_PROXY", "STREAM"] } as const;
  for (const [pathPart, [type, responseTransferMode]] of Object.entries(kinds)) {
    const { id: resourceId = "" } = await client.send(new CreateResourceCommand({ restApiId: id, parentId: rootResourceId, pathPart }));
    const method = { restApiId: id, resourceId, httpMethod: "GET" };
    await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    const tlsConfig = { insecureSkipVerification: true };
    await client.send(new PutIntegrationCommand({ ...method, type, integrationHttpMethod: "GET", uri, responseTransferMode, tlsConfig }));
  }
  const proxy = { restApiId: id, httpMethod: "GET", resourceId: await resourceIdOf(id, "/proxy") };
  await client.send(new CreateDeploymentCommand({ restApiId: id, stageName: "prod" }));
  return { restApiId: id, proxy };
}

async function resourceIdOf(restApiId: string, path: string): Promise<string> {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  return items.find((each) => each.path === path)?.id as string;
}

const use = (restApiId: string, stageName: string, value: string) =>
  client.send(new UpdateStageCommand({ restApiId, stageName, patchOperations: [{ op: "replace", path: "/clientCertificateId", value }] }));

it("is made, listed over pages, described, tagged and deleted", async () => {
  const made = [await generate("first"), await generate("second"), await generate("third")];
  const [first] = made;
  const key = { clientCertificateId: first?.clientCertificateId as string };
  const { $metadata: _read, ...read } = await client.send(new GetClientCertificateCommand(key));
  const { $metadata, ...answer } = first ?? {};
  expect($metadata?.httpStatusCode).toBe(201);
  expect(read).toEqual(answer);
  expect(read).toEqual({
    clientCertificateId: expect.stringMatching(/^[a-z][a-z0-9]{5}$/),
    description: "first",
    pemEncodedCertificate: expect.stringContaining("-----BEGIN CERTIFICATE-----"),
    createdDate: expect.any(Date),
    expirationDate: expect.any(Date),
  });
  expect(Number(read.expirationDate) - Number(read.createdDate)).toBe(365 * 86_400_000);

  const listed: (string | undefined)[] = [];
  for await (const page of paginateGetClientCertificates({ client, pageSize: 2 }, {})) {
    expect(page.items?.length).toBeLessThanOrEqual(2);
    listed.push(...(page.items ?? []).map(({ clientCertificateId }) => clientCertificateId));
  }
  expect(listed).toEqual(expect.arrayContaining(made.map(({ clientCertificateId }) => clientCertificateId)));
  expect(new Set(listed).size).toBe(listed.length);

  const patchOperations = [{ op: "replace", path: "/description", value: "1st" }] as const;
  expect((await client.send(new UpdateClientCertificateCommand({ ...key, patchOperations: [...patchOperations] }))).description).toBe("1st");
  const resourceArn = `arn:aws:apigateway:us-east-1::/clientcertificates/${key.clientCertificateId}`;
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: "pets" } }));
  expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: "pets" });

  expect((await client.send(new DeleteClientCertificateCommand(key))).$metadata.httpStatusCode).toBe(202);
  await expect(client.send(new GetClientCertificateCommand(key))).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid Client Certificate identifier specified",
  });
});

it("is shown to the backend by every HTTP integration of the stage, and rotated without downtime", async () => {
  const { restApiId, proxy } = await deployedApi();
  const first = await generate("old");
  const old = first.clientCertificateId as string;
  trusted = [fingerprint(first)];
  seen.length = 0;
  expect(await callApi(gatehouse, restApiId, "/prod/proxy")).toMatchObject({ status: 403, body: "unknown client" });

  await use(restApiId, "prod", old);
  for (const path of ["http", "proxy", "stream"]) {
    const answer = await callApi(gatehouse, restApiId, `/prod/${path}`);
    // An HTTP integration without responses fails after the call.
    expect([path, answer.status]).toEqual([path, path === "http" ? 500 : 200]);
  }
  expect(seen).toEqual(["", ...Array<string>(3).fill(fingerprint(first))]);
  await expect(client.send(new DeleteClientCertificateCommand({ clientCertificateId: old }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: `Cannot delete client certificate. Client certificate '${old}', is referenced in [${restApiId}:prod] in format of [RESTApiId:Stage].`,
  });

  // "Rotate an expiring client certificate"
  const second = await generate("new");
  trusted = [first, second].map(fingerprint);
  await use(restApiId, "prod", second.clientCertificateId as string);
  expect((await callApi(gatehouse, restApiId, "/prod/proxy")).status).toBe(200);
  trusted = [fingerprint(second)];
  await client.send(new DeleteClientCertificateCommand({ clientCertificateId: old }));
  expect(await callApi(gatehouse, restApiId, "/prod/proxy")).toMatchObject({ status: 200, body: "hello world\n" });
  expect(seen.at(-1)).toBe(fingerprint(second));

  // "Test invoke to verify the client certificate configuration"
  const clientCertificateId = second.clientCertificateId as string;
  const tested = await client.send(new TestInvokeMethodCommand({ ...proxy, clientCertificateId }));
  expect([tested.status, tested.body]).toEqual([200, "hello world\n"]);
  expect((await client.send(new TestInvokeMethodCommand(proxy))).status).toBe(403);
  await expect(client.send(new TestInvokeMethodCommand({ ...proxy, clientCertificateId: old }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Invalid Client Certificate identifier specified",
  });
});

it("stays with its stage: no other stage's requests go over its connections", async () => {
  const { restApiId } = await deployedApi();
  const [one, two] = [await generate("one"), await generate("two")];
  trusted = [one, two].map(fingerprint);
  for (const stageName of ["blue", "green", "bare"]) await client.send(new CreateDeploymentCommand({ restApiId, stageName }));
  await use(restApiId, "prod", one.clientCertificateId as string);
  await use(restApiId, "blue", one.clientCertificateId as string);
  await use(restApiId, "green", two.clientCertificateId as string);
  seen.length = 0;
  connections = 0;
  for (const stage of ["prod", "blue", "green", "prod", "blue", "green"]) expect((await callApi(gatehouse, restApiId, `/${stage}/proxy`)).status).toBe(200);
  expect(seen).toEqual([one, one, two, one, one, two].map(fingerprint));
  expect(connections).toBe(3);
  expect((await callApi(gatehouse, restApiId, "/bare/proxy")).status).toBe(403);
});

it("keeps its private key to itself: not in answers, not in logs, and the data directory is its owner's", async () => {
  const output = gatehouse.output();
  expect(output).not.toContain("PRIVATE KEY");
  const files = readdirSync(gatehouse.dataDir).filter((name) => name.startsWith("gatehouse.db"));
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) expect(statSync(join(gatehouse.dataDir, name)).mode & 0o077).toBe(0);
});

it("is served again after a restart", async () => {
  const { restApiId } = await deployedApi();
  const certificate = await generate("kept");
  trusted = [fingerprint(certificate)];
  await use(restApiId, "prod", certificate.clientCertificateId as string);
  await gatehouse.stop();
  gatehouse = await startGatehouse({ dataDir: gatehouse.dataDir, args: ["--log-level", "debug"] });
  client = gatehouse.apiGateway();
  seen.length = 0;
  expect((await callApi(gatehouse, restApiId, "/prod/proxy")).status).toBe(200);
  expect(seen).toEqual([fingerprint(certificate)]);
});

describe.skipIf(!awsInstalled)("with the aws command", { timeout: 120_000 }, () => {
  it("is made, shown and deleted (the guide's commands)", async () => {
    const certificate = await aws(gatehouse, "apigateway", "generate-client-certificate", "--description", "My First Client Certificate");
    const id = certificate["clientCertificateId"] as string;
    const [listed, shown] = await Promise.all([
      aws(gatehouse, "apigateway", "get-client-certificates"),
      aws(gatehouse, "apigateway", "get-client-certificate", "--client-certificate-id", id),
    ]);
    expect(shown).toEqual(certificate);
    expect(listed["items"]).toContainEqual(certificate);
    expect(await aws(gatehouse, "apigateway", "delete-client-certificate", "--client-certificate-id", id)).toEqual({});
    await expect(aws(gatehouse, "apigateway", "get-client-certificate", "--client-certificate-id", id)).rejects.toThrow(
      "An error occurred (NotFoundException) when calling the GetClientCertificate operation: Invalid Client Certificate identifier specified",
    );
  });
});
