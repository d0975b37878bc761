// Every form in which a request names its API (docs/architecture.md), and those that name none.
import { expect, it } from "vitest";
import { addressOf } from "../../src/gateway/address.ts";
import type { HttpRequest } from "../../src/ports/http-server.ts";

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
  const request = { target, headers: ["Host", host, ...headers] } as unknown as HttpRequest;
  const address = addressOf(request);
  expect(address && [address.apiId, address.region, address.stageName, address.path, address.contextPath, address.rawQuery]).toEqual(expected);
});

it("A request without a Host header can only name an API by its path", () => {
  expect(addressOf({ target: "/prod", headers: [] } as unknown as HttpRequest)).toBeUndefined();
});
