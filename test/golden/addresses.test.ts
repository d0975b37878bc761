// Every form in which a request names its API (docs/architecture.md), and those that name none.
import { expect, it } from "vitest";
import { addressOf, eventPath } from "../../src/gateway/address.ts";
import { createDomainIndex } from "../../src/gateway/domain-index.ts";

const ID = "a1b2c3d4e5";
const AWS = "us-west-2.amazonaws.com";

/** Host, target, further headers; then API, region, stage, path, `$context.path`, query. */
type Row = readonly [host: string, target: string, headers: readonly string[], expected: readonly (string | undefined)[] | undefined];

const ROWS: readonly Row[] = [
  // By host: the first segment of the path is the stage.
  [`${ID}.execute-api.${AWS}`, "/prod/pets?a=b", [], [ID, "us-west-2", "prod", "/pets", "/prod/pets", "a=b"]],
  [`${ID}.execute-api.${AWS}`, "/prod", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.${AWS}`, "/prod/", [], [ID, "us-west-2", "prod", "/", "/prod/", ""]],
  [`${ID}.execute-api.${AWS}`, "/prod?", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.${AWS}`, "/", [], [ID, "us-west-2", "", "/", "/", ""]],
  [`${ID}.execute-api.${AWS}`, "//pets", [], [ID, "us-west-2", "", "/pets", "//pets", ""]],
  [`${ID}.execute-api.${AWS}`, "/prod/a%2Fb?c=%3F?d", [], [ID, "us-west-2", "prod", "/a%2Fb", "/prod/a%2Fb", "c=%3F?d"]],
  [`${ID}.execute-api.${AWS}`, "/pr%6Fd/a", [], [ID, "us-west-2", "prod", "/a", "/pr%6Fd/a", ""]],
  [`${ID}.execute-api.${AWS}`, "/%E0%A4%A/a", [], [ID, "us-west-2", "%E0%A4%A", "/a", "/%E0%A4%A/a", ""]],
  [`${ID}.execute-api.${AWS}`, "*", [], [ID, "us-west-2", "", "/", "*", ""]],
  [`${ID}.execute-api.${AWS}:443`, "/prod", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.${AWS}.`, "/prod", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.${AWS}.:4566`, "/prod", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  [`${ID.toUpperCase()}.Execute-API.US-West-2.AmazonAWS.com`, "/prod", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.cn-north-1.amazonaws.com.cn`, "/prod", [], [ID, "cn-north-1", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.us-gov-west-1.amazonaws.com`, "/prod", [], [ID, "us-gov-west-1", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.us-east-1.localhost:4566`, "/prod", [], [ID, "us-east-1", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.us-east-1.api.example.com`, "/prod", [], [ID, "us-east-1", "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.localhost:4566`, "/prod", [], [ID, undefined, "prod", "/", "/prod", ""]],
  [`${ID}.execute-api.localhost.localstack.cloud:4566`, "/prod", [], [ID, undefined, "prod", "/", "/prod", ""]],
  // A host of the data plane goes before a path of it.
  [`${ID}.execute-api.${AWS}`, "/_aws/execute-api/x/y", [], [ID, "us-west-2", "_aws", "/execute-api/x/y", "/_aws/execute-api/x/y", ""]],
  // Private APIs: associated with a VPC endpoint, or by the endpoint's own name.
  [`${ID}-vpce-01234567abcdef012.execute-api.${AWS}`, "/prod", [], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  ["vpce-01234567abcdef012-01234567.execute-api.us-west-2.vpce.amazonaws.com", "/prod/a", ["x-apigw-api-id", ID], [ID, "us-west-2", "prod", "/a", "/prod/a", ""]],
  ["vpce-01234567abcdef012-01234567-us-west-2a.execute-api.us-west-2.vpce.amazonaws.com", "/prod", ["X-ApiGw-Api-Id", ID], [ID, "us-west-2", "prod", "/", "/prod", ""]],
  ["vpce-01234567abcdef012-01234567.execute-api.us-west-2.vpce.amazonaws.com", "/prod", [], ["", "us-west-2", "prod", "/", "/prod", ""]],
  // The target domain of a custom domain name is no API.
  [`d-abcdef1234.execute-api.${AWS}`, "/prod", [], ["d-abcdef1234", "us-west-2", "prod", "/", "/prod", ""]],

  // By path.
  ["localhost:4566", `/_aws/execute-api/${ID}/prod/pets/1?a=b`, [], [ID, undefined, "prod", "/pets/1", "/prod/pets/1", "a=b"]],
  ["localhost:4566", `/_aws/execute-api/${ID}/prod`, [], [ID, undefined, "prod", "/", "/prod", ""]],
  ["localhost:4566", `/_aws/execute-api/${ID}/prod/`, [], [ID, undefined, "prod", "/", "/prod/", ""]],
  ["localhost:4566", `/_aws/execute-api/${ID}/$default/a`, [], [ID, undefined, "$default", "/a", "/$default/a", ""]],
  ["localhost:4566", `/_aws/execute-api/${ID}/%24default/a`, [], [ID, undefined, "$default", "/a", "/$default/a", ""]],
  ["localhost:4566", `/restapis/${ID}/prod/_user_request_/pets?a=b`, [], [ID, undefined, "prod", "/pets", "/prod/pets", "a=b"]],
  ["localhost:4566", `/restapis/${ID}/prod/_user_request_`, [], [ID, undefined, "prod", "/", "/prod", ""]],
  ["localhost:4566", `/restapis/${ID}/prod/_user_request_/`, [], [ID, undefined, "prod", "/", "/prod/", ""]],
  ["localhost:4566", `/restapis/${ID}/$default/_user_request_/a//b`, [], [ID, undefined, "$default", "/a//b", "/$default/a//b", ""]],
  ["[::1]:4566", `/_aws/execute-api/${ID}/prod/a`, [], [ID, undefined, "prod", "/a", "/prod/a", ""]],

  // Not the data plane.
  ["localhost:4566", "/restapis", [], undefined],
  ["localhost:4566", `/restapis/${ID}`, [], undefined],
  ["localhost:4566", `/restapis/${ID}/resources`, [], undefined],
  ["localhost:4566", `/restapis/${ID}/stages/prod`, [], undefined],
  ["localhost:4566", `/restapis/${ID}/prod/_user_request_x`, [], undefined],
  ["localhost:4566", "/restapis//prod/_user_request_/a", [], undefined],
  ["localhost:4566", `/_aws/execute-api/${ID}`, [], undefined],
  ["localhost:4566", `/_aws/execute-api/${ID}/`, [], undefined],
  ["localhost:4566", "/_aws/execute-api//prod/a", [], undefined],
  ["localhost:4566", "/_gatehouse/health", [], undefined],
  ["apigateway.us-east-1.amazonaws.com", "/restapis", [], undefined],
  ["execute-api.us-east-1.amazonaws.com", "/prod", [], undefined],
  [`${ID}.execute-api`, "/prod", [], undefined],
  [`${ID}.execute-api.`, "/prod", [], undefined],
  [`${ID}.execute-apis.us-east-1.amazonaws.com`, "/prod", [], undefined],
];

it.each(ROWS)("Host %s, target %s, headers %j: %j", (host, target, headers, expected) => {
  const request = { target, headers: ["Host", host, ...headers] };
  const address = addressOf(request, createDomainIndex());
  expect(address && [address.apiId, address.region, address.stageName, address.path, address.contextPath, address.rawQuery]).toEqual(expected);
});

it("A request without a Host header can only name an API by its path", () => {
  expect(addressOf({ target: "/prod", headers: [] }, createDomainIndex())).toBeUndefined();
});

/** A domain name's mappings: base path, API, stage. */
const MAPPINGS = [
  ["(none)", "api1", "prod"],
  ["orders", "api2", "beta"],
  ["orders/v1/items", "api3", "alpha"],
  ["orders/v1/items/categories", "api5", "prod"],
  ["staged", "api6", undefined],
  ["$-_.+!*'()", "api7", "prod"],
] as const;

const domains = createDomainIndex();
const named = { domainNameId: undefined, refusal: undefined };
const mappings = MAPPINGS.map(([basePath, restApiId, stage]) => ({ basePath, restApiId, ...(stage && { stage }) }));
domains.put({ ...named, domainName: "api.example.com", mappings });
domains.put({ ...named, domainName: "*.example.com", mappings: [{ basePath: "any", restApiId: "api8", stage: "prod" }] });
domains.put({ ...named, domainName: "stages.example.com", mappings: [{ basePath: "(none)", restApiId: "api9" }] });
domains.put({ ...named, domainName: "empty.example.com", mappings: [] });
domains.put({ ...named, domainName: "both.example.org", mappings: [] });
domains.put({ domainName: "both.example.org", domainNameId: "abcd1234", mappings: [], refusal: "private" });
domains.put({ domainName: "private.example.org", domainNameId: "abcd1234", mappings: [], refusal: "private" });

/** Host, target; then API, stage, path, `$context.path` and the path of events, query, matched base path, refusal. */
type DomainRow = readonly [host: string, target: string, expected: readonly (string | undefined)[] | undefined];

const DOMAIN_ROWS: readonly DomainRow[] = [
  // As in the guide's table (rest-api-mappings).
  ["api.example.com", "/orders", ["api2", "beta", "/", "/orders", "", "orders", undefined]],
  ["api.example.com", "/orders/v1/items", ["api3", "alpha", "/", "/orders/v1/items", "", "orders/v1/items", undefined]],
  ["api.example.com", "/orders/v1/items/123", ["api3", "alpha", "/123", "/orders/v1/items/123", "", "orders/v1/items", undefined]],
  ["api.example.com", "/orders/v1/items/categories/5", ["api5", "prod", "/5", "/orders/v1/items/categories/5", "", "orders/v1/items/categories", undefined]],
  ["api.example.com", "/customers?a=b", ["api1", "prod", "/customers", "/customers", "a=b", "(none)", undefined]],
  // Whole segments, and those that are there.
  ["api.example.com", "/orders/", ["api2", "beta", "/", "/orders/", "", "orders", undefined]],
  ["api.example.com", "/orders/v1", ["api2", "beta", "/v1", "/orders/v1", "", "orders", undefined]],
  ["api.example.com", "/Orders", ["api1", "prod", "/Orders", "/Orders", "", "(none)", undefined]],
  ["api.example.com", "//orders", ["api1", "prod", "//orders", "//orders", "", "(none)", undefined]],
  ["api.example.com", "/", ["api1", "prod", "/", "/", "", "(none)", undefined]],
  ["api.example.com", "/(none)", ["api1", "prod", "/(none)", "/(none)", "", "(none)", undefined]],
  ["api.example.com", "/ord%65rs/a%2Fb", ["api2", "beta", "/a%2Fb", "/ord%65rs/a%2Fb", "", "orders", undefined]],
  ["api.example.com", "/$-_.+!*'()/a", ["api7", "prod", "/a", "/$-_.+!*'()/a", "", "$-_.+!*'()", undefined]],
  // Without a stage in the mapping, the next segment is the stage.
  ["api.example.com", "/staged/dev/pets", ["api6", "dev", "/pets", "/staged/dev/pets", "", "staged", undefined]],
  ["api.example.com", "/staged/dev", ["api6", "dev", "/", "/staged/dev", "", "staged", undefined]],
  ["api.example.com", "/staged", ["api6", "", "/", "/staged", "", "staged", undefined]],
  ["stages.example.com", "/dev/pets", ["api9", "dev", "/pets", "/dev/pets", "", "(none)", undefined]],
  // The host: in any case, with a port, the very name before the wildcard, one label for the wildcard.
  ["API.Example.com.:4566", "/orders", ["api2", "beta", "/", "/orders", "", "orders", undefined]],
  ["other.example.com", "/any/pets", ["api8", "prod", "/pets", "/any/pets", "", "any", undefined]],
  ["other.example.com", "/pets", ["", "", "/pets", "/pets", "", undefined, undefined]],
  ["empty.example.com", "/any/pets", ["", "", "/any/pets", "/any/pets", "", undefined, undefined]],
  ["a.b.example.com", "/any/pets", undefined],
  ["example.com", "/any/pets", undefined],
  // A custom domain name has no other paths.
  ["other.example.com", `/_aws/execute-api/${ID}/prod`, ["", "", `/_aws/execute-api/${ID}/prod`, `/_aws/execute-api/${ID}/prod`, "", undefined, undefined]],
  // Private ones, beside a public one of the same name and alone.
  ["both.example.org", "/", ["", "", "/", "/", "", undefined, undefined]],
  ["private.example.org", "/", ["", "", "/", "/", "", undefined, "private"]],
];

it.each(DOMAIN_ROWS)("Custom domain name: Host %s, target %s: %j", (host, target, expected) => {
  const address = addressOf({ target, headers: ["Host", host] }, domains);
  const { apiId, stageName, path, contextPath, rawQuery, customDomain } = address ?? {};
  expect(address && [apiId, stageName, path, contextPath, rawQuery, customDomain?.basePath, customDomain?.refusal]).toEqual(expected);
  expect(address && eventPath(address)).toBe(contextPath);
});

it("A custom domain name changes and goes", () => {
  const index = createDomainIndex();
  const request = { target: "/a", headers: ["Host", "api.example.com"] };
  index.put({ ...named, domainName: "api.example.com", mappings: [{ basePath: "a", restApiId: "one", stage: "prod" }] });
  expect(addressOf(request, index)?.apiId).toBe("one");
  index.put({ ...named, domainName: "api.example.com", mappings: [{ basePath: "a", restApiId: "two", stage: "prod" }] });
  expect(addressOf(request, index)?.apiId).toBe("two");
  index.drop("api.example.com", undefined);
  expect(addressOf(request, index)).toBeUndefined();
});

it("Events of other hosts have the path within the stage", () => {
  const address = addressOf({ target: "/prod/pets", headers: ["Host", `${ID}.execute-api.${AWS}`] }, domains);
  expect(address && eventPath(address)).toBe("/pets");
});
