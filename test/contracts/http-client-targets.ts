// What every HTTP client must do with the certificate that it is to show and the address that it is to connect to,
// against TLS servers that ask who calls.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { certifiedKey } from "../../src/control/apigateway/client-certificate-x509.ts";
import type { TlsIdentity } from "../../src/domain/client-certificate.ts";
import { UpstreamError } from "../../src/ports/http-client.ts";
import type { HttpClient, UpstreamRequest } from "../../src/ports/http-client.ts";
import type { ClientSettings } from "./http-client.ts";

const pem = (name: string): string => readFileSync(new URL(`tls/${name}.pem`, import.meta.url), "utf8");
const KEY = pem("localhost-key");
const CERTIFICATE = pem("localhost-cert");

/** Whoever asks: the SHA-256 fingerprint of the certificate that was shown, empty for none. */
interface Caller {
  readonly fingerprint: string;
  readonly host: string | undefined;
  readonly localPort: number | undefined;
}

interface AskingServer extends AsyncDisposable {
  readonly port: number;
  readonly callers: Caller[];
  readonly connections: () => number;
}

/** Asks for certificates and takes what comes: it is the test that compares them. */
async function askingServer(encrypted = true): Promise<AskingServer> {
  const callers: Caller[] = [];
  let connections = 0;
  const server = encrypted
    ? createHttpsServer({ key: KEY, cert: CERTIFICATE, requestCert: true, rejectUnauthorized: false })
    : createHttpServer();
  server.on("connection", () => connections++);
  server.on("request", ({ socket, headers }: { socket: TLSSocket; headers: { host?: string } }, response: { end(body: string): void }) => {
    const shown = encrypted ? socket.getPeerX509Certificate() : undefined;
    callers.push({ fingerprint: shown?.fingerprint256 ?? "", host: headers.host, localPort: socket.localPort });
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    callers,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Adds tests of identities and addresses to the contract of HTTP clients. */
export function targetsContract(create: (settings: ClientSettings) => HttpClient): void {
  describe("whom a request is from, and where it goes", () => {
    targets(create);
  });
}

function targets(create: (settings: ClientSettings) => HttpClient): void {
  const clients: HttpClient[] = [];
  const client = (settings: ClientSettings = {}): HttpClient => {
    const made = create(settings);
    clients.push(made);
    return made;
  };
  const get = (origin: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
    method: "GET",
    origin,
    path: "/",
    headers: [],
    body: undefined,
    timeoutMs: 5_000,
    responseLimit: 1_000,
    ...more,
  });
  const failure = async (answer: Promise<unknown>): Promise<string> => {
    const error = await answer.then(() => "answered", (reason: unknown) => reason);
    return error instanceof UpstreamError ? error.failure : String(error);
  };

  const before = getCACertificates("default");
  const identities: TlsIdentity[] = [];
  const fingerprints: string[] = [];
  beforeAll(async () => {
    setDefaultCACertificates([...before, CERTIFICATE]);
    for (const name of ["first", "second"]) {
      const { certificate, privateKey } = await certifiedKey({ notBefore: Date.now() - 1_000, notAfter: Date.now() + 86_400_000 });
      identities.push({ name, certificate, privateKey: () => privateKey });
      fingerprints.push(new X509Certificate(certificate).fingerprint256);
    }
  });
  afterAll(() => setDefaultCACertificates(before));
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((made) => made.close()));
  });

  describe("a certificate of the client's own", () => {
    test("is shown to a server that asks, whole and streamed, and not without being asked for", async () => {
      await using server = await askingServer();
      const made = client();
      const origin = `https://localhost:${server.port}`;
      await made.request(get(origin, { identity: identities[0] }));
      for await (const _chunk of (await made.stream(get(origin, { identity: identities[0] }))).body) void _chunk;
      await made.request(get(origin));
      expect(server.callers.map(({ fingerprint }) => fingerprint)).toEqual([fingerprints[0], fingerprints[0], ""]);
      expect(server.connections()).toBe(2);
    });

    test("has its own connections: no other identity, and nobody without one, is sent over them", async () => {
      await using server = await askingServer();
      const made = client();
      const origin = `https://localhost:${server.port}`;
      const order = [identities[0], identities[1], undefined, identities[1], identities[0], undefined];
      for (const identity of order) await made.request(get(origin, { identity }));
      expect(server.callers.map(({ fingerprint }) => fingerprint)).toEqual([fingerprints[0], fingerprints[1], "", fingerprints[1], fingerprints[0], ""]);
      expect(server.connections()).toBe(3);
    });

    test("goes with insecure, too", async () => {
      await using server = await askingServer();
      await client().request(get(`https://localhost:${server.port}`, { identity: identities[0], insecure: true }));
      expect(server.callers.map(({ fingerprint }) => fingerprint)).toEqual([fingerprints[0]]);
    });
  });

  describe("an address", () => {
    test("is connected to in place of the origin's, which is not looked up; Host stays the origin's", async () => {
      await using server = await askingServer(false);
      const origin = "http://no-such-host.invalid:8080";
      expect((await client().request(get(origin, { address: `127.0.0.1:${server.port}` }))).body.toString()).toBe("ok");
      expect(server.callers).toEqual([{ fingerprint: "", host: "no-such-host.invalid:8080", localPort: server.port }]);
    });

    test("may be a name", async () => {
      await using server = await askingServer(false);
      const settings = { denied: ["::1"] };
      expect((await client(settings).request(get("http://no-such-host.invalid", { address: `localhost:${server.port}` }))).status).toBe(200);
    });

    test("does not change whose certificate is expected", async () => {
      await using server = await askingServer();
      const made = client();
      const address = `127.0.0.1:${server.port}`;
      expect((await made.request(get("https://localhost", { address }))).status).toBe(200);
      expect(await failure(made.request(get("https://other.example", { address })))).toBe("tls");
      expect(await failure(made.request(get("https://192.0.2.1", { address })))).toBe("tls");
      expect(await failure(made.request(get("https://other.example", { address, insecure: true })))).toBe("tls");
    });

    test("has its own connections", async () => {
      await using one = await askingServer(false);
      await using two = await askingServer(false);
      const made = client();
      const origin = `http://127.0.0.1:${one.port}`;
      for (const port of [two.port, one.port, two.port]) await made.request(get(origin, { address: `127.0.0.1:${port}` }));
      await made.request(get(origin));
      expect([one.callers.length, two.callers.length]).toEqual([2, 2]);
      expect([one.connections(), two.connections()]).toEqual([2, 1]);
    });

    test("that requests may not go to is refused", async () => {
      expect(await failure(client().request(get("http://127.0.0.1:1", { address: "169.254.169.254:80" })))).toBe("refusedAddress");
      expect(await failure(client({ denied: ["127.0.0.0/8", "::1"] }).request(get("http://127.0.0.1:1", { address: "localhost:80" })))).toBe("refusedAddress");
    });
  });
}
