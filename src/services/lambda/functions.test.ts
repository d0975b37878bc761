import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from "../../model/lambda.gen.ts";
import { zip } from "../../../test/harness/zip.ts";
import { CODE, failure, OTHER_CODE, PETS, PETS_ARN, ROLE, startService, type TestService, userError } from "./service.fixture.ts";

let service: TestService;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");
const invalid = (message: string): unknown => userError("InvalidParameterValueException", message);
const notFound = (arn: string): unknown => userError("ResourceNotFoundException", `Function not found: ${arn}`);

const PETS_CONFIGURATION = {
  FunctionName: "pets",
  FunctionArn: PETS_ARN,
  Runtime: "nodejs22.x",
  Role: ROLE,
  Handler: "index.handler",
  CodeSize: CODE.ZipFile.length,
  Description: "",
  Timeout: 3,
  MemorySize: 128,
  LastModified: "2026-01-01T00:00:00.000+0000",
  CodeSha256: sha256(CODE.ZipFile),
  Version: "$LATEST",
  TracingConfig: { Mode: "PassThrough" },
  RevisionId: "00000000-0000-4000-8000-000000000001",
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
  Architectures: ["x86_64"],
  EphemeralStorage: { Size: 512 },
  SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
  RuntimeVersionConfig: {
    RuntimeVersionArn: `arn:aws:lambda:us-east-1::runtime:${createHash("sha256").update("nodejs22.x").digest("hex")}`,
  },
  LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/pets" },
};

