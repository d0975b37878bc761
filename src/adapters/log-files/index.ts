// The door of the logs in files.
export { createLogFiles } from "./log-files.ts";
