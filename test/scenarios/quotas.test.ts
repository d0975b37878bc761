// Quotas that the operator has set, and the rates at which AWS takes calls of its control plane, as clients meet them.
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetRestApisCommand,
  LimitExceededException,
  PutIntegrationCommand,
  PutMethodCommand,
  TooManyRequestsException,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, CreateApiCommand, TooManyRequestsException as V2TooManyRequests } from "@aws-sdk/client-apigatewayv2";
import { expect, it } from "vitest";
import { type Gatehouse, runGatehouse, startGatehouse } from "../harness/gatehouse.ts";

/** A client that does not try again what is refused. */
const clientOf = ({ url }: Gatehouse, accessKeyId: string) =>
  new APIGatewayClient({ endpoint: url, region: "us-east-1", credentials: { accessKeyId, secretAccessKey: "test" }, maxAttempts: 1 });

it("limits what an account may have to what the operator has set", async () => {
  await using stack = new AsyncDisposableStack();
  const gatehouse = await startGatehouse({ args: ["--in-memory", "--limits", "stages-per-api=1", "--v2-limits", "apis=1"], env: { GATEHOUSE_LIMITS: "stages-per-api=5" } });
  stack.defer(async () => void (await gatehouse.stop()));
  const client = clientOf(gatehouse, "000000000000");
  const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "quotas" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK" }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "one" }));
  const second = client.send(new CreateDeploymentCommand({ restApiId, stageName: "two" }));
  const refusal: unknown = await second.catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(LimitExceededException);
  expect(refusal).toMatchObject({
    message: "Maximum number of Stages for this API has been reached.  Please contact AWS if you need additional Stages.",
    $metadata: { httpStatusCode: 429 },
  });
  const v2 = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "000000000000", secretAccessKey: "test" }, maxAttempts: 1 });
  const newApi = () => v2.send(new CreateApiCommand({ Name: "quotas", ProtocolType: "HTTP" }));
  await newApi();
  const v2Refusal: unknown = await newApi().catch((error: unknown) => error);
  expect(v2Refusal).toBeInstanceOf(V2TooManyRequests);
  expect(v2Refusal).toMatchObject({
    message: "Maximum number of APIs for this account has been reached. Please contact AWS if you need additional APIs.",
    $metadata: { httpStatusCode: 429 },
  });
});

it("takes calls as often as AWS does when it is told to, for each account by itself", async () => {
  await using stack = new AsyncDisposableStack();
  const gatehouse = await startGatehouse({ args: ["--in-memory", "--control-plane-rates", "aws"] });
  stack.defer(async () => void (await gatehouse.stop()));
  const client = clientOf(gatehouse, "111111111111");
  await client.send(new CreateRestApiCommand({ name: "first" }));
  const refusal: unknown = await client.send(new CreateRestApiCommand({ name: "second" })).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(TooManyRequestsException);
  expect(refusal).toMatchObject({ message: "Too Many Requests", retryAfterSeconds: expect.stringMatching(/^(?:29|30)$/) as string, $metadata: { httpStatusCode: 429 } });
  expect((await client.send(new GetRestApisCommand({}))).items).toHaveLength(1);
  await clientOf(gatehouse, "222222222222").send(new CreateRestApiCommand({ name: "elsewhere" }));
});

it("does not start with a quota that is none", async () => {
  const run = runGatehouse(["--in-memory", "--limits", "stages=2"]);
  expect(await run.exit).toBe(2);
  expect(run.output()).toMatch(/^gatehouse: --limits must name quotas, not "stages"; there are edge-apis, regional-apis, .*\n$/);
});
