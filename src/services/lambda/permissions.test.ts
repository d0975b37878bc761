import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AddPermissionRequest } from "../../model/lambda.gen.ts";
import type { FunctionInvocation } from "../../ports/functions.ts";
import { failure, PETS, PETS_ARN, startService, type TestService, userError } from "./service.fixture.ts";

let service: TestService;
beforeEach(async () => {
  service = await startService();
  await service.run.CreateFunction({ ...PETS, Publish: true });
  await service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "1" });
});
afterEach(() => service.close());

const SOURCE = "arn:aws:execute-api:us-east-1:000000000000:abc123/*/*/*";
const GATEWAY: AddPermissionRequest = {
  FunctionName: "pets",
  StatementId: "gateway",
  Action: "lambda:InvokeFunction",
  Principal: "apigateway.amazonaws.com",
  SourceArn: SOURCE,
};
const STATEMENT =
  '{"Sid":"gateway","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction",' +
  `"Resource":"${PETS_ARN}","Condition":{"ArnLike":{"AWS:SourceArn":"${SOURCE}"}}}`;

const invalid = (message: string): unknown => userError("InvalidParameterValueException", message);
const notFound = (message: string): unknown => userError("ResourceNotFoundException", message);

describe("AddPermission", () => {
  test("answers with the statement, and GetPolicy with the policy, as Lambda writes them", async () => {
    expect(await service.run.AddPermission(GATEWAY)).toEqual({ Statement: STATEMENT });
    const { Policy, RevisionId } = await service.run.GetPolicy({ FunctionName: "pets" });
    expect(Policy).toBe(`{"Version":"2012-10-17","Id":"default","Statement":[${STATEMENT}]}`);
    expect(RevisionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  const conditions: readonly [string, Partial<AddPermissionRequest>, unknown][] = [
    ["an account's services", { Principal: "s3.amazonaws.com", SourceAccount: "111111111111", SourceArn: "arn:aws:s3:::b" }, {
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { StringEquals: { "AWS:SourceAccount": "111111111111" }, ArnLike: { "AWS:SourceArn": "arn:aws:s3:::b" } },
    }],
    ["an account", { Principal: "111111111111" }, { Principal: { AWS: "arn:aws:iam::111111111111:root" }, Condition: expect.anything() }],
    ["a role", { Principal: "arn:aws:iam::111111111111:role/r" }, { Principal: { AWS: "arn:aws:iam::111111111111:role/r" } }],
    ["an organization", { Principal: "*", PrincipalOrgID: "o-1234567890" }, {
      Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1234567890" }, ArnLike: expect.anything() },
    }],
    ["an Alexa skill", { Principal: "alexa-connectedhome.amazon.com", EventSourceToken: "skill" }, {
      Principal: { Service: "alexa-connectedhome.amazon.com" }, Condition: { StringEquals: { "lambda:EventSourceToken": "skill" } },
    }],
    ["a function URL", { Principal: "*", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" }, {
      Principal: "*", Action: "lambda:InvokeFunctionUrl", Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
    }],
  ];
  test.each(conditions)("for %s", async (_name, change, expected) => {
    const { Statement } = await service.run.AddPermission({ ...GATEWAY, ...change });
    expect(JSON.parse(Statement as string)).toMatchObject(expected as object);
  });

  test("for a version or alias names it", async () => {
    for (const name of ["pets:1", "pets:live"]) {
      const { Statement } = await service.run.AddPermission({ ...GATEWAY, FunctionName: name });
      expect(JSON.parse(Statement as string)).toMatchObject({ Resource: `arn:aws:lambda:us-east-1:000000000000:function:${name}` });
    }
    expect(await failure(service.run.GetPolicy({ FunctionName: "pets" }))).toEqual(notFound("The resource you requested does not exist."));
    expect((await service.run.GetPolicy({ FunctionName: "pets", Qualifier: "live" })).Policy).toContain(`"Resource":"${PETS_ARN}:live"`);
  });

  const refusals: readonly [string, Partial<AddPermissionRequest>, unknown][] = [
    ["$LATEST", { Qualifier: "$LATEST" }, invalid("We currently do not support adding policies for $LATEST.")],
    ["a version that is not there", { Qualifier: "9" }, notFound(`Function not found: ${PETS_ARN}:9`)],
    ["a function that is not there", { FunctionName: "none" }, notFound("Function not found: arn:aws:lambda:us-east-1:000000000000:function:none")],
    ["no principal", { Principal: "nobody" }, invalid("The provided principal was invalid. Please check the principal and try again.")],
    ["an authorization type for another action", { FunctionUrlAuthType: "NONE" },
      invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action")],
  ];
  test.each(refusals)("refuses %s", async (_name, change, expected) => {
    expect(await failure(service.run.AddPermission({ ...GATEWAY, ...change }))).toEqual(expected);
  });

  test("takes a statement's id once", async () => {
    await service.run.AddPermission(GATEWAY);
    expect(await failure(service.run.AddPermission(GATEWAY))).toEqual(
      userError(
        "ResourceConflictException",
        "The statement id (gateway) provided already exists. Please provide a new statement id, or remove the existing statement.",
      ),
    );
  });

  test("by many at once keeps every statement", async () => {
    const ids = ["a", "b", "c", "d", "e"];
    await Promise.all(ids.map((StatementId) => service.run.AddPermission({ ...GATEWAY, StatementId })));
    const { Policy } = await service.run.GetPolicy({ FunctionName: "pets" });
    const { Statement } = JSON.parse(Policy as string) as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid).sort()).toEqual(ids);
  });

  test("stops at 20 KB", async () => {
    const add = (i: number): Promise<unknown> => service.run.AddPermission({ ...GATEWAY, StatementId: `${"s".repeat(90)}${i}` });
    const each = STATEMENT.length + 91 - "gateway".length + 1;
    const fit = Math.floor((20_480 - '{"Version":"2012-10-17","Id":"default","Statement":[]}'.length) / each);
    for (let i = 10; i < 10 + fit - 1; i++) await add(i);
    const outcome = (await failure(add(99).then(() => add(98)))) as { code: string; message: string };
    expect(outcome.code).toBe("PolicyLengthExceededException");
    expect(outcome.message).toMatch(/^The final policy size \(2\d{4}\) is bigger than the limit \(20480\)\.$/);
  });

  test("needs the revision to be the present one", async () => {
    const { RevisionId: ofFunction } = await service.run.GetFunctionConfiguration({ FunctionName: "pets" });
    await service.run.AddPermission({ ...GATEWAY, RevisionId: ofFunction as string });
    const { RevisionId } = await service.run.GetPolicy({ FunctionName: "pets" });
    const stale = { code: "PreconditionFailedException" };
    expect(await failure(service.run.AddPermission({ ...GATEWAY, StatementId: "b", RevisionId: ofFunction as string }))).toMatchObject(stale);
    await service.run.AddPermission({ ...GATEWAY, StatementId: "b", RevisionId: RevisionId as string });
    expect(
      await failure(service.run.RemovePermission({ FunctionName: "pets", StatementId: "b", RevisionId: RevisionId as string })),
    ).toMatchObject(stale);
  });
});

describe("RemovePermission", () => {
  test("removes one statement, and the policy with the last", async () => {
    await service.run.AddPermission(GATEWAY);
    await service.run.AddPermission({ ...GATEWAY, StatementId: "other" });
    await service.run.RemovePermission({ FunctionName: "pets", StatementId: "other" });
    expect((await service.run.GetPolicy({ FunctionName: "pets" })).Policy).toBe(
      `{"Version":"2012-10-17","Id":"default","Statement":[${STATEMENT}]}`,
    );
    expect(await failure(service.run.RemovePermission({ FunctionName: "pets", StatementId: "other" }))).toEqual(
      notFound("Statement other is not found in resource policy."),
    );
    await service.run.RemovePermission({ FunctionName: "pets", StatementId: "gateway" });
    expect(await failure(service.run.GetPolicy({ FunctionName: "pets" }))).toEqual(notFound("The resource you requested does not exist."));
    expect(await failure(service.run.RemovePermission({ FunctionName: "pets", StatementId: "gateway" }))).toEqual(
      notFound("No policy is associated with the given resource."),
    );
  });
});

describe("an invocation by API Gateway", () => {
  const byGateway = (functionArn: string, apiId = "abc123"): FunctionInvocation => ({
    functionArn,
    type: "RequestResponse",
    payload: Buffer.from("{}"),
    caller: {
      principal: "apigateway.amazonaws.com",
      sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/prod/GET/pets`,
      sourceAccount: "000000000000",
    },
  });
  const denied = (arn: string): unknown => ({
    code: "AccessDeniedException",
    message:
      `User: apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${arn} ` +
      "because no resource-based policy allows the lambda:InvokeFunction action",
  });
  const outcome = async (arn: string, apiId?: string): Promise<unknown> => failure(service.lambda.functions.invoke(byGateway(arn, apiId)));

  test("needs a policy of what is invoked, and its source in it", async () => {
    expect(await outcome(PETS_ARN)).toEqual(denied(PETS_ARN));
    await service.run.AddPermission(GATEWAY);
    expect(await outcome(PETS_ARN)).toBe("it succeeded");
    expect(await outcome(PETS_ARN, "other1")).toEqual(denied(PETS_ARN));
    // The function's policy does not count for its versions and aliases, nor for $LATEST by name.
    for (const qualifier of ["1", "live", "$LATEST"]) expect(await outcome(`${PETS_ARN}:${qualifier}`)).toEqual(denied(`${PETS_ARN}:${qualifier}`));
    await service.run.AddPermission({ ...GATEWAY, Qualifier: "live" });
    expect(await outcome(`${PETS_ARN}:live`)).toBe("it succeeded");
    await service.run.RemovePermission({ FunctionName: "pets", StatementId: "gateway" });
    expect(await outcome(PETS_ARN)).toEqual(denied(PETS_ARN));
  });

  test("is let through when the setting says so, and the log says once that AWS would not", async () => {
    const relaxed = await startService({ settings: { relaxPermissions: true } });
    await relaxed.run.CreateFunction(PETS);
    for (let i = 0; i < 3; i++) expect((await relaxed.lambda.functions.invoke(byGateway(PETS_ARN))).status).toBe(200);
    expect(relaxed.lines).toEqual(["warn invoked a function whose policy does not allow it; AWS would refuse"]);
    await relaxed.close();
  });
});

test("an invocation by a caller of an API in its own name needs its policies' leave, and none of the function", async () => {
  const invoke = (isAllowed: boolean) =>
    failure(service.lambda.functions.invoke({ functionArn: PETS_ARN, type: "RequestResponse", payload: Buffer.from("{}"), identity: { principal: "arn:aws:iam::000000000000:user/ann", isAllowed } }));
  expect(await invoke(true)).toBe("it succeeded");
  expect(await invoke(false)).toEqual({
    code: "AccessDeniedException",
    message:
      `User: arn:aws:iam::000000000000:user/ann is not authorized to perform: lambda:InvokeFunction on resource: ${PETS_ARN} ` +
      "because no identity-based policy allows the lambda:InvokeFunction action",
  });
});
