import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { InvocationRequest } from "../../model/lambda.gen.ts";
import { FunctionCallError, type FunctionResult, type FunctionStream } from "../../ports/functions.ts";
import { CALL, failure, OTHER_CODE, PETS, PETS_ARN, startService, type TestService, until, userError } from "./service.fixture.ts";

let service: TestService;
beforeEach(async () => {
  service = await startService();
  await service.run.CreateFunction({ ...PETS, Environment: { Variables: { STAGE: "prod" } }, MemorySize: 256, Timeout: 9 });
});
afterEach(() => service.close());

const failed: FunctionResult = {
  status: 200,
  payload: Buffer.from('{"errorMessage":"no"}'),
  functionError: "Unhandled",
  executedVersion: "$LATEST",
};

describe("Invoke", () => {
  test("runs the function and answers with its payload", async () => {
    service.runtime.answer = () => ({ status: 200, payload: Buffer.from('"hello"'), executedVersion: "$LATEST", log: Buffer.from("the end") });
    const ClientContext = Buffer.from('{"client":{}}').toString("base64");
    const input = { FunctionName: "pets", Payload: Buffer.from('{"a":1}'), LogType: "Tail", ClientContext } as const;
    expect(await service.run.Invoke(input)).toEqual({
      StatusCode: 200,
      Payload: Buffer.from('"hello"'),
      ExecutedVersion: "$LATEST",
      LogResult: Buffer.from("the end").toString("base64"),
    });
    const { spec, invocation } = service.runtime.invocations[0] ?? {};
    expect(spec).toEqual({
      account: "000000000000",
      region: "us-east-1",
      functionName: "pets",
      version: "$LATEST",
      invokedArn: PETS_ARN,
      revision: "00000000-0000-4000-8000-000000000001",
      runtime: "nodejs22.x",
      handler: "index.handler",
      codeDirectory: spec?.codeDirectory,
      watch: false,
      environment: { STAGE: "prod" },
      memorySizeMb: 256,
      timeoutMs: 9_000,
      maxConcurrency: 10,
    });
    expect(invocation).toEqual({
      requestId: CALL.requestId,
      payload: Buffer.from('{"a":1}'),
      tailLog: true,
      clientContext: '{"client":{}}',
    });
  });

  test("of a function that fails succeeds and says so", async () => {
    service.runtime.answer = () => failed;
    expect(await service.run.Invoke({ FunctionName: "pets" })).toEqual({
      StatusCode: 200,
      Payload: Buffer.from('{"errorMessage":"no"}'),
      ExecutedVersion: "$LATEST",
      FunctionError: "Unhandled",
    });
  });

  test("without a payload gives the function an empty object", async () => {
    await service.run.Invoke({ FunctionName: "pets" });
    expect(service.runtime.invocations[0]?.invocation.payload).toEqual(Buffer.from("{}"));
  });

  test("sees a change as soon as it is acknowledged", async () => {
    const revisions: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      const { RevisionId } = await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", Timeout: i + 1 });
      await service.run.Invoke({ FunctionName: "pets" });
      revisions.push(RevisionId);
      expect(service.runtime.invocations.at(-1)?.spec).toMatchObject({ revision: RevisionId, timeoutMs: (i + 1) * 1_000 });
    }
    expect(new Set(revisions).size).toBe(3);
  });

  test("runs a version with its own code and settings", async () => {
    await service.run.PublishVersion({ FunctionName: "pets" });
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE });
    await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", Timeout: 1 });
    await service.run.Invoke({ FunctionName: "pets", Qualifier: "1" });
    await service.run.Invoke({ FunctionName: "pets" });
    const [version, latest] = service.runtime.invocations.map(({ spec }) => spec);
    expect(version).toMatchObject({ version: "1", timeoutMs: 9_000, invokedArn: `${PETS_ARN}:1` });
    expect(latest).toMatchObject({ version: "$LATEST", timeoutMs: 1_000, invokedArn: PETS_ARN });
    expect(version?.codeDirectory).not.toBe(latest?.codeDirectory);
  });

  test("with DryRun runs nothing", async () => {
    expect(await service.run.Invoke({ FunctionName: "pets", InvocationType: "DryRun" })).toEqual({ StatusCode: 204 });
    expect(service.runtime.invocations).toEqual([]);
    expect(await failure(service.run.Invoke({ FunctionName: "none", InvocationType: "DryRun" }))).toMatchObject({ code: "ResourceNotFoundException" });
  });

  test("of a payload that is JSON for certain looks at nothing but its size", async () => {
    const invocation = { functionArn: PETS_ARN, type: "RequestResponse", isJson: true } as const;
    const payload = Buffer.from("not looked at");
    await service.lambda.functions.invoke({ ...invocation, payload });
    expect(service.runtime.invocations.map((one) => one.invocation.payload)).toEqual([payload]);
    await expect(service.lambda.functions.invoke({ ...invocation, payload: Buffer.alloc(6_291_457, " ") })).rejects.toThrow(
      "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    );
  });

  const json = "Could not parse request body into json: Could not parse payload into json: ";
  const refusals: readonly [string, Partial<InvocationRequest>, unknown][] = [
    ["a function that is not there", { FunctionName: "none" },
      userError("ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none")],
    ["a version that is not there", { Qualifier: "3" }, userError("ResourceNotFoundException", `Function not found: ${PETS_ARN}:3`)],
    ["a payload that is no JSON", { Payload: Buffer.from("hello") },
      userError("InvalidRequestContentException", `${json}Unexpected token 'h', "hello" is not valid JSON`)],
    ["a payload that is no text", { Payload: Buffer.from([0x22, 0xff, 0x22]) }, userError("InvalidRequestContentException", `${json}it is not UTF-8`)],
    ["a payload of more than 6 MB", { Payload: Buffer.alloc(6_291_457, " ") }, userError(
      "RequestEntityTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    )],
    ["an event of more than 1 MB", { Payload: Buffer.alloc(1_048_577, " "), InvocationType: "Event" }, userError(
      "RequestEntityTooLargeException", "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    )],
    ["a client context that is no JSON", { ClientContext: "aGVsbG8=" },
      userError("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.")],
    ["a client context that is too long", { ClientContext: Buffer.from(JSON.stringify({ a: "x".repeat(2_700) })).toString("base64") },
      userError("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.")],
    ["tenants", { TenantId: "t" }, userError(
      "InvalidParameterValueException", "TenantId is not supported: Gatehouse runs functions from .zip packages as local processes, without it.",
    )],
  ];
  test.each(refusals)("refuses %s", async (_name, change, expected) => {
    expect(await failure(service.run.Invoke({ FunctionName: "pets", ...change }))).toEqual(expected);
    expect(service.runtime.invocations).toEqual([]);
  });

  test("takes 6 MB to the byte", async () => {
    const Payload = Buffer.alloc(6_291_456, " ");
    Payload[0] = "1".charCodeAt(0);
    expect((await service.run.Invoke({ FunctionName: "pets", Payload })).StatusCode).toBe(200);
  });

  test("says why the runtime could not run it", async () => {
    service.runtime.answer = () => {
      throw new FunctionCallError("ServiceException", "no process could be started");
    };
    expect(await failure(service.run.Invoke({ FunctionName: "pets" }))).toEqual({
      code: "ServiceException", message: "no process could be started", Type: "Service",
    });
    service.runtime.answer = () => {
      throw new FunctionCallError("TooManyRequestsException", "Rate Exceeded.");
    };
    expect(await failure(service.run.Invoke({ FunctionName: "pets" }))).toEqual({
      code: "TooManyRequestsException", message: "Rate Exceeded.", Type: "User", Reason: "ConcurrentInvocationLimitExceeded",
    });
  });
});

describe("reserved concurrency", () => {
  test("limits the invocations of all versions together", async () => {
    await service.run.PublishVersion({ FunctionName: "pets" });
    await service.run.PutFunctionConcurrency({ FunctionName: "pets", ReservedConcurrentExecutions: 2 });
    const waiting: (() => void)[] = [];
    service.runtime.answer = ({ version }) =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ status: 200, payload: Buffer.from("1"), executedVersion: version }));
      });
    const running = ["$LATEST", "1"].map((Qualifier) => service.run.Invoke({ FunctionName: "pets", Qualifier }));
    await until(() => waiting.length === 2);
    expect(service.runtime.invocations.map(({ spec }) => spec.maxConcurrency)).toEqual([2, 2]);
    expect(await failure(service.run.Invoke({ FunctionName: "pets" }))).toEqual({
      code: "TooManyRequestsException", message: "Rate Exceeded.", Type: "User", Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    for (const end of waiting.splice(0)) end();
    await Promise.all(running);
    const next = service.run.Invoke({ FunctionName: "pets" });
    await until(() => waiting.length === 1);
    for (const end of waiting) end();
    expect((await next).StatusCode).toBe(200);
  });

  test("of 0 stops the function", async () => {
    await service.run.PutFunctionConcurrency({ FunctionName: "pets", ReservedConcurrentExecutions: 0 });
    expect(await failure(service.run.Invoke({ FunctionName: "pets" }))).toMatchObject({ code: "TooManyRequestsException" });
    await service.run.DeleteFunctionConcurrency({ FunctionName: "pets" });
    expect((await service.run.Invoke({ FunctionName: "pets" })).StatusCode).toBe(200);
  });

  test("is told, and leaves 100 to the others", async () => {
    expect(await service.run.GetFunctionConcurrency({ FunctionName: "pets" })).toEqual({});
    expect(await service.run.PutFunctionConcurrency({ FunctionName: "pets", ReservedConcurrentExecutions: 900 })).toEqual({
      ReservedConcurrentExecutions: 900,
    });
    expect(await service.run.GetFunctionConcurrency({ FunctionName: "pets" })).toEqual({ ReservedConcurrentExecutions: 900 });
    await service.run.CreateFunction({ ...PETS, FunctionName: "other" });
    expect(await failure(service.run.PutFunctionConcurrency({ FunctionName: "other", ReservedConcurrentExecutions: 1 }))).toEqual({
      code: "InvalidParameterValueException",
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    });
    expect(await service.run.GetAccountSettings({})).toEqual({
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: 1_000,
        UnreservedConcurrentExecutions: 100,
      },
      AccountUsage: { TotalCodeSize: 2 * PETS.Code.ZipFile.length, FunctionCount: 2 },
    });
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
describe("an event", () => {
  const MINUTE = 60_000;
  const send = (): Promise<unknown> => service.run.Invoke({ FunctionName: "pets", InvocationType: "Event", Payload: Buffer.from("[1]") });
  const attempts = (): number => service.runtime.invocations.length;
  /** The event waits for another attempt, or was given up. */
  const rests = (): boolean => service.clock.due().length + service.lines.length > 0;

  test("is taken at once and run once when it succeeds", async () => {
    expect(await send()).toEqual({ StatusCode: 202 });
    await until(() => attempts() === 1);
    await service.lambda.close();
    expect(service.clock.due()).toEqual([]);
    expect(service.runtime.invocations.map(({ invocation }) => invocation)).toEqual([
      { requestId: CALL.requestId, payload: Buffer.from("[1]"), tailLog: false },
    ]);
  });

  test("of a function that fails is tried again after one minute and after two, with the same id", async () => {
    service.runtime.answer = () => failed;
    await send();
    const waits: number[] = [];
    for (;;) {
      await until(rests);
      const [wait] = service.clock.due();
      if (wait === undefined) break;
      waits.push(wait);
      service.clock.advance(wait);
    }
    expect([waits, attempts()]).toEqual([[MINUTE, 2 * MINUTE], 3]);
    expect(new Set(service.runtime.invocations.map(({ invocation }) => invocation.requestId))).toEqual(new Set([CALL.requestId]));
    expect(service.lines).toEqual(["error gave up an asynchronous invocation"]);
  });

  test("that is throttled is tried again from a second to five minutes apart, for six hours", async () => {
    service.runtime.answer = () => {
      throw new FunctionCallError("TooManyRequestsException", "Rate Exceeded.");
    };
    await send();
    const waits: number[] = [];
    for (;;) {
      await until(rests);
      const [wait] = service.clock.due();
      if (wait === undefined) break;
      waits.push(wait);
      service.clock.advance(wait);
    }
    expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1_000));
    expect(waits.slice(9).every((wait) => wait === 5 * MINUTE)).toBe(true);
    const total = waits.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeLessThanOrEqual(360 * MINUTE);
    expect(total).toBeGreaterThan(354 * MINUTE);
    expect(service.lines).toEqual(["error gave up an asynchronous invocation"]);
  });

  test("that was throttled still has its three attempts", async () => {
    const answers: (() => FunctionResult)[] = [
      () => {
        throw new FunctionCallError("TooManyRequestsException", "Rate Exceeded.");
      },
      () => failed,
      () => failed,
      () => ({ status: 200, payload: Buffer.from("1"), executedVersion: "$LATEST" }),
    ];
    service.runtime.answer = () => (answers.shift() as () => FunctionResult)();
    await send();
    for (const wait of [1_000, MINUTE, 2 * MINUTE]) {
      await until(rests);
      expect(service.clock.due()).toEqual([wait]);
      service.clock.advance(wait);
    }
    await until(() => attempts() === 4);
    await service.lambda.close();
    expect(service.lines).toEqual([]);
  });

  test("whose function is deleted meanwhile is given up", async () => {
    service.runtime.answer = () => failed;
    await send();
    await until(rests);
    await service.run.DeleteFunction({ FunctionName: "pets" });
    service.clock.advance(MINUTE);
    await until(() => service.lines.length > 0);
    expect([attempts(), service.lines]).toEqual([1, ["error gave up an asynchronous invocation"]]);
  });

  test("too many is refused, and there is room again when one is done", async () => {
    const waiting: (() => void)[] = [];
    service.runtime.answer = () =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ status: 200, payload: Buffer.from("1"), executedVersion: "$LATEST" }));
      });
    for (let i = 0; i < 5; i++) await send();
    expect(await failure(send())).toMatchObject({ code: "TooManyRequestsException", message: "Rate Exceeded." });
    await until(() => waiting.length === 5);
    waiting.pop()?.();
    while ((await failure(send())) !== "it succeeded") await until(() => true);
    await until(() => waiting.length === 5);
    for (const end of waiting) end();
  });

  test("that waits when the service closes is lost, and the log says so", async () => {
    service.runtime.answer = () => failed;
    await send();
    await until(rests);
    await service.lambda.close();
    expect(service.lines).toEqual(["warn lost events of asynchronous invocations that waited for another attempt"]);
    expect(service.clock.due()).toEqual([]);
  });
});

