// The process that does tasks, one after the other. What it cannot catch ends it, and whoever waits is told so.
import type { TaskReply, TaskRequest, Tasks } from "./protocol.ts";

const [, , module = ""] = process.argv;
const { tasks } = (await import(module)) as { readonly tasks: Tasks };

process.on("message", ({ task, input }: TaskRequest) => {
  void done(task, input);
});
// Nobody is left to do anything for.
process.on("disconnect", () => process.exit());

async function done(task: string, input: unknown): Promise<void> {
  try {
    if (!Object.hasOwn(tasks, task)) throw new TypeError(`there is no task ${task}`);
    reply({ value: await (tasks[task] as (input: unknown) => unknown)(input) });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    reply({ thrown: { message, stack } });
  }
}

function reply(reply: TaskReply): void {
  process.send?.(reply);
}
