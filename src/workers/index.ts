// The door of workers: the processes that serve APIs beside each other on one port.
export { createFleet, type Fleet } from "./fleet.ts";
export { createLessor, type Lessor } from "./lessor.ts";
export { startWorkerProcess } from "./process.ts";
export { runWorker, type WorkerStart } from "./worker.ts";
