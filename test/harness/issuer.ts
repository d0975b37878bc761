// An issuer of tokens: a real server with a discovery document and a key set, and the private keys to sign with.
import { createSign, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface IssuerKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface TestIssuer extends AsyncDisposable {
  /** `http://127.0.0.1:{port}/{path}` */
  readonly issuer: string;
  /** The keys of the set, in order; change it to rotate them. */
  keys: IssuerKey[];
  /** What is published beside the keys. */
  extraKeys: object[];
  /** How many requests for each document have come, by the end of its path. */
  readonly asked: { discovery: number; keys: number };
  /** Answers in place of the documents. */
  respond: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Signs claims, with defaults that make a good token of them for so many seconds. */
  sign(claims?: Readonly<Record<string, unknown>>, options?: SignOptions): string;
  /** Stops listening and cuts what is open. */
  stop(): Promise<void>;
}

export interface SignOptions {
  /** The first of the set unless given. */
  readonly key?: IssuerKey;
  /** Over the header's own. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** In place of the claims. */
  readonly payload?: string;
}

export interface IssuerOptions {
  /** Milliseconds since the epoch; what `iat` and `exp` are made of. */
  readonly now?: () => number;
  /** Behind the host, without a slash before it; one at its end is part of the issuer alone. */
  readonly path?: string;
  /** A key that another issuer of the test has too. */
  readonly keys?: readonly IssuerKey[];
}

/** RSA keys take a while to make. */
export function newKey(kid: string, algorithm = "RS256"): IssuerKey {
  const pair = algorithm.startsWith("ES") ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid, algorithm, ...pair };
}

export const jwkOf = ({ kid, publicKey, algorithm }: IssuerKey): object => ({ ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: algorithm });

const base64url = (value: unknown): string => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token in its compact form. */
export function signToken({ algorithm, kid, privateKey }: IssuerKey, payload: string, header: Readonly<Record<string, unknown>> = {}): string {
  const signed = `${base64url({ alg: algorithm, kid, typ: "JWT", ...header })}.${base64url(payload)}`;
  const signature = algorithm.startsWith("ES")
    ? signBytes("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" })
    : createSign(`RSA-SHA${algorithm.slice(2)}`).update(signed).sign(privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}

export async function startIssuer({ now = Date.now, path = "pool", keys = [newKey("key-1")] }: IssuerOptions = {}): Promise<TestIssuer> {
  const root = `/${path}`.replace(/\/$/, "");
  const server = createServer((request, response) => {
    const isDiscovery = request.url === `${root}/.well-known/openid-configuration`;
    if (isDiscovery) started.asked.discovery++;
    else started.asked.keys++;
    if (started.respond !== undefined) return started.respond(request, response);
    const document = isDiscovery ? { issuer, jwks_uri: `http://${request.headers.host}${root}/keys?v=1` } : { keys: [...started.extraKeys, ...started.keys.map(jwkOf)] };
    if (!isDiscovery && request.url !== `${root}/keys?v=1`) return response.writeHead(404).end();
    return response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const started: TestIssuer = {
    issuer,
    keys: [...keys],
    extraKeys: [],
    asked: { discovery: 0, keys: 0 },
    respond: undefined,
    sign(claims = {}, { key = started.keys[0] as IssuerKey, header, payload } = {}) {
      const iat = Math.floor(now() / 1000);
      return signToken(key, payload ?? JSON.stringify({ iss: issuer, sub: "user", iat, exp: iat + 3600, ...claims }), header);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
  return started;
}
