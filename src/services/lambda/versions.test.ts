import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AliasRoutingConfiguration, ListFunctionsRequest } from "../../model/lambda.gen.ts";
import { CODE, failure, OTHER_CODE, PETS, PETS_ARN, startService, type TestService, userError } from "./service.fixture.ts";

let service: TestService;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

const invalid = (message: string): unknown => userError("InvalidParameterValueException", message);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

describe("PublishVersion", () => {
  test("copies code and settings, which then stay as they are", async () => {
    await service.run.CreateFunction({ ...PETS, Description: "first" });
    const version = await service.run.PublishVersion({ FunctionName: "pets", Description: "one" });
    expect([version.FunctionArn, version.Version, version.Description]).toEqual([`${PETS_ARN}:1`, "1", "one"]);
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE });
    await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", Timeout: 60 });
    expect(await service.run.GetFunctionConfiguration({ FunctionName: "pets", Qualifier: "1" })).toEqual(version);
  });

  // https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
  test("of what the last version was published from gives that version", async () => {
    await service.run.CreateFunction(PETS);
    const first = await service.run.PublishVersion({ FunctionName: "pets", Description: "one" });
    expect(await service.run.PublishVersion({ FunctionName: "pets", Description: "two" })).toEqual(first);
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...CODE });
    expect((await service.run.PublishVersion({ FunctionName: "pets" })).Version).toBe("1");
    await service.run.UpdateFunctionConfiguration({ FunctionName: "pets", MemorySize: 256 });
    expect((await service.run.PublishVersion({ FunctionName: "pets" })).Version).toBe("2");
  });

  test("never uses a number again", async () => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    await service.run.DeleteFunction({ FunctionName: "pets:1" });
    expect((await service.run.PublishVersion({ FunctionName: "pets" })).Version).toBe("2");
  });

  test("needs the hash and the revision to be the present ones", async () => {
    const { RevisionId } = await service.run.CreateFunction(PETS);
    const present = sha256(CODE.ZipFile);
    expect(await failure(service.run.PublishVersion({ FunctionName: "pets", CodeSha256: "AAAA" }))).toEqual(
      invalid(`CodeSHA256 (AAAA) is different from current CodeSHA256 in $LATEST (${present}). Please try again with the CodeSHA256 in $LATEST.`),
    );
    expect(await failure(service.run.PublishVersion({ FunctionName: "pets", RevisionId: "other" }))).toMatchObject({
      code: "PreconditionFailedException",
    });
    const given = { CodeSha256: present, RevisionId: RevisionId as string };
    expect((await service.run.PublishVersion({ FunctionName: "pets", ...given })).Version).toBe("1");
  });

  test("by many at once publishes one version", async () => {
    await service.run.CreateFunction(PETS);
    const all = await Promise.all([1, 2, 3, 4].map(() => service.run.PublishVersion({ FunctionName: "pets" })));
    expect(all.map(({ Version }) => Version)).toEqual(["1", "1", "1", "1"]);
  });
});

