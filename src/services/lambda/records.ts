// What is stored of functions. Times are milliseconds since the epoch.
import { recordKind } from "../../domain/record.ts";
import type { Architecture, LoggingConfig, TracingMode } from "../../model/lambda.gen.ts";
import type { PolicyStatement } from "./policy.ts";

/** Where a version's code comes from. */
export type CodeReference =
  | {
      readonly type: "package";
      /** Of the archive, in hexadecimal. */
      readonly sha256: string;
      /** Of the archive, in bytes. */
      readonly size: number;
    }
  /** A developer's own directory, reloaded when its files change. */
  | { readonly type: "directory"; readonly path: string };

/** Code and settings of one version. */
export interface FunctionConfig {
  readonly runtime: string;
  readonly role: string;
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly tracingMode: TracingMode;
  readonly architectures: readonly Architecture[];
  readonly ephemeralStorageMb: number;
  readonly logging: LoggingConfig;
  readonly code: CodeReference;
  readonly lastModified: number;
  readonly revisionId: string;
}

/** A function with its unpublished version. */
export interface FunctionRecord {
  readonly name: string;
  readonly config: FunctionConfig;
  /** The number of the version published last; 0 when none was. Numbers are never used again. */
  readonly lastVersion: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
}

/** A published version: never changes. */
export interface VersionRecord {
  readonly number: number;
  readonly config: FunctionConfig;
  /** {@link contentOf} what it was published from. */
  readonly content: string;
}

export interface AliasRecord {
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  /** Version to the share of invocations that go there instead, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/** The resource policy of a function, a version or an alias. */
export interface PolicyRecord {
  readonly statements: readonly PolicyStatement[];
  readonly revisionId: string;
}

const packageOf = ({ config: { code } }: { readonly config: FunctionConfig }): string[] =>
  code.type === "package" ? [code.sha256] : [];

/** Key: account, region, function name. */
export const functions = recordKind<FunctionRecord>("lambda-function", { package: { unique: false, values: packageOf } });

/** Key: account, region, function name, {@link versionKey}. */
export const versions = recordKind<VersionRecord>("lambda-version", { package: { unique: false, values: packageOf } });

/** Key: account, region, function name, alias. */
export const aliases = recordKind<AliasRecord>("lambda-alias");

/** Key: account, region, function name, and the version or alias; `$LATEST` stands for the function itself. */
export const policies = recordKind<PolicyRecord>("lambda-policy");

/** A version's number as a part of a key: sorts as the number does. */
export const versionKey = (number: number | string): string => String(number).padStart(10, "0");
