// A version's configuration as the service's answers show it.
import { createHash } from "node:crypto";
import type { FunctionConfiguration } from "../../model/lambda.gen.ts";
import { functionArn, LATEST, type FunctionId } from "./function-name.ts";
import { codeSha256 } from "./packages.ts";
import type { FunctionConfig } from "./records.ts";

/**
 * The members that every answer has.
 * @param version `$LATEST` or a number.
 * @param qualifier what stands in the ARN: the version or alias that was asked for.
 */
export function summary(id: FunctionId, config: FunctionConfig, version: string, qualifier?: string): FunctionConfiguration {
  const variables = config.environment;
  return {
    FunctionName: id.name,
    FunctionArn: functionArn(qualifier === undefined ? id : { ...id, qualifier }),
    Runtime: config.runtime,
    Role: config.role,
    Handler: config.handler,
    CodeSize: config.code.type === "package" ? config.code.size : 0,
    Description: config.description,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memorySizeMb,
    LastModified: lambdaTime(config.lastModified),
    CodeSha256: codeSha256(config.code),
    Version: version,
    ...(Object.keys(variables).length === 0 ? {} : { Environment: { Variables: variables } }),
    TracingConfig: { Mode: config.tracingMode },
    RevisionId: config.revisionId,
    PackageType: "Zip",
    Architectures: config.architectures,
    EphemeralStorage: { Size: config.ephemeralStorageMb },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: config.logging,
  };
}

/**
 * The whole configuration. A function is made and changed before the answer goes out, so it is active at once.
 * Lists leave these members out: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
 */
export function configuration(id: FunctionId, config: FunctionConfig, version = LATEST, qualifier?: string): FunctionConfiguration {
  return {
    ...summary(id, config, version, qualifier),
    State: "Active",
    LastUpdateStatus: "Successful",
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(id, config.runtime) },
  };
}

/** `2026-01-01T00:00:00.000+0000` */
const lambdaTime = (time: number): string => new Date(time).toISOString().replace("Z", "+0000");

/** Each runtime has one version here; AWS names versions by a hash too. */
function runtimeVersionArn({ region }: FunctionId, runtime: string): string {
  const partition = functionArn({ account: "", region, name: "" }).split(":")[1] as string;
  return `arn:${partition}:lambda:${region}::runtime:${createHash("sha256").update(runtime).digest("hex")}`;
}
