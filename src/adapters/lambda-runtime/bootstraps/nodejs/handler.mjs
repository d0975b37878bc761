// Finds and loads the function's handler as AWS's Node.js runtimes do
// (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html): `dir/module.export`, CommonJS or ES module.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "./report.mjs";

// Named like AWS's entry point, which shows in the "Require stack" of an ImportModuleError.
const require = createRequire(new URL("./index.mjs", import.meta.url));

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");

/** The handler named `name` (the function's `Handler` setting) under `root`. @throws RuntimeError, or what the module throws. */
export async function loadHandler(root, name) {
  if (name.includes("..")) {
    throw new RuntimeError(
      "MalformedHandlerName",
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = basename(name);
  const folder = name.slice(0, name.indexOf(file));
  const [, module, exportPath] = /^([^.]*)\.(.*)$/.exec(file) ?? [];
  if (module === undefined) throw new RuntimeError("MalformedHandlerName", "Bad handler");

  const exported = await loadModule(root, folder, module);
  const handler = exportPath.split(".").reduce((value, key) => value?.[key], exported);
  if (!handler) throw new RuntimeError("HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new RuntimeError("HandlerNotFound", `${name} is not a function`);
  return handler;
}

/** Whether the handler was made by `awslambda.streamifyResponse`. */
export function isStreaming(handler) {
  const mark = handler[STREAMING];
  if (mark === undefined || mark === null || mark === false) return false;
  if (mark === "response") return true;
  throw new RuntimeError("MalformedStreamingHandler", "Only response streaming is supported.");
}

export function markStreaming(handler) {
  handler[STREAMING] = "response";
  return handler;
}

async function loadModule(root, folder, module) {
  try {
    return await tryEach(root, folder, module);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("UserCodeSyntaxError", String(error));
    if (error?.code === "MODULE_NOT_FOUND") throw new RuntimeError("ImportModuleError", String(error));
    throw error;
  }
}

/** The file without extension, then `.js` (as its package.json says), `.mjs`, `.cjs`, then as a package. */
async function tryEach(root, folder, module) {
  const path = resolve(root, folder, module);
  if (existsSync(path)) return require(path);
  const js = `${path}.js`;
  if (existsSync(js)) return isModulePackage(dirname(js)) ? import(pathToFileURL(js).href) : require(js);
  if (existsSync(`${path}.mjs`)) return import(pathToFileURL(`${path}.mjs`).href);
  if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
  return require(require.resolve(module, { paths: [root, join(root, folder)] }));
}

/** Whether the nearest package.json says `"type": "module"`. */
function isModulePackage(folder) {
  if (basename(folder) === "node_modules") return false;
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, "utf8"))?.type === "module";
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  const parent = dirname(folder);
  return parent === folder ? false : isModulePackage(parent);
}
