// API keys and usage plans as the guide makes them, through the AWS SDK and, where it is installed, the `aws` command:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-usage-plans-with-rest-api.html
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteStageCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetTagsCommand,
  ImportApiKeysCommand,
  paginateGetApiKeys,
  paginateGetUsage,
  paginateGetUsagePlanKeys,
  paginateGetUsagePlans,
  type PatchOperation,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiKeyCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsInstalled, awsOf } from "../harness/aws-command.ts";
import { type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

let gatehouse: Gatehouse;
let client: APIGatewayClient;

beforeAll(async () => {
  gatehouse = await startGatehouse();
  client = gatehouse.apiGateway();
});
afterAll(() => gatehouse.stop());

const VALUE = "apikey1234abcdefghij0123456789";
/** Its length is that of a value that a file may have, and no two calls give the same. */
let made = 0;
const newValue = (): string => `${VALUE}${String(++made).padStart(4, "0")}`;

/** An API with `GET /pets` on the stages `prod` and `test`. */
async function newApi(): Promise<string> {
  const { id: restApiId, rootResourceId: parentId } = await client.send(new CreateRestApiCommand({ name: "pets" }));
  const { id: resourceId } = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart: "pets" }));
  await client.send(new PutMethodCommand({ restApiId, resourceId, httpMethod: "GET", authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ restApiId, resourceId, httpMethod: "GET", type: "MOCK" }));
  for (const stageName of ["prod", "test"]) await client.send(new CreateDeploymentCommand({ restApiId, stageName }));
  return restApiId as string;
}

async function newKeyIn(usagePlanId: string | undefined, name = "k"): Promise<string> {
  const { id: keyId } = await client.send(new CreateApiKeyCommand({ name, enabled: true }));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
  return keyId as string;
}

const refused = (name: string, status: number, message: string) => ({ name, message, $metadata: { httpStatusCode: status } });
const replace = (path: string, value: string): PatchOperation => ({ op: "replace", path, value });
const add = (path: string, value: string): PatchOperation => ({ op: "add", path, value });
const remove = (path: string, value?: string): PatchOperation => ({ op: "remove", path, ...(value === undefined ? {} : { value }) });

