// Resources of REST APIs through the `aws` command, where it is installed: made, read, listed, updated, refused and deleted.
// Those with scenarios of their own (API keys, domain names, client certificates, documentation, exports) are in theirs.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aws as awsOn, awsInstalled } from "../harness/aws-command.ts";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";

// Each command takes most of a second to start.
describe.skipIf(!awsInstalled)("with the aws command (pip install awscli)", { timeout: 120_000, concurrent: true }, () => {
  let gatehouse: Gatehouse;
  let api: readonly string[];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    const { id } = await aws("create-rest-api", "--name", "resources");
    api = ["--rest-api-id", id as string];
  });
  afterAll(async () => {
    await gatehouse.stop();
    await removeDirectory(gatehouse.dataDir);
  });

  const aws = (...args: string[]) => awsOn(gatehouse, "apigateway", ...args);
  const replaced = (path: string, value: string) => ["--patch-operations", `op=replace,path=${path},value=${value}`];

  /** What the command says when it is refused. */
  async function refusal(...args: string[]): Promise<string> {
    return aws(...args).then(
      (answer) => `accepted: ${JSON.stringify(answer)}`,
      (error: Error & { stderr?: string }) => /An error occurred.*/.exec(error.stderr ?? error.message)?.[0] ?? error.message,
    );
  }

  test("a model", async () => {
    const made = await aws("create-model", ...api, "--name", "Pet", "--content-type", "application/json", "--schema", '{"type": "object"}');
    const name = ["--model-name", "Pet"];
    expect(await aws("get-model", ...api, ...name)).toEqual(made);
    expect(await aws("update-model", ...api, ...name, ...replaced("/description", "A pet"))).toEqual({ ...made, description: "A pet" });
    const { items } = (await aws("get-models", ...api, "--max-items", "1")) as { items: { name: string }[] };
    expect(items).toHaveLength(1);
    expect(await refusal("update-model", ...api, ...name, ...replaced("/name", "Cat"))).toMatch(/^An error occurred \(BadRequestException\) when calling the UpdateModel operation: /);
    await aws("delete-model", ...api, ...name);
    expect(await refusal("get-model", ...api, ...name)).toBe("An error occurred (NotFoundException) when calling the GetModel operation: Invalid model name specified: Pet");
  });

  test("a request validator", async () => {
    const made = await aws("create-request-validator", ...api, "--name", "all", "--validate-request-body", "--validate-request-parameters");
    const id = ["--request-validator-id", made["id"] as string];
    expect(made).toEqual({ id: made["id"], name: "all", validateRequestBody: true, validateRequestParameters: true });
    expect(await aws("get-request-validators", ...api)).toEqual({ items: [made] });
    expect(await aws("update-request-validator", ...api, ...id, ...replaced("/validateRequestBody", "false"))).toEqual({ ...made, validateRequestBody: false });
    await aws("delete-request-validator", ...api, ...id);
    expect(await aws("get-request-validators", ...api)).toEqual({ items: [] });
  });

  test("an authorizer", async () => {
    const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";
    const made = await aws("create-authorizer", ...api, "--name", "auth", "--type", "TOKEN", "--authorizer-uri", uri, "--identity-source", "method.request.header.Auth");
    const id = ["--authorizer-id", made["id"] as string];
    expect(await aws("get-authorizer", ...api, ...id)).toEqual(made);
    expect(await aws("get-authorizers", ...api)).toEqual({ items: [made] });
    const changed = await aws("update-authorizer", ...api, ...id, ...replaced("/authorizerResultTtlInSeconds", "60"));
    expect(changed).toEqual({ ...made, authorizerResultTtlInSeconds: 60 });
    await aws("delete-authorizer", ...api, ...id);
    expect(await aws("get-authorizers", ...api)).toEqual({ items: [] });
  });

  test("a gateway response", async () => {
    const type = ["--response-type", "ACCESS_DENIED"];
    const put = await aws("put-gateway-response", ...api, ...type, "--status-code", "404");
    expect(put).toMatchObject({ responseType: "ACCESS_DENIED", statusCode: "404", defaultResponse: false });
    expect(await aws("get-gateway-response", ...api, ...type)).toEqual(put);
    expect(await aws("update-gateway-response", ...api, ...type, ...replaced("/statusCode", "418"))).toMatchObject({ statusCode: "418" });
    await aws("delete-gateway-response", ...api, ...type);
    expect(await aws("get-gateway-response", ...api, ...type)).toMatchObject({ defaultResponse: true });
  });

  test("a VPC link, tags and the account", async () => {
    const made = await aws("create-vpc-link", "--name", "link", "--target-arns", "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/x/1", "--tags", "team=a");
    const arn = ["--resource-arn", `arn:aws:apigateway:us-east-1::/vpclinks/${made["id"] as string}`];
    const id = ["--vpc-link-id", made["id"] as string];
    expect(await aws("get-vpc-link", ...id)).toMatchObject({ name: "link", status: "AVAILABLE", tags: { team: "a" } });
    await aws("tag-resource", ...arn, "--tags", "stage=b");
    await aws("untag-resource", ...arn, "--tag-keys", "team");
    expect(await aws("get-tags", ...arn)).toEqual({ tags: { stage: "b" } });
    expect(await aws("update-vpc-link", ...id, ...replaced("/name", "other"))).toMatchObject({ name: "other" });
    await aws("delete-vpc-link", ...id);
    expect(await aws("get-vpc-links")).toEqual({ items: [] });
    expect(await aws("get-account")).toMatchObject({ throttleSettings: { rateLimit: 10_000, burstLimit: 5_000 } });
  });

  test("a resource and a method of it, with its responses", async () => {
    const { items } = (await aws("get-resources", ...api)) as { items: { id: string; path: string }[] };
    const root = items.find(({ path }) => path === "/")?.id as string;
    const { id } = await aws("create-resource", ...api, "--parent-id", root, "--path-part", "pets");
    const resource = [...api, "--resource-id", id as string];
    expect(await aws("update-resource", ...resource, ...replaced("/pathPart", "cats"))).toMatchObject({ path: "/cats" });
    const method = [...resource, "--http-method", "GET"];
    await aws("put-method", ...method, "--authorization-type", "NONE");
    await aws("put-integration", ...method, "--type", "MOCK");
    await aws("put-method-response", ...method, "--status-code", "200");
    await aws("put-integration-response", ...method, "--status-code", "200");
    expect(await aws("update-method", ...method, ...replaced("/operationName", "GetCats"))).toMatchObject({ operationName: "GetCats" });
    expect(await aws("update-integration", ...method, ...replaced("/timeoutInMillis", "500"))).toMatchObject({ timeoutInMillis: 500 });
    expect(await aws("get-method", ...method)).toMatchObject({ httpMethod: "GET", methodIntegration: { type: "MOCK", integrationResponses: { 200: { statusCode: "200" } } } });
    for (const what of ["integration-response", "method-response"]) await aws(`delete-${what}`, ...method, "--status-code", "200");
    for (const what of ["integration", "method"]) await aws(`delete-${what}`, ...method);
    await aws("delete-resource", ...resource);
    expect(((await aws("get-resources", ...api)) as { items: unknown[] }).items).toHaveLength(1);
  });
});
