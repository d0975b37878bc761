// Domain names, which move between endpoints, and their base path mappings.
import type { Row } from "../patch-case.ts";
import { add, EDGE_CERTIFICATE, MUTUAL_URI, type Patch, set } from "../updatable.ts";
import { ADD, ALL, BAD_POLICY, NON_EMPTY, oneOf, POLICY, REMOVE, REPLACE, SECURITY_POLICIES } from "./words.ts";

const OTHER_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/two";
const CERTIFICATE = { "~": "Invalid certificate ARN: ~. Certificate must be in 'us-east-1'." };
const toEdge = { given: "regional", besides: [add("/endpointConfiguration/types", "EDGE")] } as const;
const TWO_TYPES = [add("/endpointConfiguration/types", "REGIONAL"), add("/regionalCertificateArn", EDGE_CERTIFICATE)];
const dropType = (value: string): Patch => ({ op: "remove", path: "/endpointConfiguration/types", value });
const fromEdge: Partial<Row> = { given: "edge", before: TWO_TYPES, besides: [dropType("EDGE")] };
const EDGE_GAINED = {
  "/endpointConfiguration/types/1": "EDGE",
  "/certificateArn": EDGE_CERTIFICATE,
  "/distributionDomainName": /^d\w+\.cloudfront\.net$/,
  "/distributionHostedZoneId": "Z2FDTNDATAQYW2",
};
const EDGE_PARTS_LOST = { "/certificateArn": undefined, "/distributionDomainName": undefined, "/distributionHostedZoneId": undefined };
const EDGE_LOST = { ...EDGE_PARTS_LOST, "/endpointConfiguration/types/0": "REGIONAL", "/endpointConfiguration/types/1": undefined };
const REGIONAL_PARTS = {
  "/regionalCertificateArn": EDGE_CERTIFICATE,
  "/regionalDomainName": /^d-\w+\.execute-api\.us-east-1\.amazonaws\.com$/,
  "/regionalHostedZoneId": "Z1UJRXOUMOOFQ8",
};
const REGIONAL_GAINED = { ...REGIONAL_PARTS, "/endpointConfiguration/types/1": "REGIONAL" };
const REGIONAL_LOST = Object.fromEntries(Object.keys(REGIONAL_GAINED).map((name) => [name, undefined]));
const TYPES = oneOf("EDGE, REGIONAL, PRIVATE");