describe("CreateFunction", () => {
  test("answers with the whole configuration, defaults and all", async () => {
    expect(await service.run.CreateFunction(PETS)).toEqual(PETS_CONFIGURATION);
  });

  test("stores and gives back every setting", async () => {
    const given = {
      ...PETS,
      Description: "all of them",
      Timeout: 900,
      MemorySize: 10_240,
      Environment: { Variables: { STAGE: "prod", a1: "" } },
      TracingConfig: { Mode: "Active" },
      Architectures: ["arm64"],
      EphemeralStorage: { Size: 10_240 },
      SnapStart: { ApplyOn: "None" },
      LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "DEBUG", LogGroup: "/my/group" },
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
      PackageType: "Zip",
    } as const satisfies CreateFunctionRequest;
    expect(await service.run.CreateFunction(given)).toEqual({
      ...PETS_CONFIGURATION,
      Description: "all of them",
      Timeout: 900,
      MemorySize: 10_240,
      Environment: { Variables: { STAGE: "prod", a1: "" } },
      TracingConfig: { Mode: "Active" },
      Architectures: ["arm64"],
      EphemeralStorage: { Size: 10_240 },
      LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "DEBUG", SystemLogLevel: "INFO", LogGroup: "/my/group" },
    });
  });

  test("publishes the first version when asked to", async () => {
    expect(await service.run.CreateFunction({ ...PETS, Publish: true })).toEqual({
      ...PETS_CONFIGURATION,
      FunctionArn: `${PETS_ARN}:1`,
      Version: "1",
      RevisionId: "00000000-0000-4000-8000-000000000002",
    });
  });

  test("keeps accounts and regions apart", async () => {
    await service.run.CreateFunction(PETS);
    await service.run.CreateFunction(PETS, { account: "111111111111" });
    const other = await service.run.CreateFunction(PETS, { region: "eu-west-1" });
    expect(other.FunctionArn).toBe("arn:aws:lambda:eu-west-1:000000000000:function:pets");
    const lists = await Promise.all(
      [{}, { account: "111111111111" }, { region: "eu-west-1" }, { region: "eu-west-2" }].map((call) => service.run.ListFunctions({}, call)),
    );
    expect(lists.map(({ Functions }) => Functions?.map(({ FunctionArn }) => FunctionArn))).toEqual([
      [PETS_ARN],
      ["arn:aws:lambda:us-east-1:111111111111:function:pets"],
      ["arn:aws:lambda:eu-west-1:000000000000:function:pets"],
      [],
    ]);
  });

  test("twice at once makes one function", async () => {
    const outcomes = await Promise.all([PETS, PETS].map((input) => failure(service.run.CreateFunction(input))));
    expect(outcomes).toContainEqual(userError("ResourceConflictException", "Function already exist: pets"));
    expect(outcomes).toContainEqual("it succeeded");
    expect(await service.packages()).toHaveLength(1);
  });

  const tooMuch = { LONG: "x".repeat(4_096) };
  const tooMany = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`tag${i}`, "x"]));
  const refusals: readonly [string, Partial<CreateFunctionRequest>, unknown][] = [
    ["a name of more than 64 characters", { FunctionName: "x".repeat(65) }, invalid(
      `1 validation error detected: Value '${"x".repeat(65)}' at 'functionName' failed to satisfy constraint: ` +
        "Member must have length less than or equal to 64",
    )],
    ["a function of another region", { FunctionName: "arn:aws:lambda:eu-west-1:000000000000:function:pets" },
      userError("ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")],
    ["a version", { FunctionName: "pets:1" }, invalid(
      "Current operation does not support versions other than $LATEST. Please set the version to $LATEST or do not set a version in your request.",
    )],
    ["a timeout of more than 15 minutes", { Timeout: 901 }, invalid(
      "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
    )],
    ["more memory than Lambda has", { MemorySize: 10_241 },
      invalid("'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 10240")],
    ["a runtime that is no longer supported", { Runtime: "python3.7" }, invalid(
      "The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions. " +
        "We recommend you use a supported runtime while creating or updating functions.",
    )],
    ["a runtime that this machine cannot run", { Runtime: "java21" }, invalid("java21 does not run on this machine: there is no java.")],
    ["reserved variables", { Environment: { Variables: { AWS_REGION: "x", ok: "y", _HANDLER: "z" } } }, invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have provided contains " +
        "reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION, _HANDLER",
    )],
    ["more than 4 KB of variables", { Environment: { Variables: tooMuch } }, invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded " +
        `the 4KB limit. String measured: ${JSON.stringify(tooMuch)}`,
    )],
    ["a variable's bad name", { Environment: { Variables: { a: "one letter" } } }, {
      code: "ValidationException",
      message: "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: " +
        "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    }],
    ["no archive", { Code: {} }, invalid("Please provide a source for function code.")],
    ["an empty archive", { Code: { ZipFile: Buffer.alloc(0) } }, invalid("Uploaded file must be a non-empty zip")],
    ["an archive without files", { Code: { ZipFile: zip({}) } }, invalid("Uploaded file must be a non-empty zip")],
    ["no archive at all", { Code: { ZipFile: Buffer.from("exports.handler = ...") } },
      invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")],
    ["an archive that leads out of its directory", { Code: { ZipFile: zip({ "../../etc/passwd": "root" }) } },
      invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")],
    ["code in S3", { Code: { S3Bucket: "bucket", S3Key: "key" } }, invalid(
      "Gatehouse has no S3 to take code from: give it as ZipFile, or as S3Bucket hot-reload and a local directory as S3Key.",
    )],
    ["levels for text logs", { LoggingConfig: { SystemLogLevel: "INFO" } }, invalid("ApplicationLogLevel and SystemLogLevel need LogFormat JSON.")],
    ["too many tags", { Tags: tooMany }, invalid("Number of tags exceeds resource tag limit.")],
  ];
  test.each(refusals)("refuses %s", async (_name, change, expected) => {
    expect(await failure(service.run.CreateFunction({ ...PETS, ...change }))).toEqual(expected);
    expect(await service.packages()).toEqual([]);
  });

  test("needs a runtime and a handler", async () => {
    const { Runtime: _runtime, ...rest } = PETS;
    expect(await failure(service.run.CreateFunction(rest))).toEqual(
      invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages."),
    );
  });

  const unbuilt: readonly [string, Partial<CreateFunctionRequest>][] = [
    ["PackageType Image", { PackageType: "Image" }],
    ["ImageUri", { Code: { ImageUri: "x" } }],
    ["ImageConfig", { ImageConfig: { Command: ["x"] } }],
    ["Layers", { Layers: ["arn:aws:lambda:us-east-1:000000000000:layer:x:1"] }],
    ["FileSystemConfigs", { FileSystemConfigs: [{ Arn: "x", LocalMountPath: "/mnt/x" }] }],
    ["VpcConfig", { VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] } }],
    ["DeadLetterConfig", { DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:q" } }],
    ["KMSKeyArn", { KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/x" }],
    ["SnapStart", { SnapStart: { ApplyOn: "PublishedVersions" } }],
    ["SourceKMSKeyArn", { Code: { ...CODE, SourceKMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/x" } }],
  ];
  test.each(unbuilt)("refuses %s by name, rather than to leave it out", async (name, change) => {
    expect(await failure(service.run.CreateFunction({ ...PETS, ...change }))).toEqual(
      invalid(`${name} is not supported: Gatehouse runs functions from .zip packages as local processes, without it.`),
    );
  });

  test("says in the log what is wrong with an archive", async () => {
    await failure(service.run.CreateFunction({ ...PETS, Code: { ZipFile: Buffer.from("no zip") } }));
    expect(service.lines).toEqual(["info refused a deployment package"]);
  });
});

describe("the names of a function", () => {
  test.each(["pets", "function:pets", "000000000000:pets", "000000000000:function:pets", PETS_ARN])("%s", async (name) => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    expect((await service.run.GetFunctionConfiguration({ FunctionName: name })).FunctionArn).toBe(PETS_ARN);
    const version = await service.run.GetFunctionConfiguration({ FunctionName: `${name}:1` });
    expect([version.FunctionArn, version.Version]).toEqual([`${PETS_ARN}:1`, "1"]);
    expect(await service.run.GetFunctionConfiguration({ FunctionName: name, Qualifier: "1" })).toEqual(version);
  });

  const rows: readonly [string, string | undefined, unknown][] = [
    ["none", undefined, notFound("arn:aws:lambda:us-east-1:000000000000:function:none")],
    ["pets", "7", notFound(`${PETS_ARN}:7`)],
    ["pets", "live", notFound(`${PETS_ARN}:live`)],
    ["pets:1", "2", invalid("The derived qualifier from the function name does not match the specified qualifier.")],
    ["eu-west-1:000000000000:function:pets", undefined,
      userError("ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")],
    ["arn:aws:lambda:us-east-1:111111111111:function:pets", undefined, {
      code: "AccessDeniedException",
      message: "User: arn:aws:iam::000000000000:root is not authorized to perform: lambda:GetFunctionConfiguration on resource: " +
        "arn:aws:lambda:us-east-1:111111111111:function:pets because no resource-based policy allows the lambda:GetFunctionConfiguration action",
    }],
  ];
  test.each(rows)("%s with qualifier %s is refused", async (name, qualifier, expected) => {
    await service.run.CreateFunction(PETS);
    const input = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
    expect(await failure(service.run.GetFunctionConfiguration(input))).toEqual(expected);
  });

  test("$LATEST asked for by name stands in the ARN", async () => {
    await service.run.CreateFunction(PETS);
    const { FunctionArn, Version } = await service.run.GetFunctionConfiguration({ FunctionName: "pets", Qualifier: "$LATEST" });
    expect([FunctionArn, Version]).toEqual([`${PETS_ARN}:$LATEST`, "$LATEST"]);
  });
});

test("GetFunction gives configuration, tags and concurrency, and no location that nothing serves", async () => {
  await service.run.CreateFunction({ ...PETS, Tags: { team: "pets" } });
  await service.run.PutFunctionConcurrency({ FunctionName: "pets", ReservedConcurrentExecutions: 5 });
  expect(await service.run.GetFunction({ FunctionName: "pets" })).toEqual({
    Configuration: PETS_CONFIGURATION,
    Code: { RepositoryType: "S3" },
    Tags: { team: "pets" },
    Concurrency: { ReservedConcurrentExecutions: 5 },
  });
});

describe("UpdateFunctionCode", () => {
  test("replaces the code, lets the former processes go, and removes the package that nothing uses any more", async () => {
    await service.run.CreateFunction(PETS);
    service.clock.advance(1_000);
    const updated = await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, Architectures: ["arm64"] });
    expect(updated).toEqual({
      ...PETS_CONFIGURATION,
      CodeSize: OTHER_CODE.ZipFile.length,
      CodeSha256: sha256(OTHER_CODE.ZipFile),
      Architectures: ["arm64"],
      LastModified: "2026-01-01T00:00:01.000+0000",
      RevisionId: "00000000-0000-4000-8000-000000000002",
    });
    expect(await service.run.GetFunctionConfiguration({ FunctionName: "pets" })).toEqual(updated);
    await service.lambda.close();
    expect(service.runtime.retired).toEqual(["pets $LATEST"]);
    expect(await service.packages()).toEqual([createHash("sha256").update(OTHER_CODE.ZipFile).digest("hex")]);
  });

  test("keeps the package that a version or another function still uses", async () => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    await service.run.CreateFunction({ ...PETS, FunctionName: "more-pets" });
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE });
    await service.run.DeleteFunction({ FunctionName: "more-pets" });
    await service.lambda.close();
    expect(await service.packages()).toHaveLength(2);
    await service.run.DeleteFunction({ FunctionName: "pets" });
    await service.lambda.close();
    expect(await service.packages()).toEqual([]);
  });

  test("with DryRun checks the code and changes nothing", async () => {
    const created = await service.run.CreateFunction(PETS);
    const answer = await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, DryRun: true, Publish: true });
    expect(answer).toEqual({ ...PETS_CONFIGURATION, CodeSize: OTHER_CODE.ZipFile.length, CodeSha256: sha256(OTHER_CODE.ZipFile) });
    expect(await service.run.GetFunctionConfiguration({ FunctionName: "pets" })).toEqual(created);
    expect(await service.packages()).toHaveLength(1);
    const broken = Buffer.from(OTHER_CODE.ZipFile);
    broken[OTHER_CODE.ZipFile.indexOf("export")] = 0;
    expect(await failure(service.run.UpdateFunctionCode({ FunctionName: "pets", ZipFile: broken, DryRun: true }))).toEqual(
      invalid("Could not unzip uploaded file. Please check your file, then try to upload again."),
    );
  });

  test("with Publish answers with the new version", async () => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    const { FunctionArn, Version, CodeSha256 } = await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, Publish: true });
    expect([FunctionArn, Version, CodeSha256]).toEqual([`${PETS_ARN}:2`, "2", sha256(OTHER_CODE.ZipFile)]);
    expect((await service.run.GetFunctionConfiguration({ FunctionName: "pets:1" })).CodeSha256).toBe(sha256(CODE.ZipFile));
  });

  test("needs the revision to be the present one", async () => {
    const { RevisionId } = await service.run.CreateFunction(PETS);
    const stale = userError(
      "PreconditionFailedException",
      "The RevisionId provided does not match the latest RevisionId for the Lambda function or alias. " +
        "Call the GetFunction or the GetAlias API operation to retrieve the latest RevisionId for your resource.",
    );
    expect(await failure(service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, RevisionId: "other" }))).toEqual(stale);
    expect(await failure(service.run.UpdateFunctionConfiguration({ FunctionName: "pets", Timeout: 4, RevisionId: "other" }))).toEqual(stale);
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, RevisionId: RevisionId as string });
  });
});

