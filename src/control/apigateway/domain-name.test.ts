import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { call, callOf, type ControlPlane, NOW, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { domainNameKey, uploadedCertificates } from "../../domain/domain-name.ts";
import { AWS_LIMITS } from "../../domain/limits.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { certifiedKey } from "./client-certificate-x509.ts";

const EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/fb1b9770-a305-495d-aefb-27e5e101ff3";
const OTHER_EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/other";
const WEST = "arn:aws:acm:us-west-2:123456789012:certificate/cd833b28-58d2-407e-83e9-dce3fd852149";
const west = callOf("000000000000", "us-west-2");

const EDGE = { domainName: "edge.example.com", certificateArn: EDGE_CERTIFICATE } as const;
const REGIONAL = { domainName: "regional.example.com", regionalCertificateArn: WEST, endpointConfiguration: { types: ["REGIONAL"] } } as const;
const PRIVATE = { domainName: "private.example.com", certificateArn: WEST, endpointConfiguration: { types: ["PRIVATE"] } } as const;
const MUTUAL = { ...REGIONAL, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key-name" } } as const;

/** What AWS prints of these (AWS CLI reference, create-domain-name; guide: apigateway-custom-domain-tls-version). */
const EDGE_ANSWER = {
  domainName: "edge.example.com",
  domainNameArn: "arn:aws:apigateway:us-west-2::/domainnames/edge.example.com",
  certificateArn: EDGE_CERTIFICATE,
  certificateUploadDate: NOW,
  distributionDomainName: "di000000000001.cloudfront.net",
  distributionHostedZoneId: "Z2FDTNDATAQYW2",
  endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
  domainNameStatus: "AVAILABLE",
  securityPolicy: "TLS_1_2",
  routingMode: "BASE_PATH_MAPPING_ONLY",
};
const REGIONAL_ANSWER = {
  domainName: "regional.example.com",
  domainNameArn: "arn:aws:apigateway:us-west-2::/domainnames/regional.example.com",
  regionalCertificateArn: WEST,
  certificateUploadDate: NOW,
  regionalDomainName: "d-i000000001.execute-api.us-west-2.amazonaws.com",
  regionalHostedZoneId: "Z2OJLYMUO9EFXC",
  endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" },
  domainNameStatus: "AVAILABLE",
  securityPolicy: "TLS_1_2",
  routingMode: "BASE_PATH_MAPPING_ONLY",
};
const PRIVATE_ANSWER = {
  domainName: "private.example.com",
  domainNameId: "i000000001",
  domainNameArn: "arn:aws:apigateway:us-west-2:000000000000:/domainnames/private.example.com+i000000001",
  certificateArn: WEST,
  certificateUploadDate: NOW,
  endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "dualstack" },
  domainNameStatus: "AVAILABLE",
  securityPolicy: "TLS_1_2",
  routingMode: "BASE_PATH_MAPPING_ONLY",
};
const KEY = { domainName: "private.example.com", domainNameId: "i000000001" };
const NOT_FOUND = "NotFoundException: Invalid domain name identifier specified";

test.each<[Model.CreateDomainNameRequest, object]>([
  [EDGE, EDGE_ANSWER],
  [REGIONAL, REGIONAL_ANSWER],
  [PRIVATE, PRIVATE_ANSWER],
  [{ ...EDGE, domainName: "*.example.com" }, { ...EDGE_ANSWER, domainName: "*.example.com", domainNameArn: "arn:aws:apigateway:us-west-2::/domainnames/*.example.com" }],
  [{ ...EDGE, certificateName: "edge-cert", tags: { team: "a" } }, { ...EDGE_ANSWER, certificateName: "edge-cert", tags: { team: "a" } }],
  [{ ...EDGE, endpointConfiguration: { ipAddressType: "dualstack" } }, { ...EDGE_ANSWER, endpointConfiguration: { types: ["EDGE"], ipAddressType: "dualstack" } }],
  [
    { ...EDGE, securityPolicy: "SecurityPolicy_TLS13_2025_EDGE", endpointAccessMode: "STRICT" },
    { ...EDGE_ANSWER, securityPolicy: "SecurityPolicy_TLS13_2025_EDGE", endpointAccessMode: "STRICT" },
  ],
  [{ ...REGIONAL, securityPolicy: "TLS_1_0", routingMode: "ROUTING_RULE_ONLY" }, { ...REGIONAL_ANSWER, securityPolicy: "TLS_1_0", routingMode: "ROUTING_RULE_ONLY" }],
  [
    { ...REGIONAL, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" },
    { ...REGIONAL_ANSWER, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" },
  ],
  [
    { ...MUTUAL, ownershipVerificationCertificateArn: WEST, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key-name", truststoreVersion: "abcdef123" } },
    { ...REGIONAL_ANSWER, ownershipVerificationCertificateArn: WEST, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key-name", truststoreVersion: "abcdef123" } },
  ],
])("CreateDomainName %j", async (input, expected) => {
  const { api, domainsPublished } = startControlPlane();
  const created = await api.CreateDomainName(input, west);
  expect(created).toEqual(expected);
  const { domainName, domainNameId } = created;
  const key = { domainName: input.domainName, ...(domainNameId && { domainNameId }) };
  expect(domainsPublished).toEqual([[domainName, domainNameId ?? []].flat().join("+")]);
  expect(await api.GetDomainName(key, west)).toEqual(expected);
  expect(await api.DeleteDomainName(key, west)).toEqual({});
  expect(domainsPublished).toHaveLength(2);
  expect(await refusal(api.GetDomainName(key, west))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteDomainName(key, west))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateDomainName(key, west))).toBe(NOT_FOUND);
});

const NOT_A_NAME = "Domain names have two labels or more of a-z, 0-9 and hyphens, the first may be *";

test.each<[Model.CreateDomainNameRequest, string]>([
  [{ domainName: "a.example.com" }, "A certificate was not provided for the endpoint type EDGE."],
  [{ domainName: "a.example.com", certificateName: "named" }, "A certificate was not provided for the endpoint type EDGE."],
  [{ ...EDGE, endpointConfiguration: { types: ["REGIONAL"] } }, "Cannot import certificates for EDGE while REGIONAL is active."],
  [{ ...REGIONAL, endpointConfiguration: { types: ["EDGE"] } }, "Cannot import certificates for REGIONAL while EDGE is active."],
  [{ ...REGIONAL, endpointConfiguration: { types: ["PRIVATE"] } }, "Cannot import certificates for REGIONAL while PRIVATE is active."],
  [{ domainName: "a.example.com", endpointConfiguration: { types: ["REGIONAL"] } }, "A certificate was not provided for the endpoint type REGIONAL."],
  [{ domainName: "a.example.com", endpointConfiguration: { types: ["PRIVATE"] } }, "A certificate was not provided for the endpoint type PRIVATE."],
  [{ ...EDGE, endpointConfiguration: { types: ["EDGE", "REGIONAL"] } }, "Cannot create a domain name with multiple Endpoint Types."],
  [{ ...PRIVATE, endpointConfiguration: { types: ["PRIVATE"], vpcEndpointIds: ["vpce-1"] } }, "VPCEndpoints can only be specified with PRIVATE apis."],
  [{ ...PRIVATE, endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "ipv4" } }, "Only the dualstack IP address type is supported for PRIVATE domain names."],
  // ACM's ARNs, by their form and region.
  [{ ...EDGE, certificateArn: WEST }, `Invalid certificate ARN: ${WEST}. Certificate must be in 'us-east-1'.`],
  [{ ...REGIONAL, regionalCertificateArn: EDGE_CERTIFICATE }, `Invalid certificate ARN: ${EDGE_CERTIFICATE}. Certificate must be in 'us-west-2'.`],
  [{ ...PRIVATE, certificateArn: EDGE_CERTIFICATE }, `Invalid certificate ARN: ${EDGE_CERTIFICATE}. Certificate must be in 'us-west-2'.`],
  [
    { ...EDGE, certificateArn: "arn:aws:iam::123456789012:server-certificate/a" },
    "Invalid certificate ARN: arn:aws:iam::123456789012:server-certificate/a. Certificate must be in 'us-east-1'.",
  ],
  [{ ...MUTUAL, ownershipVerificationCertificateArn: "arn" }, "Invalid certificate ARN: arn. Certificate must be in 'us-west-2'."],
  // Names.
  ...["Api.example.com", "localhost", "127.0.0.1", "", "a..example.com", "-a.example.com", "a.*.example.com", "*", "a_b.example.com", "a.example.com.", "a.example.com:80", `${"a".repeat(64)}.com`, `${"a.".repeat(126)}com`].map(
    (domainName): [Model.CreateDomainNameRequest, string] => [{ ...EDGE, domainName }, `Invalid domain name specified: ${domainName}. ${NOT_A_NAME}`],
  ),
  [
    { ...EDGE, domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com" },
    "Invalid domain name specified: a1b2c3d4e5.execute-api.us-east-1.amazonaws.com. The label execute-api is API Gateway's own",
  ],
  [{ ...PRIVATE, domainName: "*.example.com" }, "Wildcard custom domain names are not supported for PRIVATE domain names."],
  // Security policies.
  [{ ...EDGE, securityPolicy: "SecurityPolicy_TLS13_2025_EDGE" }, "Endpoint access mode is required for the specified security policy"],
  [{ ...EDGE, endpointAccessMode: "BASIC" }, "The endpoint access mode can only be specified with a security policy that starts with SecurityPolicy_"],
  [
    { ...EDGE, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" },
    "The security policy SecurityPolicy_TLS13_1_3_2025_09 is not supported for the endpoint type EDGE.",
  ],
  [
    { ...REGIONAL, securityPolicy: "SecurityPolicy_TLS12_2018_EDGE", endpointAccessMode: "BASIC" },
    "The security policy SecurityPolicy_TLS12_2018_EDGE is not supported for the endpoint type REGIONAL.",
  ],
  [{ ...PRIVATE, securityPolicy: "TLS_1_0" }, "The security policy TLS_1_0 is not supported for the endpoint type PRIVATE."],
  // Mutual TLS.
  [{ ...EDGE, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key" } }, "Mutual TLS authentication is supported for Regional APIs only"],
  [{ ...MUTUAL, securityPolicy: "TLS_1_0" }, "Mutual TLS authentication requires the security policy TLS_1_2."],
  [{ ...MUTUAL, mutualTlsAuthentication: { truststoreUri: "https://bucket/key" } }, "Invalid truststore URI specified: https://bucket/key. It must be an Amazon S3 URL, s3://bucket-name/key-name"],
  // Policies.
  [{ ...REGIONAL, policy: '{"Statement":[{"Effect":"Allow"}]}' }, "Policies can only be specified with PRIVATE domain names."],
  [{ ...PRIVATE, policy: "{}" }, "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."],
  [{ ...EDGE, tags: { "aws:a": "b" } }, "Invalid tag key: aws:a. Tag keys must not start with aws:"],
])("CreateDomainName refuses %j", async (input, expected) => {
  const { api, domainsPublished } = startControlPlane();
  expect(await refusal(api.CreateDomainName(input, west))).toBe(`BadRequestException: ${expected}`);
  expect(await api.GetDomainNames({}, west)).toEqual({ items: [] });
  expect(domainsPublished).toEqual([]);
});

test.each(["gatehouse.example.com", "*.example.com", "localhost.localstack.cloud", "*.localstack.cloud", "*.localhost"])(
  "%s is not taken away from the program itself",
  async (domainName) => {
    const { api } = startControlPlane({ ownHosts: ["127.0.0.1", "Gatehouse.example.com", "localhost", "localhost.localstack.cloud"] });
    expect(await refusal(api.CreateDomainName({ ...EDGE, domainName }, west))).toBe(
      `BadRequestException: Invalid domain name specified: ${domainName}. Gatehouse itself is called by this name`,
    );
    expect((await api.CreateDomainName({ ...EDGE, domainName: "api.localhost" }, west)).domainName).toBe("api.localhost");
  },
);

test("edge-optimized domain names are for AWS's standard partition", async () => {
  const { api } = startControlPlane();
  expect(await refusal(api.CreateDomainName(EDGE, callOf("000000000000", "us-gov-west-1")))).toBe(
    "BadRequestException: Endpoint Configuration type EDGE is not supported in this region: us-gov-west-1",
  );
});

test.each([
  ["us-east-1", "aws", "amazonaws.com", "Z1UJRXOUMOOFQ8"],
  ["eu-west-1", "aws", "amazonaws.com", "ZLY8HYME6SFDD"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com", "Z1K6XKP9SAGWDV"],
  ["cn-north-1", "aws-cn", "amazonaws.com.cn", undefined],
])("the names of a regional domain name in %s", async (region, partition, suffix, regionalHostedZoneId) => {
  const { api } = startControlPlane();
  const regionalCertificateArn = `arn:${partition}:acm:${region}:123456789012:certificate/a`;
  expect(await api.CreateDomainName({ ...REGIONAL, regionalCertificateArn }, callOf("000000000000", region))).toEqual({
    ...REGIONAL_ANSWER,
    regionalCertificateArn,
    domainNameArn: `arn:${partition}:apigateway:${region}::/domainnames/regional.example.com`,
    regionalDomainName: `d-i000000001.execute-api.${region}.${suffix}`,
    regionalHostedZoneId,
  });
});

test("a private domain name's policy: execute-api:/* stands for the domain name (AWS CLI reference, create-domain-name)", async () => {
  const { api } = startControlPlane();
  const statement = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke" };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource: ["execute-api:/*"] }, { ...statement, Resource: "arn:aws:a" }] }, null, 2);
  const Resource = "arn:aws:execute-api:us-west-2:000000000000:/domainnames/private.example.com+i000000001";
  const expected = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource }, { ...statement, Resource: "arn:aws:a" }] });
  expect(await api.CreateDomainName({ ...PRIVATE, policy }, west)).toEqual({ ...PRIVATE_ANSWER, policy: expected });
});

test("uploaded certificates: kept apart, and never shown", async () => {
  const { api, store } = startControlPlane();
  const { certificate, privateKey } = await certifiedKey({ notBefore: NOW, notAfter: NOW + 86_400_000 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const name = { domainName: "edge.example.com", certificateName: "uploaded" };
  const upload = { ...name, certificateBody: certificate, certificatePrivateKey: privateKey, certificateChain: `${certificate}\n${certificate}` };
  const { certificateArn: _arn, ...rest } = EDGE_ANSWER;
  const refused = async (input: Model.CreateDomainNameRequest) => {
    const message = await refusal(api.CreateDomainName(input, west));
    expect(message).not.toContain("BEGIN");
    return message;
  };
  expect(await refused({ ...upload, certificateName: "" })).toBe("BadRequestException: Certificate name must be specified");
  const together = "BadRequestException: Certificate body and certificate private key must be specified together";
  expect(await refused({ ...name, certificateBody: certificate })).toBe(together);
  expect(await refused({ ...name, certificatePrivateKey: privateKey })).toBe(together);
  expect(await refused({ ...upload, certificatePrivateKey: other })).toBe("BadRequestException: Certificate private key does not match the certificate body");
  const noCertificate = "BadRequestException: Invalid certificate specified. Certificates must be PEM-encoded X.509 certificates";
  expect(await refused({ ...upload, certificateBody: privateKey })).toBe(noCertificate);
  expect(await refused({ ...upload, certificateChain: "none" })).toBe(noCertificate);
  expect(await refused({ ...upload, certificateChain: `${certificate}${privateKey}` })).toBe(noCertificate);
  expect(await refused({ ...upload, certificateChain: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" })).toBe(noCertificate);
  expect(await refused({ ...upload, certificatePrivateKey: "secret" })).toBe(
    "BadRequestException: Invalid certificate private key specified. It must be PEM-encoded and not encrypted",
  );

  const issued = { ...rest, certificateName: "uploaded", distributionDomainName: expect.stringMatching(/^d[a-z0-9]{13}\.cloudfront\.net$/) as string };
  expect(await api.CreateDomainName(upload, west)).toEqual(issued);
  expect(await api.GetDomainName(name, west)).toEqual(issued);
  expect(await api.GetDomainNames({}, west)).toEqual({ items: [issued] });
  const key = domainNameKey(west.account, west.region, name.domainName);
  const stored = await store.get(uploadedCertificates, key);
  expect(stored?.value).toEqual({ body: certificate, privateKey, chain: upload.certificateChain });
  const uploadKept = await api.UpdateDomainName({ ...name, patchOperations: [{ op: "replace", path: "/certificateName", value: "renamed" }] }, west);
  expect(uploadKept).toEqual({ ...issued, certificateName: "renamed" });
  expect(await refusal(api.UpdateDomainName({ ...name, patchOperations: [{ op: "remove", path: "/certificateName" }] }, west))).toBe(
    "BadRequestException: A certificate was not provided for the endpoint type EDGE.",
  );
  expect(await store.get(uploadedCertificates, key)).toBeDefined();
  // One of ACM's takes its place.
  await api.UpdateDomainName({ ...name, patchOperations: [{ op: "replace", path: "/certificateArn", value: EDGE_CERTIFICATE }] }, west);
  expect(await store.get(uploadedCertificates, key)).toBeUndefined();
  await api.DeleteDomainName(name, west);
  await api.CreateDomainName(upload, west);
  await api.DeleteDomainName(name, west);
  expect(await store.get(uploadedCertificates, key)).toBeUndefined();
});

test("GetDomainNames: by pages, those of the account in the region, in the order of their names", async () => {
  const { api } = startControlPlane();
  for (const name of ["c", "a", "b"]) await api.CreateDomainName({ ...EDGE, domainName: `${name}.example.com` }, west);
  await api.CreateDomainName({ ...EDGE, domainName: "d.example.com" }, call);
  const names = ({ items = [] }: Model.DomainNames) => items.map(({ domainName }) => domainName);
  const first = await api.GetDomainNames({ limit: 2 }, west);
  expect(names(first)).toEqual(["a.example.com", "b.example.com"]);
  const second = await api.GetDomainNames({ limit: 2, position: first.position as string, resourceOwner: "SELF" }, west);
  expect(names(second)).toEqual(["c.example.com"]);
  expect(second.position).toBeUndefined();
  expect(await refusal(api.GetDomainNames({ limit: 0 }, west))).toBe("BadRequestException: Invalid limit specified: 0. Must be at least 1");
});

const EXISTS = "BadRequestException: The domain name you provided already exists.";

test("public names are one of a kind in the installation; private ones in their account and region", async () => {
  const { api } = startControlPlane();
  const other = callOf("111122223333", "us-west-2");
  await api.CreateDomainName(EDGE, west);
  for (const caller of [west, call, other]) expect(await refusal(api.CreateDomainName(EDGE, caller))).toBe(EXISTS);
  await api.CreateDomainName({ ...PRIVATE, domainName: EDGE.domainName }, west);
  expect(await refusal(api.CreateDomainName({ ...PRIVATE, domainName: EDGE.domainName }, west))).toBe(EXISTS);
  await api.CreateDomainName({ ...PRIVATE, domainName: EDGE.domainName }, other);
  // Without an id, the public one is meant (guide: apigateway-private-custom-domains).
  expect((await api.GetDomainName({ domainName: EDGE.domainName }, west)).endpointConfiguration?.types).toEqual(["EDGE"]);
  await api.DeleteDomainName({ domainName: EDGE.domainName }, west);
  expect(await refusal(api.GetDomainName({ domainName: EDGE.domainName }, west))).toBe(NOT_FOUND);
  expect((await api.GetDomainNames({}, west)).items).toHaveLength(1);
  expect((await api.CreateDomainName(EDGE, other)).domainNameStatus).toBe("AVAILABLE");
});

test("many at once with one name: one gets it", async () => {
  const { api } = startControlPlane();
  const answers = await Promise.all(Array.from({ length: 8 }, () => refusal(api.CreateDomainName(EDGE, west))));
  expect(answers.filter((answer) => answer === EXISTS)).toHaveLength(7);
});

test("a wildcard takes in names of its own account alone (guide: how-to-custom-domains)", async () => {
  const { api } = startControlPlane();
  const other = callOf("111122223333", "us-west-2");
  await api.CreateDomainName({ ...EDGE, domainName: "a.example.com" }, west);
  await api.CreateDomainName({ ...EDGE, domainName: "a.b.example.com" }, west);
  expect(await refusal(api.CreateDomainName({ ...EDGE, domainName: "*.example.com" }, other))).toBe(EXISTS);
  expect((await api.CreateDomainName({ ...EDGE, domainName: "*.example.com" }, west)).domainName).toBe("*.example.com");
});

test("an account has 120 public and 50 private domain names in a region, and as many as are configured", async () => {
  expect(AWS_LIMITS).toMatchObject({ publicDomainNames: 120, privateDomainNames: 50 });
  const { api } = startControlPlane({ limits: { publicDomainNames: 1, privateDomainNames: 1 } });
  await api.CreateDomainName(EDGE, west);
  await api.CreateDomainName(PRIVATE, west);
  const expected = (sort: string) =>
    `LimitExceededException: Maximum number of ${sort} Domain Names for this account has been reached. Please contact AWS if you need additional Domain Names.`;
  expect(await refusal(api.CreateDomainName(REGIONAL, west))).toBe(expected("public"));
  expect(await refusal(api.CreateDomainName({ ...PRIVATE, domainName: "b.example.com" }, west))).toBe(expected("private"));
  expect((await api.CreateDomainName(EDGE_ELSEWHERE, call)).domainNameStatus).toBe("AVAILABLE");
});
const EDGE_ELSEWHERE = { ...EDGE, domainName: "elsewhere.example.com" };

type Patch = Model.PatchOperation;
const patched = (api: ControlPlane, input: Model.CreateDomainNameRequest, patchOperations: readonly Patch[]) => {
  const { domainName } = input;
  const key = input.endpointConfiguration?.types?.includes("PRIVATE") ? KEY : { domainName };
  return { key, update: api.UpdateDomainName({ ...key, patchOperations }, west) };
};

const ENHANCED = { ...REGIONAL, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" } as const;
const ENHANCED_ANSWER = { ...REGIONAL_ANSWER, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" };
const MUTUAL_ANSWER = { ...REGIONAL_ANSWER, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key-name" } };
const ALLOW = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}';
const ROTATED = { certificateUploadDate: NOW + 1 };

test.each<[Model.CreateDomainNameRequest, readonly Patch[], object]>([
  [EDGE, [{ op: "replace", path: "/certificateName", value: "named" }], { ...EDGE_ANSWER, certificateName: "named" }],
  [EDGE, [{ op: "add", path: "/certificateName", value: "named" }], { ...EDGE_ANSWER, certificateName: "named" }],
  [{ ...EDGE, certificateName: "named" }, [{ op: "remove", path: "/certificateName" }], EDGE_ANSWER],
  [EDGE, [{ op: "replace", path: "/certificateArn", value: OTHER_EDGE_CERTIFICATE }], { ...EDGE_ANSWER, ...ROTATED, certificateArn: OTHER_EDGE_CERTIFICATE }],
  [REGIONAL, [{ op: "add", path: "/regionalCertificateName", value: "named" }], { ...REGIONAL_ANSWER, regionalCertificateName: "named" }],
  [REGIONAL, [{ op: "replace", path: "/regionalCertificateName", value: "named" }], { ...REGIONAL_ANSWER, regionalCertificateName: "named" }],
  [{ ...REGIONAL, regionalCertificateName: "named" }, [{ op: "remove", path: "/regionalCertificateName" }], REGIONAL_ANSWER],
  [REGIONAL, [{ op: "replace", path: "/regionalCertificateArn", value: `${WEST}1` }], { ...REGIONAL_ANSWER, ...ROTATED, regionalCertificateArn: `${WEST}1` }],
  [REGIONAL, [{ op: "replace", path: "/endpointConfiguration/ipAddressType", value: "dualstack" }], { ...REGIONAL_ANSWER, endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "dualstack" } }],
  [ENHANCED, [{ op: "replace", path: "/endpointAccessMode", value: "STRICT" }], { ...ENHANCED_ANSWER, endpointAccessMode: "STRICT" }],
  [
    REGIONAL,
    [{ op: "replace", path: "/securityPolicy", value: "SecurityPolicy_TLS13_1_3_2025_09" }, { op: "replace", path: "/endpointAccessMode", value: "BASIC" }],
    ENHANCED_ANSWER,
  ],
  [ENHANCED, [{ op: "replace", path: "/securityPolicy", value: "TLS_1_2" }, { op: "replace", path: "/endpointAccessMode", value: "" }], REGIONAL_ANSWER],
  [REGIONAL, [{ op: "replace", path: "/routingMode", value: "ROUTING_RULE_THEN_BASE_PATH_MAPPING" }], { ...REGIONAL_ANSWER, routingMode: "ROUTING_RULE_THEN_BASE_PATH_MAPPING" }],
  [REGIONAL, [{ op: "add", path: "/mutualTlsAuthentication/truststoreUri", value: "s3://bucket-name/key-name" }], MUTUAL_ANSWER],
  [MUTUAL, [{ op: "replace", path: "/mutualTlsAuthentication/truststoreUri", value: "s3://bucket-name/b" }], { ...MUTUAL_ANSWER, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/b" } }],
  [MUTUAL, [{ op: "replace", path: "/mutualTlsAuthentication/truststoreUri", value: "" }], REGIONAL_ANSWER],
  [MUTUAL, [{ op: "remove", path: "/mutualTlsAuthentication/truststoreUri" }], REGIONAL_ANSWER],
  [
    MUTUAL,
    [{ op: "replace", path: "/mutualTlsAuthentication/truststoreVersion", value: "abcdef123" }],
    { ...MUTUAL_ANSWER, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key-name", truststoreVersion: "abcdef123" } },
  ],
  [
    MUTUAL,
    [{ op: "add", path: "/mutualTlsAuthentication/truststoreVersion", value: "1" }, { op: "remove", path: "/mutualTlsAuthentication/truststoreVersion" }],
    MUTUAL_ANSWER,
  ],
  [MUTUAL, [{ op: "add", path: "/ownershipVerificationCertificateArn", value: WEST }], { ...MUTUAL_ANSWER, ownershipVerificationCertificateArn: WEST }],
  [MUTUAL, [{ op: "replace", path: "/ownershipVerificationCertificateArn", value: WEST }], { ...MUTUAL_ANSWER, ownershipVerificationCertificateArn: WEST }],
  [{ ...MUTUAL, ownershipVerificationCertificateArn: WEST }, [{ op: "remove", path: "/ownershipVerificationCertificateArn" }], MUTUAL_ANSWER],
  [PRIVATE, [{ op: "replace", path: "/policy", value: ALLOW }], { ...PRIVATE_ANSWER, policy: ALLOW }],
  [{ ...PRIVATE, policy: ALLOW }, [{ op: "replace", path: "/policy", value: "" }], PRIVATE_ANSWER],
  [PRIVATE, [{ op: "replace", path: "/managementPolicy", value: ALLOW }], { ...PRIVATE_ANSWER, managementPolicy: ALLOW }],
])("UpdateDomainName: %j, %j", async (input, operations, expected) => {
  const { api, advance, domainsPublished } = startControlPlane();
  await api.CreateDomainName(input, west);
  advance(1);
  const { key, update } = patched(api, input, operations);
  expect(await update).toEqual(expected);
  expect(await api.GetDomainName(key, west)).toEqual(expected);
  expect(domainsPublished).toHaveLength(2);
});

const PATHS =
  "/certificateName, /certificateArn, /endpointConfiguration/types, /endpointConfiguration/types/{type}, /mutualTlsAuthentication/truststoreUri, " +
  "/mutualTlsAuthentication/truststoreVersion, /regionalCertificateName, /regionalCertificateArn, /ownershipVerificationCertificateArn";
const SEPARATELY = "Invalid patch operations specified: endpoint types and their certificates cannot be added and removed in the same request";

test.each<[Model.CreateDomainNameRequest, readonly Patch[], string]>([
  [EDGE, [{ op: "add", path: "/routingMode", value: "ROUTING_RULE_ONLY" }], `Invalid patch path  '/routingMode' specified for op 'add'. Must be one of: [${PATHS}]`],
  [EDGE, [{ op: "remove", path: "/domainName" }], `Invalid patch path  '/domainName' specified for op 'remove'. Must be one of: [${PATHS}]`],
  [EDGE, [{ op: "move", path: "/certificateName" }], "Invalid patch path  '/certificateName' specified for op 'move'. Must be one of: []"],
  [EDGE, [{ op: "replace", path: "/certificateArn", value: WEST }], `Invalid certificate ARN: ${WEST}. Certificate must be in 'us-east-1'.`],
  [EDGE, [{ op: "remove", path: "/certificateArn" }], "A certificate was not provided for the endpoint type EDGE."],
  [EDGE, [{ op: "add", path: "/endpointConfiguration/types", value: "REGIONAL" }], "A certificate was not provided for the endpoint type REGIONAL."],
  [EDGE, [{ op: "add", path: "/endpointConfiguration/types", value: "LOCAL" }], "Invalid patch value 'LOCAL' specified for path '/endpointConfiguration/types'. Must be one of: [EDGE, REGIONAL, PRIVATE]"],
  [EDGE, [{ op: "remove", path: "/endpointConfiguration/types", value: "EDGE" }], "A domain name must have an Endpoint Type."],
  // Quoted in github.com/hashicorp/terraform-provider-aws/issues/40692.
  [EDGE, [{ op: "replace", path: "/endpointConfiguration/types/0", value: "PRIVATE" }], "/endpointConfiguration/types/0 Invalid request input"],
  [EDGE, [{ op: "replace", path: "/endpointConfiguration/types/1", value: "REGIONAL" }], "/endpointConfiguration/types/1 Invalid request input"],
  [PRIVATE, [{ op: "add", path: "/endpointConfiguration/types", value: "REGIONAL" }], "/endpointConfiguration/types Invalid request input"],
  [
    EDGE,
    [{ op: "add", path: "/endpointConfiguration/types", value: "REGIONAL" }, { op: "remove", path: "/endpointConfiguration/types", value: "EDGE" }],
    SEPARATELY,
  ],
  [EDGE, [{ op: "add", path: "/regionalCertificateArn", value: WEST }, { op: "remove", path: "/certificateArn" }], SEPARATELY],
  [EDGE, [{ op: "replace", path: "/endpointConfiguration/ipAddressType", value: "ipv6" }], "Invalid patch value 'ipv6' specified for path '/endpointConfiguration/ipAddressType'. Must be one of: [ipv4, dualstack]"],
  [PRIVATE, [{ op: "replace", path: "/endpointConfiguration/ipAddressType", value: "ipv4" }], "Only the dualstack IP address type is supported for PRIVATE domain names."],
  // Quoted in github.com/hashicorp/terraform-provider-aws/issues/47552.
  [MUTUAL, [{ op: "replace", path: "/endpointAccessMode", value: "BASIC" }], "/endpointAccessMode Invalid request input"],
  [PRIVATE, [{ op: "replace", path: "/endpointAccessMode", value: "BASIC" }], "/endpointAccessMode Invalid request input"],
  [PRIVATE, [{ op: "replace", path: "/securityPolicy", value: "TLS_1_2" }], "/securityPolicy Invalid request input"],
  [REGIONAL, [{ op: "replace", path: "/policy", value: ALLOW }], "/policy Invalid request input"],
  [REGIONAL, [{ op: "replace", path: "/managementPolicy", value: ALLOW }], "/managementPolicy Invalid request input"],
  [PRIVATE, [{ op: "replace", path: "/policy", value: "{" }], "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."],
  [REGIONAL, [{ op: "replace", path: "/mutualTlsAuthentication/truststoreVersion", value: "1" }], "/mutualTlsAuthentication/truststoreVersion Invalid request input"],
  [EDGE, [{ op: "add", path: "/mutualTlsAuthentication/truststoreUri", value: "s3://bucket-name/key" }], "Mutual TLS authentication is supported for Regional APIs only"],
  [REGIONAL, [{ op: "replace", path: "/routingMode", value: "" }], "Invalid patch value '' specified for path '/routingMode'. Must be one of: [BASE_PATH_MAPPING_ONLY, ROUTING_RULE_ONLY, ROUTING_RULE_THEN_BASE_PATH_MAPPING]"],
  [ENHANCED, [{ op: "replace", path: "/endpointAccessMode", value: "STRICT" }, { op: "add", path: "/endpointConfiguration/types", value: "EDGE" }], "/endpointConfiguration/types Invalid request input"],
])("UpdateDomainName refuses %j, %j, and changes nothing", async (input, operations, expected) => {
  const { api, domainsPublished } = startControlPlane();
  const created = await api.CreateDomainName(input, west);
  const { key, update } = patched(api, input, operations);
  expect(await refusal(update)).toBe(`BadRequestException: ${expected}`);
  expect(await api.GetDomainName(key, west)).toEqual(created);
  expect(domainsPublished).toHaveLength(1);
});

test("a domain name migrates from an edge-optimized to a regional one (guide: apigateway-regional-api-custom-domain-migrate)", async () => {
  const { api } = startControlPlane();
  await api.CreateDomainName({ ...EDGE, certificateName: "edge-cert" }, west);
  const update = (...patchOperations: Patch[]) => api.UpdateDomainName({ domainName: EDGE.domainName, patchOperations }, west);
  const regional = { regionalCertificateArn: WEST, regionalDomainName: "d-i000000002.execute-api.us-west-2.amazonaws.com", regionalHostedZoneId: "Z2OJLYMUO9EFXC" };
  expect(
    await update({ op: "add", path: "/endpointConfiguration/types", value: "REGIONAL" }, { op: "add", path: "/regionalCertificateArn", value: WEST }),
  ).toEqual({ ...EDGE_ANSWER, certificateName: "edge-cert", ...regional, endpointConfiguration: { types: ["EDGE", "REGIONAL"], ipAddressType: "ipv4" } });
  // Guide: apigateway-custom-domain-tls-version, considerations.
  expect(await refusal(update({ op: "replace", path: "/securityPolicy", value: "TLS_1_0" }))).toBe("BadRequestException: /securityPolicy Invalid request input");
  const { certificateArn: _arn, distributionDomainName: _name, distributionHostedZoneId: _zone, ...rest } = EDGE_ANSWER;
  expect(
    await update(
      { op: "remove", path: "/endpointConfiguration/types", value: "EDGE" },
      { op: "remove", path: "/certificateName" },
      { op: "remove", path: "/certificateArn" },
    ),
  ).toEqual({ ...rest, ...regional, endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" } });
});

test("Terraform's update replaces the type at its place, with the certificates", async () => {
  const { api } = startControlPlane();
  await api.CreateDomainName(EDGE, west);
  const { endpointConfiguration, certificateArn, distributionDomainName } = await api.UpdateDomainName(
    {
      domainName: EDGE.domainName,
      patchOperations: [
        { op: "replace", path: "/certificateArn", value: "" },
        { op: "replace", path: "/endpointConfiguration/types/0", value: "REGIONAL" },
        { op: "replace", path: "/regionalCertificateArn", value: WEST },
      ],
    },
    west,
  );
  expect({ endpointConfiguration, certificateArn, distributionDomainName }).toEqual({ endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" } });
});

test("tags of domain names, by their ARNs", async () => {
  const { api } = startControlPlane();
  const edge = await api.CreateDomainName({ ...EDGE, tags: { a: "1" } }, west);
  const hidden = await api.CreateDomainName(PRIVATE, west);
  for (const { domainName, domainNameArn: resourceArn = "", domainNameId } of [edge, hidden]) {
    await api.TagResource({ resourceArn, tags: { b: "2" } }, west);
    expect((await api.GetTags({ resourceArn }, west)).tags).toMatchObject({ b: "2" });
    await api.UntagResource({ resourceArn, tagKeys: ["a"] }, west);
    expect((await api.GetDomainName({ domainName: domainName ?? "", ...(domainNameId && { domainNameId }) }, west)).tags).toEqual({ b: "2" });
  }
  const foreign = (hidden.domainNameArn as string).replace("000000000000", "111122223333");
  expect(await refusal(api.GetTags({ resourceArn: foreign }, west))).toBe(`BadRequestException: Invalid ARN specified: ${foreign}`);
  expect(await refusal(api.GetTags({ resourceArn: "arn:aws:apigateway:us-west-2::/domainnames/none.example.com" }, west))).toBe(NOT_FOUND);
});