describe("lists", () => {
  const namesOf = ({ Functions }: { Functions?: readonly { FunctionArn?: string | undefined }[] | undefined }): string[] =>
    (Functions ?? []).map(({ FunctionArn }) => (FunctionArn as string).split(":function:")[1] as string);

  async function everyPage(input: ListFunctionsRequest): Promise<string[][]> {
    const pages: string[][] = [];
    for (let Marker: string | undefined; ; ) {
      const page = await service.run.ListFunctions({ ...input, ...(Marker === undefined ? {} : { Marker }) });
      pages.push(namesOf(page));
      Marker = page.NextMarker;
      if (Marker === undefined) return pages;
    }
  }

  beforeEach(async () => {
    for (const FunctionName of ["c", "a", "b-1", "b"]) await service.run.CreateFunction({ ...PETS, FunctionName });
    for (let i = 0; i < 11; i++) {
      await service.run.UpdateFunctionConfiguration({ FunctionName: "b", Timeout: i + 10 });
      await service.run.PublishVersion({ FunctionName: "b" });
    }
  });

  const numbers = ["b:$LATEST", ...Array.from({ length: 11 }, (_, i) => `b:${i + 1}`)];

  test("of functions go on where the page before ended", async () => {
    expect(await everyPage({})).toEqual([["a", "b", "b-1", "c"]]);
    expect(await everyPage({ MaxItems: 3 })).toEqual([["a", "b", "b-1"], ["c"]]);
    expect(await everyPage({ MaxItems: 2 })).toEqual([["a", "b"], ["b-1", "c"]]);
    const first = await service.run.ListFunctions({ MaxItems: 2 });
    await service.run.DeleteFunction({ FunctionName: "b" });
    expect(namesOf(await service.run.ListFunctions({ Marker: first.NextMarker as string }))).toEqual(["b-1", "c"]);
  });

  test("of all versions go through each function, oldest version first", async () => {
    const all = ["a:$LATEST", ...numbers, "b-1:$LATEST", "c:$LATEST"];
    expect(await everyPage({ FunctionVersion: "ALL" })).toEqual([all]);
    for (const MaxItems of [1, 2, 5, 13, 14, 15]) {
      const pages = await everyPage({ FunctionVersion: "ALL", MaxItems });
      expect(pages.flat()).toEqual(all);
      expect(pages.slice(0, -1).every((page) => page.length === MaxItems)).toBe(true);
    }
  });

  test("of a function's versions", async () => {
    const page = await service.run.ListVersionsByFunction({ FunctionName: "b", MaxItems: 10 });
    const rest = await service.run.ListVersionsByFunction({ FunctionName: "b", Marker: page.NextMarker as string });
    expect([...namesOf({ Functions: page.Versions }), ...namesOf({ Functions: rest.Versions })]).toEqual(numbers);
    expect([page.Versions?.length, rest.NextMarker]).toEqual([10, undefined]);
  });

  // https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
  test("leave out the state and the runtime's version", async () => {
    const { Functions } = await service.run.ListFunctions({ MaxItems: 1 });
    const { State: _state, LastUpdateStatus: _status, RuntimeVersionConfig: _runtime, ...rest } =
      await service.run.GetFunctionConfiguration({ FunctionName: "a" });
    expect(Functions).toEqual([rest]);
  });

  test("of Lambda@Edge replicas are empty", async () => {
    expect(await service.run.ListFunctions({ MasterRegion: "eu-west-1" })).toEqual({ Functions: [] });
    expect(namesOf(await service.run.ListFunctions({ MasterRegion: "ALL", MaxItems: 1 }))).toEqual(["a"]);
  });

  test.each(["nonsense", Buffer.from("[]").toString("base64url"), Buffer.from("[1]").toString("base64url")])(
    "refuse the marker %s",
    async (Marker) => {
      expect(await failure(service.run.ListFunctions({ Marker }))).toEqual(invalid("Invalid value for Marker."));
      expect(await failure(service.run.ListVersionsByFunction({ FunctionName: "b", Marker }))).toEqual(invalid("Invalid value for Marker."));
    },
  );
});