describe("UpdateFunctionConfiguration", () => {
  test("changes what is given and nothing else", async () => {
    await service.run.CreateFunction({ ...PETS, Environment: { Variables: { A1: "1" } } });
    const change: Omit<UpdateFunctionConfigurationRequest, "FunctionName"> = { Timeout: 10, MemorySize: 256, Handler: "other.handler", Runtime: "python3.12" };
    const updated = await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", ...change });
    expect(updated).toMatchObject({ ...change, Environment: { Variables: { A1: "1" } }, Role: ROLE, CodeSha256: sha256(CODE.ZipFile) });
    const cleared = await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", Environment: { Variables: {} } });
    expect(cleared.Environment).toBeUndefined();
    expect(cleared).toMatchObject(change);
  });

  test("turns logs to JSON and back", async () => {
    await service.run.CreateFunction(PETS);
    const json = await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", LoggingConfig: { LogFormat: "JSON" } });
    expect(json.LoggingConfig).toEqual({ LogFormat: "JSON", ApplicationLogLevel: "INFO", SystemLogLevel: "INFO", LogGroup: "/aws/lambda/pets" });
    const text = await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", LoggingConfig: { LogFormat: "Text" } });
    expect(text.LoggingConfig).toEqual({ LogFormat: "Text", LogGroup: "/aws/lambda/pets" });
  });

  test("refuses what CreateFunction refuses", async () => {
    await service.run.CreateFunction(PETS);
    expect(await failure(service.run.UpdateFunctionConfiguration({ FunctionName: "pets", Runtime: "java21" }))).toEqual(
      invalid("java21 does not run on this machine: there is no java."),
    );
    expect(await failure(service.run.UpdateFunctionConfiguration({ FunctionName: "none", Timeout: 1 }))).toEqual(
      notFound("arn:aws:lambda:us-east-1:000000000000:function:none"),
    );
  });
});

