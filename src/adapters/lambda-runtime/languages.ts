// Which of AWS's runtime identifiers run here, and on what (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html).
// An identifier runs on the language's version that the machine has: nothing is looked for before it is needed.
import { execFile } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { access, constants, realpath } from "node:fs/promises";
import type { Log } from "../../ports/log.ts";
import type { FunctionSpec } from "../../ports/function-runtime.ts";

/** How to run the processes of a runtime. */
export interface Language {
  /** The interpreter's path; undefined when the function's own code is what runs. */
  readonly interpreter: string | undefined;
  /** Paths on this machine that the interpreter needs, beside the system's own. */
  readonly needs: readonly string[];
  /** The folder that becomes LAMBDA_RUNTIME_DIR. */
  readonly runtimeDirectory: string | undefined;
  /** Whether its processes take a pipe to the Runtime API as {@link RUNTIME_PIPE}; others connect to its port. */
  readonly takesPipe: boolean;
  /** What follows the interpreter on its command line. */
  arguments(spec: FunctionSpec, runtimeDirectory: string): readonly string[];
}

export interface Languages {
  /** How processes of this runtime run, or the sentence that says why they cannot. */
  find(runtime: string): Promise<Language | string>;
}

export interface LanguagesOptions {
  readonly nodePath: string;
  /** Where to look for `python3`, as PATH. */
  readonly searchPath: string;
  readonly log: Log;
}

/** The descriptor of a process's pipe to the Runtime API: half the cost of a connection to a port. */
export const RUNTIME_PIPE = 3;
/** On Windows, descriptors are not handed on. */
const HAS_PIPES = process.platform !== "win32";

const BOOTSTRAPS = fileURLToPath(new URL("./bootstraps/", import.meta.url));
const PROBE_TIMEOUT_MS = 10_000;

export function createLanguages({ nodePath, searchPath, log }: LanguagesOptions): Languages {
  let python: Promise<Language | string> | undefined;
  const told = new Set<string>();

  /** Says once of each identifier that another version stands in for it. */
  const tellVersion = (runtime: string, wanted: string, actual: string): void => {
    if (wanted === actual || told.has(runtime)) return;
    told.add(runtime);
    log.info(`Functions of runtime ${runtime} run on the version that is here`, { version: actual });
  };

  return {
    async find(runtime) {
      const node = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
      if (node !== undefined && Number(node) >= 16) {
        if (nodePath === process.execPath) tellVersion(runtime, node, process.versions.node.split(".")[0] as string);
        return nodeLanguage(nodePath, Number(node));
      }
      const python3 = /^python(3\.\d+)$/.exec(runtime)?.[1];
      if (python3 !== undefined) {
        python ??= findPython(searchPath, (version) => tellVersion(runtime, python3, version));
        return python;
      }
      if (runtime === "provided" || runtime.startsWith("provided.al2") || runtime === "go1.x") return OWN_CODE;
      return `Functions of runtime ${runtime} cannot run here: the runtimes that can are Node.js (from nodejs16.x), Python 3 and custom runtimes (provided.al2023, provided.al2).`;
    },
  };
}

function nodeLanguage(nodePath: string, version: number): Language {
  return {
    interpreter: nodePath,
    needs: [nodePath],
    runtimeDirectory: join(BOOTSTRAPS, "nodejs"),
    takesPipe: HAS_PIPES,
    arguments: (spec, runtimeDirectory) => [
      ...nodeMemoryFlags(spec),
      ...nodeModuleFlags(spec, version),
      join(runtimeDirectory, "index.mjs"),
      ...(HAS_PIPES ? [String(RUNTIME_PIPE)] : []),
    ],
  };
}

/** As AWS: nine tenths for the old generation, half of the rest for a semi-space, unless the function has its own say. */
function nodeMemoryFlags({ memorySizeMb, environment }: FunctionSpec): string[] {
  if (/max[-_](old|semi)[-_]space[-_]size/.test(environment["NODE_OPTIONS"] ?? "")) return [];
  const young = Math.trunc(memorySizeMb / 10);
  return [`--max-semi-space-size=${Math.max(1, Math.trunc(young / 2))}`, `--max-old-space-size=${memorySizeMb - young}`];
}

/** Before nodejs24.x, AWS leaves `require` of ES modules and the detection of module syntax off unless asked for. */
function nodeModuleFlags({ environment }: FunctionSpec, version: number): string[] {
  if (version >= 24) return [];
  const options = environment["NODE_OPTIONS"] ?? "";
  return ["require-module", "detect-module"]
    .filter((feature) => !options.includes(`--experimental-${feature}`))
    .map((feature) => `--no-experimental-${feature}`)
    .filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)); // a later Node.js may have done away with it
}

/** A custom runtime is the file `bootstrap`; the handler of a go1.x function names its file. */
const OWN_CODE: Language = { interpreter: undefined, needs: [], runtimeDirectory: undefined, takesPipe: false, arguments: () => [] };

/** The name of the executable of a function that brings its own. */
export function entrypointOf(spec: FunctionSpec): string {
  return spec.runtime === "go1.x" ? spec.handler : "bootstrap";
}

const PYTHON_FACTS = "import sys,json;print(json.dumps([sys.executable,sys.base_prefix,'%d.%d'%sys.version_info[:2]]))";

/** The `python3` on the path, or why there is none. What is found may be a script that picks one: it is asked itself. */
async function findPython(searchPath: string, tell: (version: string) => void): Promise<Language | string> {
  const command = await findCommand("python3", searchPath);
  if (command === undefined) return "Functions of Python runtimes cannot run here: there is no python3 on the PATH.";
  const facts = await new Promise<string | Error>((resolve) => {
    execFile(command, ["-c", PYTHON_FACTS], { timeout: PROBE_TIMEOUT_MS }, (error, out) => resolve(error ?? out));
  });
  if (facts instanceof Error) return `Functions of Python runtimes cannot run here: ${command} failed: ${facts.message}`;
  const [executable, prefix, version] = JSON.parse(facts) as [string, string, string];
  tell(version);
  const interpreter = await realpath(executable);
  return {
    interpreter,
    needs: [interpreter, await realpath(prefix)],
    runtimeDirectory: join(BOOTSTRAPS, "python"),
    takesPipe: false,
    // -B: compiled modules are not written into the function's code; -u: what is printed is not held back
    arguments: (_spec, runtimeDirectory) => ["-B", "-u", join(runtimeDirectory, "bootstrap.py")],
  };
}

/** The first executable of this name on the path. */
export async function findCommand(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    if (await canAccess(path, constants.X_OK)) return path;
  }
  return undefined;
}

export async function canAccess(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** The folder of a language's programs, the first on a function's PATH. */
export function programsOf(language: Language): string | undefined {
  return language.interpreter === undefined ? undefined : dirname(language.interpreter);
}
