// The program that a worker's process runs: started by the primary, which tells it all in one variable of its environment.
import { createLog } from "./adapters/system/index.ts";
import { runWorker, type WorkerStart } from "./workers/index.ts";

/** The variable: {@link WorkerStart} as JSON. */
const VARIABLE = "GATEHOUSE_WORKER";

// Whoever reads what a worker writes may go, and it serves on.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const start = JSON.parse(process.env[VARIABLE] ?? "null") as WorkerStart | null;
if (start === null) {
  process.stderr.write("gatehouse: workers are started by `gatehouse --workers N`, not by hand\n");
  process.exit(2);
}
const log = createLog({ level: start.config["log-level"], stream: process.stderr, gathers: true });
await runWorker(start, log, process.env);
process.exit(0);
