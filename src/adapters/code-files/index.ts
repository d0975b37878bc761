// The door of the adapter that keeps deployment packages in a directory.
export { createCodeFiles, type CodeFilesOptions } from "./code-files.ts";
