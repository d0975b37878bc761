// The store's thread: owns the database and answers batches of requests. Whatever it does not catch ends it, and the
// store reports that as its failure.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { createBatchRunner } from "./batch.ts";
import type { OpenDatabase } from "./open-database.ts";
import { openDatabase } from "./open-database.ts";
import type { CloseRequest, Opening, Reply, Request, ThreadOptions } from "./protocol.ts";
import { StoreOpenError } from "./store-open-error.ts";

/** Bounds how long one transaction grows, and with it how long its first commit waits. */
const MAX_BATCH = 256;

function start(port: MessagePort, { directory }: ThreadOptions): void {
  let opened: OpenDatabase;
  try {
    opened = openDatabase(directory);
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    port.postMessage({ opened: false, reason: error.message } satisfies Opening);
    return;
  }
  serve(port, opened);
  port.postMessage({ opened: true, file: opened.file, migrated: opened.migrated } satisfies Opening);
}

function serve(port: MessagePort, opened: OpenDatabase): void {
  const run = createBatchRunner(opened.database);
  port.on("message", (first: readonly (Request | CloseRequest)[]) => {
    const waiting = [...first, ...received(port)];
    const requests = waiting.filter((request) => request.op !== "close");
    for (let i = 0; i < requests.length; i += MAX_BATCH) {
      port.postMessage(run(requests.slice(i, i + MAX_BATCH)) satisfies Reply[]);
    }
    if (requests.length < waiting.length) {
      opened.close();
      port.close();
    }
  });
}

/** All that came while the last batch was written. */
function* received(port: MessagePort): Generator<Request | CloseRequest> {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    yield* next.message as readonly (Request | CloseRequest)[];
  }
}

if (parentPort === null) throw new Error("this is the entry of a worker thread");
start(parentPort, workerData as ThreadOptions);
