// Composition of imports: small OpenAPI documents are read at once, large ones by
// another process, so that requests are served meanwhile.
import { systemClock, systemIds } from "./adapters/system/index.ts";
import { createTaskProcess, TaskError, type TaskFailure, type TaskProcess } from "./adapters/task-process/index.ts";
import { type DocumentReading, readingAtOnce } from "./control/apigateway/index.ts";
import type { HttpReading } from "./control/apigatewayv2/index.ts";
import { ServiceError } from "./domain/errors.ts";
import type { ImportTasks } from "./import-tasks.ts";
import { readHttpApi } from "./openapi/index.ts";
import type { Log } from "./ports/log.ts";

/** Documents of so many bytes are read at once: it takes some 30 ms of processor time at most. */
const SMALL_BYTES = 50_000;
/** The most that a document of 6 MB was seen to take is 4 seconds of processor time and 600 MB. */
const TIME_LIMIT_MS = 60_000;
const MEMORY_MB = 1_024;
/** Each of them is a document of 6 MB. */
const MAX_WAITING = 16;
const IDLE_MS = 10_000;

export interface Imports {
  readonly documents: DocumentReading;
  readonly readHttpApi: HttpReading;
  close(): Promise<void>;
}

/** What may be set otherwise where it is tested. */
export interface ImportOptions {
  readonly log: Log;
  readonly timeLimitMs?: number;
  readonly memoryMb?: number;
}

export function openImports({ log, timeLimitMs = TIME_LIMIT_MS, memoryMb = MEMORY_MB }: ImportOptions): Imports {
  const module = new URL("./import-tasks.ts", import.meta.url);
  const limits = { timeLimitMs, memoryMb, maxWaiting: MAX_WAITING, idleMs: IDLE_MS };
  const reader: TaskProcess<ImportTasks> = createTaskProcess({ module, clock: systemClock, ...limits });
  const atOnce = readingAtOnce(systemIds);

  async function away<Out>(run: Promise<Out>): Promise<Out> {
    try {
      return await run;
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      if (error.failure === "broken") log.error("an OpenAPI document could not be read", error);
      throw refusals[error.failure](error.message);
    }
  }

  return {
    documents: {
      definition: (task) => (isSmall(task.body) ? atOnce.definition(task) : away(reader.run("definition", task))),
      documentation: (task) => (isSmall(task.body) ? atOnce.documentation(task) : away(reader.run("documentation", task))),
    },
    readHttpApi: async (body, options) => (isSmall(body) ? readHttpApi(body, options) : away(reader.run("httpDefinition", { body, options }))),
    close: () => reader.close(),
  };
}

const isSmall = ({ length }: Uint8Array): boolean => length <= SMALL_BYTES;

/** Whose fault it is: of the document, of those that came before, or of the program. */
const refusals: Readonly<Record<TaskFailure, (reason: string) => ServiceError>> = {
  time: (reason) => new ServiceError("BadRequestException", `Invalid OpenAPI input. The document takes too much to read: ${reason}.`),
  memory: (reason) => new ServiceError("BadRequestException", `Invalid OpenAPI input. The document takes too much to read: ${reason}.`),
  busy: (reason) => new ServiceError("TooManyRequestsException", `Too many documents are being imported: ${reason}. Please try again later.`),
  broken: () => new ServiceError("InternalFailure", "The document could not be read: Gatehouse has failed at it, and says why in its log."),
};