export const DOMAIN_NAME_ROWS: Readonly<Record<string, readonly Row[]>> = {
  UpdateBasePathMapping: [
    {
      path: "/basepath",
      ops: REPLACE,
      value: "v2",
      shows: { "/basePath": "v2" },
      wrong: { "~": "Invalid base path specified: ~. Base paths have up to 300 letters, numbers and the characters $-_.+!*'()" },
    },
    // Guide: rest-api-mappings.
    { path: "/basePath", ops: [], also: REPLACE, value: "v2" },
    { path: "/restapiId", ops: REPLACE, value: "{restApiId}", shows: {}, wrong: { "~": "Invalid API identifier specified 000000000000:~" } },
    { path: "/stage", ops: REPLACE, value: "prod", wrong: { "~": "Invalid stage identifier specified" } },
  ],
  UpdateDomainName: [
    {
      path: "/certificateName",
      ops: ADD,
      value: "named",
      ...toEdge,
      besides: [...toEdge.besides, add("/certificateArn", EDGE_CERTIFICATE)],
      shows: { ...EDGE_GAINED, "/certificateName": "named" },
      wrong: NON_EMPTY,
    },
    { path: "/certificateName", ops: REPLACE, value: "named", given: "edge" },
    { path: "/certificateName", ops: REMOVE, ...fromEdge, besides: [dropType("EDGE"), { op: "remove", path: "/certificateArn" }], showsOf: { remove: EDGE_LOST } },
    { path: "/certificateArn", ops: ADD, value: EDGE_CERTIFICATE, ...toEdge, shows: EDGE_GAINED, wrong: { ...CERTIFICATE, ...NON_EMPTY } },
    {
      path: "/certificateArn",
      ops: REPLACE,
      value: OTHER_CERTIFICATE,
      given: "edge",
      wrong: { ...CERTIFICATE, "": "A certificate was not provided for the endpoint type EDGE." },
    },
    { path: "/certificateArn", ops: REMOVE, ...fromEdge, showsOf: { remove: EDGE_LOST } },
    {
      path: "/endpointConfiguration/types",
      ops: ADD,
      value: "EDGE",
      given: "regional",
      besides: [add("/certificateArn", EDGE_CERTIFICATE)],
      shows: EDGE_GAINED,
      wrong: TYPES,
    },
    {
      path: "/endpointConfiguration/types",
      ops: REMOVE,
      value: "EDGE",
      given: "edge",
      before: TWO_TYPES,
      besides: [{ op: "remove", path: "/certificateArn" }],
      showsOf: { remove: EDGE_LOST },
    },
    // Guide: apigateway-regional-api-custom-domain-migrate names the type in the path.
    { path: "/endpointConfiguration/types/{type}", ops: [], also: ADD, at: "/endpointConfiguration/types/EDGE", given: "regional", besides: [add("/certificateArn", EDGE_CERTIFICATE)], shows: EDGE_GAINED },
    {
      path: "/endpointConfiguration/types/{type}",
      ops: [],
      also: REMOVE,
      at: "/endpointConfiguration/types/EDGE",
      given: "edge",
      before: TWO_TYPES,
      besides: [{ op: "remove", path: "/certificateArn" }],
      showsOf: { remove: EDGE_LOST },
    },
    // Terraform's provider names the place.
    {
      path: "/endpointConfiguration/types/{type}",
      ops: [],
      also: REPLACE,
      at: "/endpointConfiguration/types/0",
      value: "REGIONAL",
      given: "edge",
      besides: [add("/regionalCertificateArn", EDGE_CERTIFICATE), set("/certificateArn", "")],
      shows: { ...EDGE_PARTS_LOST, ...REGIONAL_PARTS, "/endpointConfiguration/types/0": "REGIONAL" },
    },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack", wrong: oneOf("ipv4, dualstack") },
    {
      path: "/endpointAccessMode",
      ops: REPLACE,
      value: "STRICT",
      given: "enhanced",
      wrong: { ...oneOf("BASIC, STRICT"), "": "Endpoint access mode is required for the specified security policy" },
    },
    { path: "/managementPolicy", ops: REPLACE, value: POLICY, given: "private", wrong: BAD_POLICY },
    {
      path: "/mutualTlsAuthentication/truststoreUri",
      ops: ALL,
      value: `${MUTUAL_URI}2`,
      given: "mutual",
      showsOf: { remove: { "/mutualTlsAuthentication/truststoreUri": undefined, "/mutualTlsAuthentication/truststoreVersion": undefined } },
      wrong: { "~": "Invalid truststore URI specified: ~. It must be an Amazon S3 URL, s3://bucket-name/key-name", ...NON_EMPTY },
    },
    {
      path: "/mutualTlsAuthentication/truststoreVersion",
      ops: ALL,
      value: "2",
      given: "mutual",
      shows: { "/mutualTlsAuthentication/truststoreVersion": "2" },
      wrong: NON_EMPTY,
    },
    { path: "/policy", ops: REPLACE, value: POLICY, given: "private", wrong: BAD_POLICY },
    { path: "/regionalCertificateName", ops: ALL, value: "named", given: "regional", before: [set("/regionalCertificateName", "before")], wrong: NON_EMPTY },
    {
      path: "/regionalCertificateArn",
      ops: ADD,
      value: EDGE_CERTIFICATE,
      given: "edge",
      besides: [add("/endpointConfiguration/types", "REGIONAL")],
      shows: REGIONAL_GAINED,
      wrong: { ...CERTIFICATE, ...NON_EMPTY },
    },
    {
      path: "/regionalCertificateArn",
      ops: REPLACE,
      value: OTHER_CERTIFICATE,
      given: "regional",
      wrong: { ...CERTIFICATE, "": "A certificate was not provided for the endpoint type REGIONAL." },
    },
    { path: "/regionalCertificateArn", ops: REMOVE, given: "edge", before: TWO_TYPES, besides: [dropType("REGIONAL")], showsOf: { remove: REGIONAL_LOST } },
    { path: "/routingMode", ops: REPLACE, value: "ROUTING_RULE_ONLY", wrong: oneOf("BASE_PATH_MAPPING_ONLY, ROUTING_RULE_ONLY, ROUTING_RULE_THEN_BASE_PATH_MAPPING") },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_0", wrong: SECURITY_POLICIES },
    {
      path: "/ownershipVerificationCertificateArn",
      ops: ALL,
      value: OTHER_CERTIFICATE,
      given: "mutual",
      before: [set("/ownershipVerificationCertificateArn", EDGE_CERTIFICATE)],
      wrong: { ...CERTIFICATE, ...NON_EMPTY },
    },
  ],
};