describe("DeleteFunction", () => {
  test("removes the function with its versions, aliases, policies and code", async () => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    await service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "1" });
    await service.run.AddPermission({ FunctionName: "pets", StatementId: "s", Action: "lambda:*", Principal: "s3.amazonaws.com" });
    expect(await service.run.DeleteFunction({ FunctionName: "pets" })).toEqual({ StatusCode: 204 });
    await service.lambda.close();
    expect(await service.packages()).toEqual([]);
    expect(service.runtime.retired).toEqual(["pets all"]);
    expect(await failure(service.run.DeleteFunction({ FunctionName: "pets" }))).toEqual(notFound(PETS_ARN));
    const again = await service.run.CreateFunction({ ...PETS, Publish: true });
    expect(again.Version).toBe("1");
    expect(await failure(service.run.GetPolicy({ FunctionName: "pets" }))).toEqual(
      userError("ResourceNotFoundException", "The resource you requested does not exist."),
    );
  });

  test("of a version leaves the rest, and does not take what an alias needs", async () => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, Publish: true });
    for (const Name of ["live", "beta"]) await service.run.CreateAlias({ FunctionName: "pets", Name, FunctionVersion: "1" });
    expect(await failure(service.run.DeleteFunction({ FunctionName: "pets", Qualifier: "1" }))).toEqual(
      userError("ResourceConflictException", "Unable to delete version because the following aliases reference it: [beta, live]"),
    );
    await service.run.DeleteFunction({ FunctionName: "pets:2" });
    // Deleting a version that is not there succeeds.
    expect(await service.run.DeleteFunction({ FunctionName: "pets", Qualifier: "99" })).toEqual({ StatusCode: 204 });
    const { Versions } = await service.run.ListVersionsByFunction({ FunctionName: "pets" });
    expect(Versions?.map(({ Version }) => Version)).toEqual(["$LATEST", "1"]);
    expect(await failure(service.run.DeleteFunction({ FunctionName: "pets", Qualifier: "$LATEST" }))).toEqual(
      invalid("$LATEST version cannot be deleted without deleting the function."),
    );
  });
});