describe("aliases", () => {
  beforeEach(async () => {
    await service.run.CreateFunction({ ...PETS, Publish: true });
    await service.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, Publish: true });
  });

  test("are made, read, changed and deleted", async () => {
    const created = await service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "1", Description: "what users get" });
    expect(created).toEqual({
      AliasArn: `${PETS_ARN}:live`,
      Name: "live",
      FunctionVersion: "1",
      Description: "what users get",
      RevisionId: created.RevisionId,
    });
    expect(await service.run.GetAlias({ FunctionName: "pets", Name: "live" })).toEqual(created);
    const RoutingConfig = { AdditionalVersionWeights: { "2": 0.1 } };
    const updated = await service.run.UpdateAlias({ FunctionName: "pets", Name: "live", RoutingConfig, RevisionId: created.RevisionId as string });
    expect(updated).toEqual({ ...created, RoutingConfig, RevisionId: updated.RevisionId });
    expect(updated.RevisionId).not.toBe(created.RevisionId);
    expect(await failure(service.run.UpdateAlias({ FunctionName: "pets", Name: "live", RevisionId: created.RevisionId as string }))).toMatchObject({
      code: "PreconditionFailedException",
    });
    const moved = await service.run.UpdateAlias({
      FunctionName: "pets", Name: "live", FunctionVersion: "2", RoutingConfig: { AdditionalVersionWeights: {} },
    });
    expect([moved.FunctionVersion, moved.RoutingConfig]).toEqual(["2", undefined]);
    // Deleting twice succeeds, as the operation knows no ResourceNotFoundException.
    for (let i = 0; i < 2; i++) expect(await service.run.DeleteAlias({ FunctionName: "pets", Name: "live" })).toEqual({});
    expect(await failure(service.run.GetAlias({ FunctionName: "pets", Name: "live" }))).toEqual(
      userError("ResourceNotFoundException", `Cannot find alias arn: ${PETS_ARN}:live`),
    );
  });

  test("show the version that they mainly point to", async () => {
    await service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "1" });
    const { FunctionArn, Version, CodeSha256 } = await service.run.GetFunctionConfiguration({ FunctionName: "pets:live" });
    expect([FunctionArn, Version, CodeSha256]).toEqual([`${PETS_ARN}:live`, "1", sha256(CODE.ZipFile)]);
  });

  test("are listed by name, all or those of a version", async () => {
    for (const Name of ["b", "a", "c"]) {
      await service.run.CreateAlias({ FunctionName: "pets", Name, FunctionVersion: Name === "b" ? "2" : "1" });
    }
    const names = async (input: { FunctionVersion?: string; MaxItems?: number; Marker?: string }): Promise<(string | undefined)[]> =>
      ((await service.run.ListAliases({ FunctionName: "pets", ...input })).Aliases ?? []).map(({ Name }) => Name);
    expect(await names({})).toEqual(["a", "b", "c"]);
    expect(await names({ FunctionVersion: "1" })).toEqual(["a", "c"]);
    const { NextMarker } = await service.run.ListAliases({ FunctionName: "pets", MaxItems: 2 });
    expect(await names({ Marker: NextMarker as string })).toEqual(["c"]);
  });

  const refusals: readonly [string, string, AliasRoutingConfiguration | undefined, unknown][] = [
    ["a version that is not there", "7", undefined, userError("ResourceNotFoundException", `Function not found: ${PETS_ARN}:7`)],
    ["an additional version that is not there", "1", { AdditionalVersionWeights: { "7": 0.5 } },
      userError("ResourceNotFoundException", `Function not found: ${PETS_ARN}:7`)],
    ["three versions", "1", { AdditionalVersionWeights: { "2": 0.1, "3": 0.1 } },
      invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")],
    ["the same version twice", "1", { AdditionalVersionWeights: { "1": 0.1 } },
      invalid("Invalid function version 1. Function version 1 is already included in routing configuration.")],
    ["a share of $LATEST", "$LATEST", { AdditionalVersionWeights: { "1": 0.1 } },
      invalid("$LATEST is not supported for an alias pointing to more than 1 version")],
    ["more than everything", "1", { AdditionalVersionWeights: { "2": 1.1 } },
      invalid("AdditionalVersionWeights maps the number of a version to a weight from 0.0 to 1.0.")],
  ];
  test.each(refusals)("refuse %s", async (_name, FunctionVersion, RoutingConfig, expected) => {
    const input = { FunctionName: "pets", Name: "live", FunctionVersion, ...(RoutingConfig ? { RoutingConfig } : {}) };
    expect(await failure(service.run.CreateAlias(input))).toEqual(expected);
  });

  test("are made once", async () => {
    await service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "1" });
    expect(await failure(service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "2" }))).toEqual(
      userError("ResourceConflictException", `Alias already exists: ${PETS_ARN}:live`),
    );
  });

  test("never come to point to a version that goes at the same time", async () => {
    const [alias, deletion] = await Promise.all([
      failure(service.run.CreateAlias({ FunctionName: "pets", Name: "live", FunctionVersion: "1" })),
      failure(service.run.DeleteFunction({ FunctionName: "pets", Qualifier: "1" })),
    ]);
    expect([alias, deletion].filter((outcome) => outcome === "it succeeded")).toHaveLength(1);
  });

  test("share invocations exactly by their weights", async () => {
    let next = 0;
    const weighted = await startService({ random: () => next });
    await weighted.run.CreateFunction({ ...PETS, Publish: true });
    await weighted.run.UpdateFunctionCode({ FunctionName: "pets", ...OTHER_CODE, Publish: true });
    await weighted.run.CreateAlias({
      FunctionName: "pets", Name: "live", FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { "2": 0.25 } },
    });
    const versions: (string | undefined)[] = [];
    for (next of [0, 0.1, 0.249, 0.25, 0.5, 0.999]) {
      versions.push((await weighted.run.Invoke({ FunctionName: "pets:live" })).ExecutedVersion);
    }
    expect(versions).toEqual(["2", "2", "2", "1", "1", "1"]);
    expect(weighted.runtime.invocations[0]?.spec.invokedArn).toBe(`${PETS_ARN}:live`);
    await weighted.close();
  });
});
