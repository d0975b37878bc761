// Accounts and regions are kept apart; API ids are unique over all of them.
import { CreateResourceCommand, CreateRestApiCommand, DeleteRestApiCommand, GetRestApiCommand, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { CreateFunctionCommand, GetFunctionCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Caller, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const TENANTS: readonly (Caller & { readonly account: string; readonly region: string })[] = [
  { account: "111111111111", region: "us-east-1" },
  { account: "111111111111", region: "eu-central-1" },
  { account: "222222222222", region: "us-east-1" },
  { account: "222222222222", region: "eu-central-1" },
];

let gatehouse: Gatehouse;
const apis = new Map<Caller, { id: string; rootResourceId: string }>();

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  for (const tenant of TENANTS) {
    const name = `${tenant.account} ${tenant.region}`;
    const api = await gatehouse.apiGateway(tenant).send(new CreateRestApiCommand({ name }));
    apis.set(tenant, { id: api.id as string, rootResourceId: api.rootResourceId as string });
    await gatehouse.lambda(tenant).send(
      new CreateFunctionCommand({
        FunctionName: "same-name",
        Description: name,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: `arn:aws:iam::${tenant.account}:role/any`,
        Code: { ZipFile: zip({ "index.mjs": "export const handler = async () => {};" }) },
      }),
    );
  }
});
afterAll(() => gatehouse.stop());

it.each(TENANTS)("$account in $region sees its own API and function alone", async (tenant) => {
  const { items = [] } = await gatehouse.apiGateway(tenant).send(new GetRestApisCommand({}));
  expect(items.map(({ id, name }) => [id, name])).toEqual([[apis.get(tenant)?.id, `${tenant.account} ${tenant.region}`]]);
  const { Functions = [] } = await gatehouse.lambda(tenant).send(new ListFunctionsCommand({}));
  const arn = `arn:aws:lambda:${tenant.region}:${tenant.account}:function:same-name`;
  expect(Functions.map(({ FunctionArn, Description }) => [FunctionArn, Description])).toEqual([[arn, `${tenant.account} ${tenant.region}`]]);
});

it.each(TENANTS)("$account in $region can neither read nor change what others have", async (tenant) => {
  const client = gatehouse.apiGateway(tenant);
  for (const [owner, { id: restApiId, rootResourceId: parentId }] of apis) {
    if (owner === tenant) continue;
    const refusal = { name: "NotFoundException", message: `Invalid API identifier specified ${tenant.account}:${restApiId}` };
    await expect(client.send(new GetRestApiCommand({ restApiId }))).rejects.toMatchObject(refusal);
    await expect(client.send(new CreateResourceCommand({ restApiId, parentId, pathPart: "x" }))).rejects.toMatchObject(refusal);
    await expect(client.send(new DeleteRestApiCommand({ restApiId }))).rejects.toMatchObject(refusal);
  }
  const [other] = TENANTS.filter(({ account }) => account !== tenant.account);
  const FunctionName = `arn:aws:lambda:${tenant.region}:${other?.account}:function:same-name`;
  await expect(gatehouse.lambda(tenant).send(new GetFunctionCommand({ FunctionName }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});

it("credentials that name no account mean the configured one", async () => {
  const created = await gatehouse.apiGateway({ account: "AKIAIOSFODNN7EXAMPLE" }).send(new CreateRestApiCommand({ name: "default" }));
  expect(await gatehouse.apiGateway({ account: "000000000000" }).send(new GetRestApiCommand({ restApiId: created.id }))).toMatchObject({ name: "default" });
});
