// The door of the adapter that has tasks done by a process of their own.
export type { Tasks } from "./protocol.ts";
export { type TaskFailure, TaskError } from "./task-error.ts";
export { createTaskProcess, type TaskProcess, type TaskProcessOptions } from "./task-process.ts";