describe("API keys", () => {
  it("are made, read, updated by every path, and deleted", async () => {
    const restApiId = await newApi();
    const value = newValue();
    const key = await client.send(new CreateApiKeyCommand({ name: "MyFirstApiKey", description: "d", customerId: "c", enabled: true, value, tags: { a: "b" } }));
    const members = { id: key.id, name: "MyFirstApiKey", description: "d", customerId: "c", enabled: true, value, stageKeys: [], tags: { a: "b" } };
    expect(key).toMatchObject(members);
    expect(key.createdDate).toBeInstanceOf(Date);
    const apiKey = key.id;
    const shown = await client.send(new GetApiKeyCommand({ apiKey }));
    expect(shown).not.toHaveProperty("value");
    expect(await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }))).toMatchObject({ ...members, createdDate: key.createdDate });
    const stage = `${restApiId}/prod`;
    const operations = [replace("/name", "n"), replace("/description", "e"), replace("/customerId", "f"), replace("/enabled", "false"), add("/labels", "l"), remove("/labels", "l"), add("/stages", stage)];
    const updated = await client.send(new UpdateApiKeyCommand({ apiKey, patchOperations: operations }));
    expect(updated).toMatchObject({ id: apiKey, name: "n", description: "e", customerId: "f", enabled: false, stageKeys: [stage] });
    expect(updated).not.toHaveProperty("value");
    expect(await client.send(new UpdateApiKeyCommand({ apiKey, patchOperations: [remove("/stages", stage)] }))).toMatchObject({ stageKeys: [] });
    await client.send(new DeleteApiKeyCommand({ apiKey }));
    await expect(client.send(new GetApiKeyCommand({ apiKey }))).rejects.toMatchObject(refused("NotFoundException", 404, "Invalid API Key identifier specified"));
  });

  it("are listed over pages, by name and by customer", async () => {
    const client = gatehouse.apiGateway({ account: "111111111111" });
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await client.send(new CreateApiKeyCommand({ name: `key${i}`, customerId: `c${i % 2}` }))).id ?? "");
    const listed = async (input: { nameQuery?: string; customerId?: string }) => {
      const pages = [];
      for await (const page of paginateGetApiKeys({ client, pageSize: 2 }, input)) pages.push((page.items ?? []).map(({ id }) => id));
      return pages;
    };
    const all = await listed({});
    expect(all.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(all.flat()).toEqual(ids.toSorted());
    expect((await listed({ nameQuery: "key3" })).flat()).toEqual([ids[3]]);
    expect((await listed({ customerId: "c1" })).flat()).toEqual(ids.filter((_id, i) => i % 2 === 1).toSorted());
  });

  it("are imported from a file, again and again", async () => {
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "imported" }));
    const [first, second] = [newValue(), newValue()];
    const importing = (text: string, failOnWarnings = false) => client.send(new ImportApiKeysCommand({ body: Buffer.from(text), format: "csv", failOnWarnings }));
    const { ids = [], warnings } = await importing(`Name,key,description,Enabled,usageplanIds\na,${first},An imported key,TRUE,${usagePlanId}\nb,${second},,false,\n`);
    expect(warnings).toEqual([]);
    const [a, b] = ids;
    expect(await client.send(new GetApiKeyCommand({ apiKey: a, includeValue: true }))).toMatchObject({ name: "a", value: first, description: "An imported key", enabled: true });
    expect(await client.send(new GetApiKeyCommand({ apiKey: b, includeValue: true }))).toMatchObject({ name: "b", value: second, enabled: false });
    expect(await client.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId: a }))).toMatchObject({ id: a, type: "API_KEY", value: first, name: "a" });
    expect(await importing(`Key,name\n${first},again\nshort,c\n`)).toMatchObject({ ids: [a], warnings: ["Row 3: the Key has 5 characters and must have between 30 and 128"] });
    expect(await client.send(new GetApiKeyCommand({ apiKey: a }))).toMatchObject({ name: "again", enabled: true });
    await expect(importing(`Key,name\n${newValue()},d\nshort,c\n`, true)).rejects.toMatchObject(
      refused("BadRequestException", 400, "Row 3: the Key has 5 characters and must have between 30 and 128"),
    );
    await expect(importing("/tmp/apikey.csv")).rejects.toMatchObject(refused("BadRequestException", 400, "Missing required column 'Key'"));
  });

  it.each([
    ["a short value", { value: "12345" }, refused("BadRequestException", 400, "API Key value should be at least 20 characters")],
    ["a long value", { value: "x".repeat(129) }, refused("BadRequestException", 400, "API Key value exceeds maximum size of 128 characters")],
  ])("are refused with %s", async (_what, input, expected) => {
    await expect(client.send(new CreateApiKeyCommand(input))).rejects.toMatchObject(expected);
  });

  it("are refused with a value that is taken", async () => {
    const value = newValue();
    await client.send(new CreateApiKeyCommand({ value }));
    await expect(client.send(new CreateApiKeyCommand({ value }))).rejects.toMatchObject(refused("ConflictException", 409, "API Key already exists"));
  });
});

