// The code of functions: checks and saves what is uploaded, finds it for an invocation, removes what nothing uses any more.
import { createHash, webcrypto } from "node:crypto";
import { isAbsolute, normalize } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { FunctionCode } from "../../ports/function-code.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import { ServiceError } from "../../domain/errors.ts";
import { invalidParameter } from "./errors.ts";
import { functions, versions, type CodeReference } from "./records.ts";
import { ArchiveTooLarge, BadArchive } from "./archive-errors.ts";
import { readArchive, type Archive } from "./zip.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB unzipped, 50 MB zipped. */
export const UNZIPPED_LIMIT = 262_144_000;
export const ZIPPED_LIMIT = 52_428_800;

/** Code as CreateFunction and UpdateFunctionCode take it. */
export interface CodeSource {
  readonly ZipFile?: Uint8Array;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
}

export interface Packages {
  /**
   * Checks the code, saves it unless `dryRun`, and commits what refers to it: nothing removes it in between.
   * @throws {ServiceError} when there is no code, or it cannot be unpacked.
   */
  keep<T>(source: CodeSource, dryRun: boolean, commit: (code: CodeReference) => Promise<T>): Promise<T>;
  /** The directory with the files of a version's code. @throws {Error} when a kept package is damaged. */
  directory(code: CodeReference): string | Promise<string>;
  /** Removes a package when no function refers to it any more. */
  release(code: CodeReference): Promise<void>;
  /** Removes the packages that a crash left without a function. */
  sweep(): Promise<void>;
}

interface Parts {
  readonly store: Store;
  readonly code: FunctionCode;
  readonly clock: Clock;
  readonly log: Log;
  readonly hotReload: boolean;
}

/** How long it is believed that unpacked files are still there. */
const BELIEVED_MS = 1_000;

export function createPackages({ store, code, clock, log, hotReload }: Parts): Packages {
  const alone = createLanes();
  const known = new Map<string, { readonly path: string; readonly checkedAt: number }>();

  const findDirectory = async (sha256: string): Promise<string> => {
    const path = (await code.directory(sha256)) ?? (await unpackAgain(code, sha256));
    known.set(sha256, { path, checkedAt: clock.now() });
    return path;
  };

  const removeUnused = (sha256: string): Promise<void> =>
    alone(sha256, async () => {
      const index = { name: "package", value: sha256 };
      const [unpublished, published] = await Promise.all([store.count(functions, { index }), store.count(versions, { index })]);
      if (unpublished + published > 0) return;
      known.delete(sha256);
      await code.remove(sha256);
    });

  return {
    async keep(source, dryRun, commit) {
      if (source.S3Bucket !== undefined) return commit(await readDirectory(source, code, hotReload));
      const bytes = readZip(source.ZipFile);
      const archive = open(bytes, log);
      const sha256 = await hash(bytes);
      const reference: CodeReference = { type: "package", sha256, size: bytes.length };
      if (dryRun) {
        await refuseDamage(log, readAll(archive));
        return commit(reference);
      }
      try {
        return await alone(sha256, async () => {
          await refuseDamage(log, code.save(sha256, bytes, archive.files()));
          return commit(reference);
        });
      } catch (error) {
        await removeUnused(sha256);
        throw error;
      }
    },
    directory(reference) {
      if (reference.type === "directory") return reference.path;
      const believed = known.get(reference.sha256);
      if (believed && clock.now() - believed.checkedAt < BELIEVED_MS) return believed.path;
      return findDirectory(reference.sha256);
    },
    async release(reference) {
      if (reference.type === "package") await removeUnused(reference.sha256);
    },
    async sweep() {
      for (const sha256 of await code.list()) await removeUnused(sha256);
    },
  };
}

async function unpackAgain(code: FunctionCode, sha256: string): Promise<string> {
  const archive = await code.archive(sha256);
  if (!archive) throw new Error(`the deployment package ${sha256} is missing or damaged`);
  return code.unpack(sha256, readArchive(archive, UNZIPPED_LIMIT).files());
}

function readZip(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw invalidParameter("Please provide a source for function code.");
  if (bytes.length > ZIPPED_LIMIT) {
    const message = `The deployment package must be smaller than ${ZIPPED_LIMIT} bytes`;
    throw new ServiceError("RequestEntityTooLargeException", message, { Type: "User" });
  }
  return bytes;
}

function open(bytes: Uint8Array, log: Log): Archive {
  if (bytes.length === 0) throw invalidParameter("Uploaded file must be a non-empty zip");
  try {
    const archive = readArchive(bytes, UNZIPPED_LIMIT);
    if (archive.fileCount === 0) throw invalidParameter("Uploaded file must be a non-empty zip");
    return archive;
  } catch (error) {
    throw refusal(error, log);
  }
}

async function refuseDamage(log: Log, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw refusal(error, log);
  }
}

/** The service does not say what is wrong with an archive; the operator's log does. */
function refusal(error: unknown, log: Log): unknown {
  if (error instanceof ArchiveTooLarge) return invalidParameter(`Unzipped size must be smaller than ${UNZIPPED_LIMIT} bytes`);
  if (!(error instanceof BadArchive)) return error;
  log.info("refused a deployment package", { reason: error.message });
  return invalidParameter("Could not unzip uploaded file. Please check your file, then try to upload again.");
}

async function readAll(archive: Archive): Promise<void> {
  for await (const file of archive.files()) {
    if (file.type !== "file") continue;
    for await (const chunk of file.content) void chunk;
  }
}

/** In a thread of its own: a package may have 50 MB. */
async function hash(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex");
}

async function readDirectory(source: CodeSource, code: FunctionCode, hotReload: boolean): Promise<CodeReference> {
  const { S3Bucket, S3Key = "" } = source;
  if (S3Bucket !== "hot-reload") {
    throw invalidParameter(
      "Gatehouse has no S3 to take code from: give it as ZipFile, or as S3Bucket hot-reload and a local directory as S3Key.",
    );
  }
  if (!hotReload) throw invalidParameter("Code from a local directory (S3Bucket hot-reload) is switched off.");
  const path = normalize(S3Key);
  if (!isAbsolute(S3Key)) throw invalidParameter(`S3Key must be the absolute path of a local directory: ${S3Key}`);
  if (!(await code.isDirectory(path))) throw invalidParameter(`There is no directory ${path}.`);
  if (await code.isProtected(path)) throw invalidParameter(`No function may read the directory ${path}.`);
  return { type: "directory", path };
}

/** What stands for the hash of code that changes as it likes: the hash of its path. In base64. */
export function codeSha256(code: CodeReference): string {
  if (code.type === "package") return Buffer.from(code.sha256, "hex").toString("base64");
  return createHash("sha256").update(code.path).digest("base64");
}

/** Runs tasks of one name one after the other. */
function createLanes(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, task) => {
    const result = (last.get(name) ?? Promise.resolve()).then(task, task);
    last.set(name, result);
    try {
      return await result;
    } finally {
      if (last.get(name) === result) last.delete(name);
    }
  };
}
