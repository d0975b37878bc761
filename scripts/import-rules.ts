// The rooms of src/ and who may import whom, as rules for dependency-cruiser (check-imports.ts runs them).
// docs/architecture.md says what lives in each room.
import type { IForbiddenRuleType, IRegularForbiddenRuleType } from "dependency-cruiser";

const engines = ["vtl", "jsonpath", "jsonschema", "policy", "sigv4", "pattern"];

/** Room: the rooms it may import. A path may stand in place of a room, and `!` before a path takes it out again. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  domain: ["model"],
  ports: ["domain"],

  vtl: [],
  jsonpath: [],
  jsonschema: [],
  policy: [],
  sigv4: [],
  pattern: [],

  openapi: ["domain"],
  plan: ["domain", ...engines],

  wire: ["model", "domain", "ports", "sigv4"],
  control: ["model", "domain", "ports", "openapi", ...engines],
  services: ["model", "domain", "ports", "openapi", ...engines],
  publish: ["plan", "domain", "ports"],
  gateway: ["plan", "domain", ...engines, "ports", "!ports/store.ts"],

  // A real Lambda is called with signed requests.
  adapters: ["ports", "domain", "sigv4"],

  // The settings, and what follows from them.
  config: ["domain", "ports"],

  // Composition of several processes: a worker is a program, and the primary supplies it.
  workers: ["*"],

  // The composition, cli/ and the files of src/ itself (main.ts, server.ts ...): the only place where adapters meet the planes.
  cli: ["*"],
  ".": ["*"],
};

/** Rooms that compute and nothing else: they touch no file, socket, process, thread or clock of the system. */
const pureRooms = ["model", "domain", "ports", ...engines, "openapi", "plan"];

/** Rooms whose files are doors themselves; every other room is entered through its index.ts. */
const roomsWithoutDoor = ["model", "ports", "domain", "cli"];

/** Rooms whose folders are units of their own, each entered through its index.ts from the rest of the room too. */
const roomsOfUnits = ["adapters", "control", "services"];

const escaped = (path: string): string => path.replaceAll(".", "\\.");
const under = (room: string): string => `^src/${escaped(room)}${room.endsWith(".ts") ? "$" : "/"}`;
const door = "/index\\.ts$";
const openRooms = `^src/(${roomsWithoutDoor.join("|")})/`;
const test = "\\.(test|fixture)\\.ts$";

const roomRules: IRegularForbiddenRuleType[] = Object.entries(rooms)
  .filter(([, allowed]) => !allowed.includes("*"))
  .map(([room, allowed]) => ({
    name: `room-${room}`,
    comment: `${room}/ may import ${allowed.length === 0 ? "nothing" : allowed.join(", ")}`,
    severity: "error",
    from: { path: under(room), pathNot: test },
    to: { path: "^src/", pathNot: [room, ...allowed.filter((entry) => !entry.startsWith("!"))].map(under) },
  }));

const exceptionRules: IRegularForbiddenRuleType[] = Object.entries(rooms).flatMap(([room, allowed]) =>
  allowed
    .filter((entry) => entry.startsWith("!"))
    .map((entry) => ({
      name: `room-${room}-without-${entry.slice(1)}`,
      comment: `${room}/ never imports ${entry.slice(1)}`,
      severity: "error",
      from: { path: under(room), pathNot: test },
      to: { path: under(entry.slice(1)) },
    })),
);

const doorRule = (name: string, from: string, to: string, inside: readonly string[]): IRegularForbiddenRuleType => ({
  name,
  comment: "a folder is entered through its index.ts",
  severity: "error",
  from: { path: from, pathNot: test },
  to: { path: to, pathNot: [door, openRooms, ...inside] },
});

export const rules: IForbiddenRuleType[] = [
  ...roomRules,
  ...exceptionRules,
  doorRule("door-of-a-room", "^src/([^/]+)", "^src/[^/]+/", ["^src/$1/"]),
  doorRule("door-of-a-unit", `^src/(${roomsOfUnits.join("|")})/([^/]+)/`, "^src/$1/[^/]+/", ["^src/$1/$2/"]),
  {
    name: "pure",
    comment: "a pure room touches no file, socket, process or thread",
    severity: "error",
    from: { path: `^src/(${pureRooms.join("|")})/`, pathNot: test },
    to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|buffer|util|url|querystring|string_decoder)$" },
  },
  {
    name: "no-cycle",
    comment: "modules that run form no circle",
    severity: "error",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  { name: "resolvable", comment: "an import leads to a module", severity: "error", from: {}, to: { couldNotResolve: true } },
  {
    name: "no-development-package",
    comment: "what is shipped imports no development package",
    severity: "error",
    from: { path: "^src/", pathNot: test },
    to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
  },
];