describe("usage plans", () => {
  it("are made, read, updated by every path, and deleted once they have no stage", async () => {
    const apiId = await newApi();
    const throttle = { rateLimit: 10, burstLimit: 20 };
    const quota = { limit: 100, offset: 0, period: "MONTH" } as const;
    const apiStages = [{ apiId, stage: "prod", throttle: { "/pets/GET": { rateLimit: 1, burstLimit: 2 } } }];
    const plan = await client.send(new CreateUsagePlanCommand({ name: "basic", description: "d", apiStages, throttle, quota, tags: { a: "b" } }));
    const members = { id: plan.id, name: "basic", description: "d", apiStages, throttle, quota, tags: { a: "b" } };
    expect(plan).toMatchObject(members);
    const usagePlanId = plan.id;
    expect(await client.send(new GetUsagePlanCommand({ usagePlanId }))).toMatchObject(members);
    const at = `/apiStages/${apiId}:prod/throttle`;
    const update = (...patchOperations: PatchOperation[]) => client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    expect(
      await update(
        replace("/name", "m"),
        replace("/description", "e"),
        add("/productCode", "p"),
        replace("/quota/limit", "7"),
        replace("/quota/offset", "3"),
        replace("/quota/period", "WEEK"),
        replace("/throttle/rateLimit", "0.5"),
        replace("/throttle/burstLimit", "9"),
        add("/apiStages", `${apiId}:test`),
        replace(`${at}/~1pets/GET/rateLimit`, "3"),
        replace(`${at}//pets/GET/burstLimit`, "4"),
        add(`${at}/~1/ANY/rateLimit`, "5"),
      ),
    ).toMatchObject({
      name: "m",
      description: "e",
      productCode: "p",
      quota: { limit: 7, offset: 3, period: "WEEK" },
      throttle: { rateLimit: 0.5, burstLimit: 9 },
      apiStages: [
        { apiId, stage: "prod", throttle: { "/pets/GET": { rateLimit: 3, burstLimit: 4 }, "//ANY": { rateLimit: 5, burstLimit: 0 } } },
        { apiId, stage: "test" },
      ],
    });
    expect((await update(remove(`${at}/~1/ANY`))).apiStages?.[0]?.throttle).toEqual({ "/pets/GET": { rateLimit: 3, burstLimit: 4 } });
    const bare = await update(remove(at), remove("/throttle"), remove("/quota"), remove("/productCode"), remove("/apiStages", `${apiId}:prod`));
    expect(bare).toMatchObject({ apiStages: [{ apiId, stage: "test" }] });
    for (const member of ["throttle", "quota", "productCode"]) expect(bare).not.toHaveProperty(member);
    await expect(client.send(new DeleteUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject(
      refused("BadRequestException", 400, `Cannot delete Usage Plan ${usagePlanId} because there are API Stages associated with it, including ${apiId}:test`),
    );
    await client.send(new DeleteStageCommand({ restApiId: apiId, stageName: "test" }));
    expect(await client.send(new GetUsagePlanCommand({ usagePlanId }))).toMatchObject({ apiStages: [] });
    await client.send(new DeleteUsagePlanCommand({ usagePlanId }));
    await expect(client.send(new GetUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject(refused("NotFoundException", 404, "Invalid Usage Plan ID specified"));
  });

  it("refuse what AWS refuses", async () => {
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "n" }));
    const update = (operation: PatchOperation) => client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations: [operation] }));
    await expect(update(add("/apiStages", "none:dev"))).rejects.toMatchObject(refused("NotFoundException", 404, "API Stage not found: none:dev"));
    await expect(update(remove("/apiStages"))).rejects.toMatchObject(refused("BadRequestException", 400, "Invalid API Stage specified"));
    await expect(update(remove("/apiStages/none:dev"))).rejects.toMatchObject(
      refused(
        "BadRequestException",
        400,
        "Invalid patch path  '/apiStages/none:dev' specified for op 'remove'. Must be one of: [/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle]",
      ),
    );
  });

  it("have keys, listed over pages, and keys have plans", async () => {
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "keys" }));
    const ids = [await newKeyIn(usagePlanId, "a"), await newKeyIn(usagePlanId, "b"), await newKeyIn(usagePlanId, "b2")];
    const pages = [];
    for await (const page of paginateGetUsagePlanKeys({ client, pageSize: 2 }, { usagePlanId })) pages.push((page.items ?? []).map(({ id }) => id));
    expect(pages.map((page) => page.length)).toEqual([2, 1]);
    expect(pages.flat()).toEqual(ids.toSorted());
    const named = [];
    for await (const page of paginateGetUsagePlanKeys({ client }, { usagePlanId, nameQuery: "b" })) named.push(...(page.items ?? []));
    expect(named.map(({ name = "" }) => name).toSorted()).toEqual(["b", "b2"]);
    const [keyId] = ids;
    const plans = [];
    for await (const page of paginateGetUsagePlans({ client }, { keyId })) plans.push(...(page.items ?? []));
    expect(plans.map(({ id }) => id)).toEqual([usagePlanId]);
    await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId }));
    await expect(client.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId }))).rejects.toMatchObject(
      refused("NotFoundException", 404, "Invalid Usage Plan ID specified"),
    );
  });

  it("show their keys' usage, over pages, and extend what remains", async () => {
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "used", quota: { limit: 10, period: "DAY" } }));
    const ids = [await newKeyIn(usagePlanId), await newKeyIn(usagePlanId), await newKeyIn(usagePlanId)].toSorted();
    const extended = await client.send(new UpdateUsageCommand({ usagePlanId, keyId: ids[0], patchOperations: [replace("/remaining", "15")] }));
    const today = extended.startDate as string;
    expect(extended).toMatchObject({ usagePlanId, startDate: today, endDate: today, items: { [ids[0] as string]: [[0, 15]] } });
    const pages = [];
    for await (const page of paginateGetUsage({ client, pageSize: 2 }, { usagePlanId, startDate: today, endDate: today })) pages.push(page.items);
    expect(pages).toEqual([{ [ids[0] as string]: [[0, 15]], [ids[1] as string]: [[0, 10]] }, { [ids[2] as string]: [[0, 10]] }]);
    await expect(client.send(new GetUsageCommand({ usagePlanId, keyId: "none", startDate: today, endDate: today }))).rejects.toMatchObject(
      refused("NotFoundException", 404, "Invalid Key identifier specified"),
    );
  });

  it.each([
    ["keys", async () => `apikeys/${(await client.send(new CreateApiKeyCommand({}))).id}`],
    ["plans", async () => `usageplans/${(await client.send(new CreateUsagePlanCommand({ name: "tagged" }))).id}`],
  ])("and %s are tagged", async (_what, create) => {
    const resourceArn = `arn:aws:apigateway:us-east-1::/${await create()}`;
    await client.send(new TagResourceCommand({ resourceArn, tags: { a: "1", b: "2" } }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ b: "2" });
  });
});

