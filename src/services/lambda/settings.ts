// The settings of a function: what CreateFunction and UpdateFunctionConfiguration take, checked, with the defaults of
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
import { ServiceError } from "../../domain/errors.ts";
import type { CreateFunctionRequest, LoggingConfig, UpdateFunctionConfigurationRequest } from "../../model/lambda.gen.ts";
import { invalidParameter } from "./errors.ts";
import type { FunctionConfig } from "./records.ts";

/** What both operations take. Ranges and patterns of the model are checked where requests are decoded. */
type Given = Omit<Partial<CreateFunctionRequest>, "FunctionName" | "Code"> & Partial<UpdateFunctionConfigurationRequest>;

/** The settings among a version's configuration. */
export type FunctionSettings = Omit<FunctionConfig, "code" | "lastModified" | "revisionId">;

/** The settings of a new function that are not given. */
export const DEFAULTS = {
  description: "",
  timeoutSeconds: 3,
  memorySizeMb: 128,
  environment: {},
  tracingMode: "PassThrough",
  architectures: ["x86_64"],
  ephemeralStorageMb: 512,
} as const satisfies Partial<FunctionSettings>;

const TIMEOUT_LIMIT = 900;
const MEMORY_LIMIT = 10_240;
/** Of the variables as JSON, in bytes. */
const ENVIRONMENT_LIMIT = 4_096;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED_VARIABLES = new Set([
  "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
]);

/** Identifiers that Lambda took once and has blocked since (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html). */
const BLOCKED_RUNTIMES = new Set([
  "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x",
  "python2.7", "python3.6", "python3.7", "ruby2.5", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1",
]);

/** Settings that would change what a function does or who can read it, and that are not built. */
const UNBUILT: readonly { readonly name: string; readonly isSet: (given: Given) => boolean }[] = [
  { name: "PackageType Image", isSet: ({ PackageType }) => PackageType === "Image" },
  { name: "ImageConfig", isSet: ({ ImageConfig }) => ImageConfig !== undefined && Object.keys(ImageConfig).length > 0 },
  { name: "Layers", isSet: ({ Layers = [] }) => Layers.length > 0 },
  { name: "FileSystemConfigs", isSet: ({ FileSystemConfigs = [] }) => FileSystemConfigs.length > 0 },
  {
    name: "VpcConfig",
    isSet: ({ VpcConfig }) => (VpcConfig?.SubnetIds ?? []).length + (VpcConfig?.SecurityGroupIds ?? []).length > 0,
  },
  { name: "DeadLetterConfig", isSet: ({ DeadLetterConfig }) => (DeadLetterConfig?.TargetArn ?? "") !== "" },
  { name: "KMSKeyArn", isSet: ({ KMSKeyArn = "" }) => KMSKeyArn !== "" },
  { name: "CodeSigningConfigArn", isSet: ({ CodeSigningConfigArn = "" }) => CodeSigningConfigArn !== "" },
  { name: "SnapStart", isSet: ({ SnapStart }) => (SnapStart?.ApplyOn ?? "None") !== "None" },
  { name: "CapacityProviderConfig", isSet: ({ CapacityProviderConfig }) => CapacityProviderConfig !== undefined },
  { name: "DurableConfig", isSet: ({ DurableConfig }) => DurableConfig !== undefined },
  { name: "TenancyConfig", isSet: ({ TenancyConfig }) => TenancyConfig !== undefined },
  { name: "PublishTo", isSet: ({ PublishTo }) => PublishTo !== undefined },
];

/** The refusal of a setting that is not built. */
export const unbuilt = (name: string): ServiceError =>
  invalidParameter(`${name} is not supported: Gatehouse runs functions from .zip packages as local processes, without it.`);

/**
 * Checks the settings that are given and gives them in the form they are stored.
 * @throws {ServiceError} when one is out of range, reserved or not built.
 */
export function readSettings(given: Given): Partial<FunctionSettings> {
  for (const { name, isSet } of UNBUILT) if (isSet(given)) throw unbuilt(name);
  checkRanges(given);
  const { Runtime, Role, Handler, Description, Timeout, MemorySize, Environment, TracingConfig, Architectures } = given;
  return {
    ...(Runtime === undefined ? {} : { runtime: Runtime }),
    ...(Role === undefined ? {} : { role: Role }),
    ...(Handler === undefined ? {} : { handler: Handler }),
    ...(Description === undefined ? {} : { description: Description }),
    ...(Timeout === undefined ? {} : { timeoutSeconds: Timeout }),
    ...(MemorySize === undefined ? {} : { memorySizeMb: MemorySize }),
    ...(Environment === undefined ? {} : { environment: readEnvironment(Environment.Variables ?? {}) }),
    ...(TracingConfig?.Mode === undefined ? {} : { tracingMode: TracingConfig.Mode }),
    ...(Architectures === undefined ? {} : { architectures: Architectures }),
    ...(given.EphemeralStorage?.Size === undefined ? {} : { ephemeralStorageMb: given.EphemeralStorage.Size }),
  };
}

function checkRanges({ Runtime, Timeout, MemorySize }: Given): void {
  if (Timeout !== undefined && Timeout > TIMEOUT_LIMIT) {
    throw invalidParameter(
      `1 validation error detected: Value '${Timeout}' at 'timeout' failed to satisfy constraint: ` +
        `Member must have value less than or equal to ${TIMEOUT_LIMIT}`,
    );
  }
  if (MemorySize !== undefined && MemorySize > MEMORY_LIMIT) {
    throw invalidParameter(
      `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${MEMORY_LIMIT}`,
    );
  }
  if (Runtime !== undefined && BLOCKED_RUNTIMES.has(Runtime)) {
    throw invalidParameter(
      `The runtime parameter of ${Runtime} is no longer supported for creating or updating AWS Lambda functions. ` +
        "We recommend you use a supported runtime while creating or updating functions.",
    );
  }
}

function readEnvironment(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(variables);
  if (names.some((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name) && !RESERVED_VARIABLES.has(name))) {
    throw new ServiceError(
      "ValidationException",
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: " +
        "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    );
  }
  const reserved = names.filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        "contains reserved keys that are currently not supported for modification. " +
        `Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > ENVIRONMENT_LIMIT) {
    throw invalidParameter(
      "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        `exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
  return variables;
}

/**
 * The logging settings that follow from those that were and those that are given.
 * https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html: levels are for JSON alone, where they default to INFO.
 * @throws {ServiceError} when a level is given and the format is text.
 */
export function readLogging(functionName: string, before: LoggingConfig | undefined, given: LoggingConfig = {}): LoggingConfig {
  const LogGroup = given.LogGroup ?? before?.LogGroup ?? `/aws/lambda/${functionName}`;
  const LogFormat = given.LogFormat ?? before?.LogFormat ?? "Text";
  if (LogFormat === "JSON") {
    return {
      LogFormat,
      ApplicationLogLevel: given.ApplicationLogLevel ?? before?.ApplicationLogLevel ?? "INFO",
      SystemLogLevel: given.SystemLogLevel ?? before?.SystemLogLevel ?? "INFO",
      LogGroup,
    };
  }
  if (given.ApplicationLogLevel !== undefined || given.SystemLogLevel !== undefined) {
    throw invalidParameter("ApplicationLogLevel and SystemLogLevel need LogFormat JSON.");
  }
  return { LogFormat, LogGroup };
}
