// The program: reads its settings, starts the server, and ends it in order when it is asked to.
import { createLog } from "./adapters/system/index.ts";
import { ListenError } from "./adapters/http-listener/index.ts";
import { StoreOpenError } from "./adapters/sqlite/index.ts";
import { help } from "./cli/help.ts";
import { init } from "./cli/init.ts";
import { lint } from "./cli/lint.ts";
import { type Config, ConfigError, readCommand } from "./config/index.ts";
import { type Server, startServer } from "./server.ts";
import { version } from "./version.ts";

/** What cannot start: bad options, a port in use, an unreadable data directory. */
const CANNOT_START = 2;

await main();

async function main(): Promise<void> {
  try {
    if (process.argv[2] === "lint") return check(process.argv.slice(3));
    if (process.argv[2] === "init") return void process.stdout.write(await init(process.argv.slice(3), process.env));
    const command = readCommand(process.argv.slice(2), process.env);
    if (command.kind === "help") process.stdout.write(help());
    else if (command.kind === "version") process.stdout.write(`${version}\n`);
    else await serve(command.config);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof StoreOpenError || error instanceof ListenError)) throw error;
    process.stderr.write(`gatehouse: ${error.message}\n`);
    process.exitCode = CANNOT_START;
  }
}

function check(args: readonly string[]): void {
  const { text, exitCode } = lint(args, process.env);
  process.stdout.write(text);
  process.exitCode = exitCode;
}

async function serve(config: Config): Promise<void> {
  const log = createLog({ level: config["log-level"], stream: process.stderr, gathers: true });
  const onFailure = (error: Error) => {
    log.error("the store has failed, and nothing can be answered without it", error);
    process.exit(1);
  };
  const starting = startServer({ config, log, env: process.env, onFailure });
  // From the beginning: nobody who asks for new workers means to end the program.
  process.on("SIGUSR2", () => void renew(starting));
  const server = await starting;
  endOnSignal(server);
  const kept = config["in-memory"] ? "in memory" : `in ${config["data-dir"]}`;
  process.stdout.write(`Gatehouse ${version} listening on ${server.urls.join(" and ")} (${server.stages} stages, kept ${kept})\n`);
}

/** The terminal, npm and the set-up may each pass on the same Ctrl-C, so that further signals mean nothing new. */
function endOnSignal(server: Server): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`gatehouse: could not end in order: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
}

/** Replaces the workers, once they have started. */
async function renew(starting: Promise<Server>): Promise<void> {
  try {
    await (await starting).renew();
  } catch (error) {
    process.stderr.write(`gatehouse: could not renew the workers: ${String(error)}\n`);
  }
}