describe.skipIf(!awsInstalled)("with the aws command (pip install awscli)", { timeout: 120_000 }, () => {
  const aws = (...args: string[]) => awsOf("222222222222")(gatehouse, "apigateway", ...args);

  it("imports keys into a plan, updates both, and shows usage", async () => {
    const { id } = await aws("create-usage-plan", "--name", "New Usage Plan", "--throttle", "burstLimit=10,rateLimit=5", "--quota", "limit=500,offset=0,period=MONTH");
    const plan = id as string;
    const directory = await mkdtemp(join(gatehouse.dataDir, "cli-"));
    const file = join(directory, "keys.csv");
    await writeFile(file, `Name,key,usageplanIds\nMyFirstApiKey,${VALUE},${plan}\n`);
    const imported = await aws("import-api-keys", "--body", `fileb://${file}`, "--format", "csv");
    const [keyId] = imported["ids"] as [string];
    expect(imported).toEqual({ ids: [keyId], warnings: [] });
    expect(await aws("get-usage-plan-keys", "--usage-plan-id", plan)).toEqual({ items: [{ id: keyId, type: "API_KEY", value: VALUE, name: "MyFirstApiKey" }] });
    const patch = "op=replace,path=/name,value=newName";
    const [key, updated] = await Promise.all([
      aws("update-api-key", "--api-key", keyId, "--patch-operations", patch),
      aws("update-usage-plan", "--usage-plan-id", plan, "--patch-operations", "op=replace,path=/quota/limit,value=50"),
    ]);
    expect(key).toMatchObject({ id: keyId, name: "newName", enabled: true, stageKeys: [] });
    expect(updated).toEqual({
      id: plan,
      name: "New Usage Plan",
      apiStages: [],
      throttle: { burstLimit: 10, rateLimit: 5 },
      quota: { limit: 50, offset: 0, period: "MONTH" },
    });
    const [usage, refusal] = await Promise.allSettled([
      aws("get-usage", "--usage-plan-id", plan, "--start-date", "2016-08-16", "--end-date", "2016-08-17"),
      aws("get-api-key", "--api-key", "none"),
    ]);
    const items = { [keyId]: [[0, 50], [0, 50]] };
    expect(usage).toEqual({ status: "fulfilled", value: { usagePlanId: plan, startDate: "2016-08-16", endDate: "2016-08-17", items } });
    const message = "An error occurred (NotFoundException) when calling the GetApiKey operation: Invalid API Key identifier specified";
    expect(refusal).toMatchObject({ status: "rejected", reason: { message } });
  });
});