describe("InvokeWithResponseStream", () => {
  const streaming = (end: Awaited<FunctionStream["outcome"]>): FunctionStream => ({
    status: 200,
    contentType: "text/html",
    executedVersion: "$LATEST",
    chunks: (async function* () {
      yield Buffer.from("hello ");
      yield Buffer.from("world");
    })(),
    outcome: Promise.resolve(end),
  });

  const read = async (): Promise<unknown> => {
    const { EventStream, ...head } = await service.run.InvokeWithResponseStream({ FunctionName: "pets", LogType: "Tail" });
    const events: unknown[] = [];
    for await (const event of EventStream ?? []) events.push(event);
    return { ...head, events };
  };

  test("gives chunks as they come, and the end", async () => {
    service.runtime.stream = () => streaming({ log: Buffer.from("END") });
    expect(await read()).toEqual({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      ResponseStreamContentType: "text/html",
      events: [
        { PayloadChunk: { Payload: Buffer.from("hello ") } },
        { PayloadChunk: { Payload: Buffer.from("world") } },
        { InvokeComplete: { LogResult: Buffer.from("END").toString("base64") } },
      ],
    });
  });

  test("tells how a function failed on the way", async () => {
    service.runtime.stream = () => streaming({ errorCode: "Function.Error", errorDetails: "it broke" });
    expect(await read()).toMatchObject({
      events: [{}, {}, { InvokeComplete: { ErrorCode: "Function.Error", ErrorDetails: "it broke" } }],
    });
  });

  test("counts against reserved concurrency until it ends", async () => {
    await service.run.PutFunctionConcurrency({ FunctionName: "pets", ReservedConcurrentExecutions: 1 });
    const end = Promise.withResolvers<Awaited<FunctionStream["outcome"]>>();
    service.runtime.stream = () => ({ ...streaming({}), outcome: end.promise });
    await service.run.InvokeWithResponseStream({ FunctionName: "pets" });
    expect(await failure(service.run.InvokeWithResponseStream({ FunctionName: "pets" }))).toMatchObject({ code: "TooManyRequestsException" });
    end.resolve({});
    await end.promise;
    expect((await service.run.InvokeWithResponseStream({ FunctionName: "pets" })).StatusCode).toBe(200);
  });

  test("with DryRun runs nothing", async () => {
    expect(await service.run.InvokeWithResponseStream({ FunctionName: "pets", InvocationType: "DryRun" })).toEqual({ StatusCode: 204 });
    expect(service.runtime.invocations).toEqual([]);
  });
});

describe("tags", () => {
  test("are added, listed and removed", async () => {
    await service.run.TagResource({ Resource: PETS_ARN, Tags: { a: "1", b: "2" } });
    await service.run.TagResource({ Resource: PETS_ARN, Tags: { b: "3" } });
    expect(await service.run.ListTags({ Resource: PETS_ARN })).toEqual({ Tags: { a: "1", b: "3" } });
    await service.run.UntagResource({ Resource: PETS_ARN, TagKeys: ["a", "none"] });
    expect(await service.run.ListTags({ Resource: PETS_ARN })).toEqual({ Tags: { b: "3" } });
  });

  test.each([
    [`${PETS_ARN}:1`, { a: "1" }, "Tags on function aliases and versions are not supported. Please specify a function ARN."],
    [PETS_ARN, { "aws:x": "1" }, "A tag's key has 1 to 128 characters and does not begin with aws: (aws:x)."],
    [PETS_ARN, { a: "x".repeat(257) }, "A tag's value has at most 256 characters (a)."],
  ])("of %s refuse %o", async (Resource, Tags, message) => {
    expect(await failure(service.run.TagResource({ Resource, Tags }))).toEqual(
      userError("InvalidParameterValueException", message),
    );
  });
});
