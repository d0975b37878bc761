// The listener's TLS: which clients it takes, the certificate and its renewal, and what is refused before it listens.
import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { ListenError, listen } from "../../src/adapters/http-listener/index.ts";
import type { HttpHandler } from "../../src/ports/http-server.ts";
import { pemFile, start, TLS } from "./http-listener-clients.ts";
import { converse, rawConnection } from "./raw-connection.ts";

const directory = mkdtempSync(join(tmpdir(), "gatehouse-tls-"));
afterAll(() => rmSync(directory, { recursive: true }));

const handler: HttpHandler = ({ protocol, encrypted }) => ({ status: 200, headers: [], body: `${protocol} ${encrypted}` });

const begin = () => start(handler, {}, { tls: TLS });

/** Connects, and resolves when the handshake is done. @throws its failure. */
function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false, ...options });
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

test.each([
  [["h2", "http/1.1"], "h2"],
  [["http/1.1", "h2"], "h2"],
  [["http/1.1"], "http/1.1"],
  [undefined, false],
])("a client that offers %j speaks %s", async (offered, spoken) => {
  const { port } = await begin();
  const socket = await shake(port, offered === undefined ? {} : { ALPNProtocols: offered });
  expect(socket.alpnProtocol).toBe(spoken);
  if (spoken !== "h2") {
    socket.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let answer = "";
    for await (const chunk of socket) answer += String(chunk);
    expect(answer.split("\r\n\r\n")[1]).toBe("HTTP/1.1 true");
  }
  socket.destroy();
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
test.each<[string, ConnectionOptions, string]>([
  ["TLS 1.3", { minVersion: "TLSv1.3" }, "TLSv1.3 TLS_AES_128_GCM_SHA256"],
  ["TLS 1.2", { maxVersion: "TLSv1.2" }, "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256"],
  ["TLS 1.2 with an old cipher of the policy", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-SHA384" }, "TLSv1.2 ECDHE-ECDSA-AES256-SHA384"],
])("the policy TLS_1_2 takes %s", async (_, options, expected) => {
  const { port } = await begin();
  const socket = await shake(port, options);
  expect(`${socket.getProtocol()} ${socket.getCipher().name}`).toBe(expected);
  socket.destroy();
});

test.each<[string, ConnectionOptions]>([
  ["TLS 1.1", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }],
  ["TLS 1.0", { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" }],
  ["a cipher with SHA-1", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" }],
  ["a cipher of another policy", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" }],
  ["a protocol that is not spoken", { ALPNProtocols: ["spdy/3"] }],
])("the policy TLS_1_2 refuses %s", async (_, options) => {
  const { port, events } = await begin();
  await expect(shake(port, options)).rejects.toThrow(/alert|handshake|disconnected/);
  await expect.poll(() => events.map(({ message }) => message)).toContain("a handshake failed");
});

test.each(["TLSv1.2", "TLSv1.3"] as const)("a session is resumed: %s", async (version) => {
  const { port } = await begin();
  const versions = { minVersion: version, maxVersion: version };
  const first = connect({ port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false, ...versions });
  const session = await new Promise<Buffer>((resolve) => first.on("session", resolve));
  const second = await shake(port, { ...versions, session });
  expect(second.isSessionReused()).toBe(true);
  first.destroy();
  second.destroy();
});

test("plain HTTP gets no answer on a port with TLS", async () => {
  const { port, events } = await begin();
  expect(await converse(port, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")).toMatch(/^(\x15\x03[^]{5})?$/);
  expect(events.filter(({ level }) => level === "error")).toEqual([]);
});

test("a handshake that does not come is cut off", async () => {
  const { port } = await start(handler, { headersTimeoutMs: 50 }, { tls: TLS });
  const silent = await rawConnection(port);
  expect(await silent.closed()).toBe("");
});

test("closing does not wait for handshakes", async () => {
  const { port, listener } = await begin();
  const silent = await rawConnection(port);
  const idle = await shake(port);
  const ended = new Promise((resolve) => idle.on("close", resolve));
  await listener.close(60_000);
  await ended;
  expect(await silent.closed()).toBe("");
});

test("a client that leaves in the middle of its handshake does no harm", async () => {
  const { port, events } = await begin();
  for (let i = 0; i < 10; i++) (await rawConnection(port)).socket.resetAndDestroy();
  (await shake(port)).destroy();
  expect(events.filter(({ level }) => level === "error")).toEqual([]);
});

test.each([
  ["--http2", "HTTP/2.0 true 2"],
  ["--http1.1", "HTTP/1.1 true 1.1"],
])("curl %s", async (version, expected) => {
  const { port } = await begin();
  const args = ["--silent", "--cacert", TLS.certificate, version, "--write-out", " %{http_version}", "--output", "-", `https://localhost:${port}/`];
  let said: string;
  try {
    said = (await promisify(execFile)("curl", args)).stdout;
  } catch (error) {
    // A machine without curl, or with one that speaks no HTTP/2.
    if (/ENOENT|does not support|doesn't support/.test(String(error))) return;
    throw error;
  }
  expect(said).toBe(expected);
});

const put = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const pem = (name: string): string => readFileSync(pemFile(name), "utf8");

const locked = (): string =>
  createPrivateKey(pem("localhost-key")).export({ type: "sec1", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" }).toString();

test.each<[string, () => { certificate: string; key: string }, RegExp]>([
  ["no certificate", () => ({ ...TLS, certificate: "/none.pem" }), /^Cannot read the certificate \/none\.pem: there is no such file$/],
  ["no key", () => ({ ...TLS, key: "/none.pem" }), /^Cannot read the key \/none\.pem: there is no such file$/],
  ["a directory", () => ({ ...TLS, key: directory }), /^Cannot read the key .+: it is a directory$/],
  ["a key for a certificate", () => ({ ...TLS, certificate: TLS.key }), /^Cannot use the certificate .+: it holds no certificate in PEM$/],
  ["a certificate for a key", () => ({ ...TLS, key: TLS.certificate }), /^Cannot use the key .+: it holds no private key in PEM$/],
  ["text", () => ({ ...TLS, certificate: put("text", "hello") }), /^Cannot use the certificate .+: it holds no certificate in PEM$/],
  ["a damaged certificate", () => ({ ...TLS, certificate: put("damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") }), /^Cannot use the certificate .+: it holds no certificate in PEM$/],
  ["a key with a passphrase", () => ({ ...TLS, key: put("locked", locked()) }), /^Cannot use the key .+: it is locked with a passphrase$/],
  ["a key of another certificate", () => ({ ...TLS, key: pemFile("renewed-key") }), /^Cannot use the key .+: it does not belong to the certificate .+$/],
])("a pair that cannot be used is refused in one line: %s", async (_, tls, message) => {
  const { log } = silent();
  const failure: unknown = await listen({ host: "127.0.0.1", port: 0, handler, log, tls: tls() }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ListenError);
  expect((failure as Error).message).toMatch(message);
});

function silent() {
  const nothing = () => undefined;
  return { log: { debug: nothing, info: nothing, warn: nothing, error: nothing } };
}

test("an expired certificate is served, and the log says so", async () => {
  const { events } = await start(handler, {}, { tls: { ...TLS, certificate: pemFile("localhost-expired-cert") } });
  expect(events).toEqual([
    {
      level: "warn",
      message: "the certificate has expired",
      fields: { file: pemFile("localhost-expired-cert"), names: "DNS:localhost", validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    },
  ]);
});

test("a renewed certificate is served without a restart; a pair that does not fit leaves the old one in use", async () => {
  const certificate = join(directory, "cert.pem");
  const key = join(directory, "key.pem");
  copyFileSync(TLS.certificate, certificate);
  copyFileSync(TLS.key, key);
  const { port, events } = await start(handler, {}, { tls: { certificate, key, checkEveryMs: 20 } });
  const served = async (): Promise<string> => {
    const socket = await shake(port);
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  };
  const before = await served();
  const kept = await shake(port);

  renameSync(put("next-cert", pem("renewed-cert")), certificate);
  await expect.poll(() => events.map(({ message }) => message)).toContain("the certificate could not be renewed, and the one in use stays");
  expect(await served()).toBe(before);

  renameSync(put("next-key", pem("renewed-key")), key);
  await expect.poll(served).toBe("renewed");
  expect(events.filter(({ level }) => level === "info" || level === "warn")).toEqual([
    {
      level: "warn",
      message: "the certificate could not be renewed, and the one in use stays",
      fields: { reason: `Cannot use the key ${key}: it does not belong to the certificate ${certificate}` },
    },
    {
      level: "info",
      message: "the certificate was renewed",
      fields: { file: certificate, names: "CN=renewed", validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    },
  ]);

  // Connections that were open go on, and files that vanish change nothing.
  rmSync(key);
  await expect.poll(() => events.filter(({ level }) => level === "warn")).toHaveLength(2);
  expect(await served()).toBe("renewed");
  kept.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  let answer = "";
  for await (const chunk of kept) answer += String(chunk);
  expect(answer).toMatch(/HTTP\/1\.1 true$/);
});
