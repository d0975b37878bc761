import { createPublicKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { call, callOf, type ControlPlane, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { clientCertificateKeys, clientCertificates } from "../../domain/client-certificate.ts";
import { put } from "../../ports/store.ts";
import { certifiedKey } from "./client-certificate-x509.ts";

const NOT_FOUND = "NotFoundException: Invalid Client Certificate identifier specified";
const DAY = 86_400_000;

async function start() {
  const started = startControlPlane();
  const certificate = await started.api.GenerateClientCertificate({ description: "backend", tags: { team: "pets" } }, call);
  return { ...started, certificate, key: { clientCertificateId: certificate.clientCertificateId as string } };
}

async function deployedStage(api: ControlPlane) {
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  const use = (value: string) =>
    api.UpdateStage({ restApiId, stageName: "prod", patchOperations: [{ op: "replace", path: "/clientCertificateId", value }] }, call);
  return { restApiId, use };
}

test("GenerateClientCertificate, GetClientCertificate, GetClientCertificates by pages, DeleteClientCertificate", async () => {
  const { api, certificate, key } = await start();
  expect(certificate).toEqual({
    clientCertificateId: "i00001",
    description: "backend",
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\n(?:[A-Za-z0-9+/]{64}\r\n)+[A-Za-z0-9+/=]{1,64}\r\n-----END CERTIFICATE-----$/),
    createdDate: NOW,
    expirationDate: NOW + 365 * DAY,
    tags: { team: "pets" },
  });
  expect(await api.GetClientCertificate(key, call)).toEqual(certificate);
  const second = await api.GenerateClientCertificate({}, call);
  expect(second).toEqual({
    clientCertificateId: "i00002",
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN/),
    createdDate: NOW,
    expirationDate: NOW + 365 * DAY,
    tags: undefined,
  });
  const page = await api.GetClientCertificates({ limit: 1 }, call);
  expect(page).toEqual({ items: [certificate], position: expect.any(String) });
  expect(await api.GetClientCertificates({ position: page.position as string }, call)).toEqual({ items: [second] });
  expect(await api.GetClientCertificates({}, callOf("111111111111", "us-east-1"))).toEqual({ items: [] });
  expect(await api.DeleteClientCertificate(key, call)).toEqual({});
  expect(await refusal(api.GetClientCertificate(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateClientCertificate(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteClientCertificate(key, call))).toBe(NOT_FOUND);
});

// getting-started-client-side-ssl-authentication: "self-signed", "valid for 365 days".
test("a certificate is AWS's kind: RSA 2048, self-signed for C=US, L=Seattle, CN=ApiGateway, 365 days, without extensions", async () => {
  const { certificate } = await start();
  const x509 = new X509Certificate(certificate.pemEncodedCertificate as string);
  expect(x509.verify(x509.publicKey)).toBe(true);
  expect(x509.checkIssued(x509)).toBe(true);
  expect({
    subject: x509.subject,
    issuer: x509.issuer,
    from: x509.validFrom,
    to: x509.validTo,
    signature: x509.signatureAlgorithm,
    key: x509.publicKey.asymmetricKeyType,
    bits: x509.publicKey.asymmetricKeyDetails?.modulusLength,
    names: x509.subjectAltName,
    isAuthority: x509.ca,
  }).toEqual({
    subject: "C=US\nL=Seattle\nCN=ApiGateway",
    issuer: "C=US\nL=Seattle\nCN=ApiGateway",
    from: "Jan  2 03:04:05 2026 GMT",
    to: "Jan  2 03:04:05 2027 GMT",
    signature: "sha256WithRSAEncryption",
    key: "rsa",
    bits: 2048,
    names: undefined,
    isAuthority: false,
  });
  expect(x509.serialNumber).toMatch(/^[4-7][0-9A-F]{15}$/);
});

test("the private key is in the store, fits the certificate, and goes with it", async () => {
  const { api, store, certificate, key } = await start();
  const place = ["000000000000", "us-east-1", "i00001"];
  const { privateKey = "" } = (await store.get(clientCertificateKeys, place))?.value ?? {};
  expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  const ofKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
  expect(new X509Certificate(certificate.pemEncodedCertificate as string).publicKey.export({ type: "spki", format: "pem" })).toBe(ofKey);
  const shown = [certificate, await api.GetClientCertificate(key, call), await api.GetClientCertificates({}, call), await api.UpdateClientCertificate(key, call)];
  expect(JSON.stringify(shown)).not.toContain("PRIVATE KEY");
  await api.DeleteClientCertificate(key, call);
  expect(await store.get(clientCertificateKeys, place)).toBeUndefined();
});

test("making a key does not hold up the event loop", async () => {
  const { api } = startControlPlane();
  let turns = 0;
  let going = true;
  const turn = () => {
    turns++;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await api.GenerateClientCertificate({}, call);
  going = false;
  // A synchronous RSA key takes its tens of milliseconds in one turn.
  expect(turns).toBeGreaterThan(20);
});

test.each([
  [{ op: "replace", path: "/description", value: "new" }, { description: "new" }],
  [{ op: "replace", path: "/description", value: "" }, { description: undefined }],
] as const)("UpdateClientCertificate: %j", async (operation, changed) => {
  const { api, certificate, key } = await start();
  const answer = await api.UpdateClientCertificate({ ...key, patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...certificate, ...changed });
  expect(await api.GetClientCertificate(key, call)).toEqual(answer);
});

test.each([
  [{ op: "add", path: "/description", value: "x" }, "BadRequestException: Invalid patch path  '/description' specified for op 'add'. Must be one of: []"],
  [{ op: "remove", path: "/description" }, "BadRequestException: Invalid patch path  '/description' specified for op 'remove'. Must be one of: []"],
  [{ op: "replace", path: "/expirationDate", value: "0" }, "BadRequestException: Invalid patch path  '/expirationDate' specified for op 'replace'. Must be one of: [/description]"],
] as const)("UpdateClientCertificate refuses %j", async (operation, expected) => {
  const { api, certificate, key } = await start();
  const patchOperations = [{ op: "replace", path: "/description", value: "new" }, operation] as const;
  expect(await refusal(api.UpdateClientCertificate({ ...key, patchOperations }, call))).toBe(expected);
  expect(await api.GetClientCertificate(key, call)).toEqual(certificate);
});

test("a stage names a certificate, which cannot be deleted until it names another", async () => {
  const { api, published, certificate, key } = await start();
  const { restApiId, use } = await deployedStage(api);
  expect(await refusal(use("none"))).toBe("BadRequestException: Invalid Client Certificate identifier specified");
  published.length = 0;
  expect((await use(key.clientCertificateId)).clientCertificateId).toBe(certificate.clientCertificateId);
  expect(published).toEqual([`${restApiId}/prod`]);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  expect((await api.GetStage({ restApiId, stageName: "prod" }, call)).clientCertificateId).toBe(certificate.clientCertificateId);
  expect(await refusal(api.DeleteClientCertificate(key, call))).toBe(
    `BadRequestException: Cannot delete client certificate. Client certificate 'i00001', is referenced in [${restApiId}:prod] in format of [RESTApiId:Stage].`,
  );
  expect((await use("")).clientCertificateId).toBeUndefined();
  expect(await api.DeleteClientCertificate(key, call)).toEqual({});
  expect(await refusal(use(key.clientCertificateId))).toBe("BadRequestException: Invalid Client Certificate identifier specified");
});

test("certificates of other accounts and regions are not there", async () => {
  const { api, key } = await start();
  for (const stranger of [callOf("111111111111", "us-east-1"), callOf("000000000000", "eu-west-1")]) {
    expect(await refusal(api.GetClientCertificate(key, stranger))).toBe(NOT_FOUND);
    const { restApiId } = await petStore(api, stranger);
    await api.CreateDeployment({ restApiId, stageName: "prod" }, stranger);
    const patchOperations = [{ op: "replace", path: "/clientCertificateId", value: key.clientCertificateId }] as const;
    expect(await refusal(api.UpdateStage({ restApiId, stageName: "prod", patchOperations }, stranger))).toBe(
      "BadRequestException: Invalid Client Certificate identifier specified",
    );
  }
});

test("an account has so many client certificates in a region, also when many are asked for at once", async () => {
  const { api } = startControlPlane({ limits: { clientCertificates: 2 } });
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => refusal(api.GenerateClientCertificate({}, call))));
  const refused =
    "LimitExceededException: Maximum number of Client Certificates for this account has been reached. Please contact AWS if you need additional Client Certificates.";
  expect(outcomes.filter((outcome) => outcome === refused)).toHaveLength(2);
  expect((await api.GetClientCertificates({}, call)).items).toHaveLength(2);
  expect(await refusal(api.GenerateClientCertificate({}, call))).toBe(refused);
  expect((await api.GenerateClientCertificate({}, callOf("000000000000", "eu-west-1"))).clientCertificateId).toEqual(expect.any(String));
});

test("GenerateClientCertificate refuses tags that are none", async () => {
  const { api } = startControlPlane();
  expect(await refusal(api.GenerateClientCertificate({ tags: { "aws:x": "y" } }, call))).toBe(
    "BadRequestException: Invalid tag key: aws:x. Tag keys must not start with aws:",
  );
  expect(await api.GetClientCertificates({}, call)).toEqual({ items: [] });
});

test("a certificate is deleted, or used by a stage, whoever is first", async () => {
  const { api, store } = startControlPlane();
  const { restApiId, use } = await deployedStage(api);
  const { clientCertificateId: made } = await api.GenerateClientCertificate({}, call);
  const certificate = await store.get(clientCertificates, ["000000000000", "us-east-1", made as string]);
  for (let round = 0; round < 20; round++) {
    const clientCertificateId = `round${round}`;
    // Its key does not matter here, and would take its time.
    const value = { ...(certificate as NonNullable<typeof certificate>).value, clientCertificateId };
    await store.commit([put(clientCertificates, ["000000000000", "us-east-1", clientCertificateId], value, "absent")]);
    const both = [() => refusal(api.DeleteClientCertificate({ clientCertificateId }, call)), () => refusal(use(clientCertificateId))];
    const outcomes = await Promise.all((round % 2 === 0 ? both : both.toReversed()).map((each) => each()));
    expect(outcomes.filter((outcome) => outcome.startsWith("accepted"))).toHaveLength(1);
    const isThere = (await refusal(api.GetClientCertificate({ clientCertificateId }, call))).startsWith("accepted");
    expect((await api.GetStage({ restApiId, stageName: "prod" }, call)).clientCertificateId === clientCertificateId).toBe(isThere);
    await use("");
  }
});

// RFC 5280, section 4.1.2.5: two digits of the year until 2049, four from 2050 on.
test("a certificate may reach over the middle of the century", async () => {
  const { certificate } = await certifiedKey({ notBefore: Date.UTC(2049, 11, 31, 23, 59, 59), notAfter: Date.UTC(2050, 0, 1) });
  const { validFrom, validTo } = new X509Certificate(certificate);
  expect([validFrom, validTo]).toEqual(["Dec 31 23:59:59 2049 GMT", "Jan  1 00:00:00 2050 GMT"]);
});