describe("code from a local directory", () => {
  test("is taken from there and watched, and has no versions", async () => {
    const path = join(service.directory, "my-function");
    await mkdir(path);
    const created = await service.run.CreateFunction({ ...PETS, Code: { S3Bucket: "hot-reload", S3Key: path } });
    expect([created.CodeSize, created.CodeSha256]).toEqual([0, sha256(Buffer.from(path))]);
    await service.run.Invoke({ FunctionName: "pets" });
    expect(service.runtime.invocations[0]?.spec).toMatchObject({ codeDirectory: path, watch: true });
    expect(await failure(service.run.PublishVersion({ FunctionName: "pets" }))).toEqual(
      invalid("A function whose code is a local directory has no versions: its code changes with the directory."),
    );
  });

  test.each([
    ["relative/path", "S3Key must be the absolute path of a local directory: relative/path"],
    ["/there/is/none", "There is no directory /there/is/none."],
  ])("%s is refused", async (S3Key, message) => {
    expect(await failure(service.run.CreateFunction({ ...PETS, Code: { S3Bucket: "hot-reload", S3Key } }))).toEqual(invalid(message));
  });

  test("is refused when no function may read it", async () => {
    const path = join(service.directory, "secrets");
    await mkdir(path);
    const careful = await startService({ protectedDirectories: [path] });
    const Code = { S3Bucket: "hot-reload", S3Key: path };
    const refused = invalid(`No function may read the directory ${path}.`);
    expect(await failure(careful.run.CreateFunction({ ...PETS, Code }))).toEqual(refused);
    await careful.run.CreateFunction(PETS);
    expect(await failure(careful.run.UpdateFunctionCode({ FunctionName: "pets", ...Code }))).toEqual(refused);
    await careful.close();
  });

  test("is refused when it is switched off", async () => {
    const strict = await startService({ settings: { hotReload: false } });
    expect(await failure(strict.run.CreateFunction({ ...PETS, Code: { S3Bucket: "hot-reload", S3Key: "/tmp" } }))).toEqual(
      invalid("Code from a local directory (S3Bucket hot-reload) is switched off."),
    );
    await strict.close();
  });
});

describe("the next start", () => {
  test("finds functions and their code, and removes packages without a function", async () => {
    await service.run.CreateFunction(PETS);
    await service.close({ keepFiles: true });
    await writeFile(join(service.directory, "packages", `${"a".repeat(64)}.zip`), "saved, and then the power went");
    service = await startService({ after: service });
    await service.lambda.close();
    expect(await service.packages()).toEqual([createHash("sha256").update(CODE.ZipFile).digest("hex")]);
    await service.run.Invoke({ FunctionName: "pets" });
    expect(service.runtime.invocations[0]?.spec.codeDirectory).toContain(createHash("sha256").update(CODE.ZipFile).digest("hex"));
  });
});
