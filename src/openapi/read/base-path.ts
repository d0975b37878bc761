// The base path of a document, and what an import makes of it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html).
import { MAX_DOCUMENT_BYTES } from "./document.ts";
import { DocumentError, invalidInput } from "./problem.ts";
import { type Reading, type Spot, textOf } from "./spot.ts";

/** What becomes of a base path: nothing, resources above all others, or those but the first. */
export type BasePathMode = "ignore" | "prepend" | "split";

export const BASE_PATH_MODES: readonly BasePathMode[] = ["ignore", "prepend", "split"];

/** The path to put before each path of the document, without a slash at its end: `""`, `/a/b`. */
export function pathPrefix(reading: Reading, mode: BasePathMode): string {
  if (mode === "ignore") return "";
  const parts = basePath(reading).split("/").filter((part) => part !== "");
  return (mode === "split" ? parts.slice(1) : parts).map((part) => `/${part}`).join("");
}

/** OpenAPI 2.0 says it; in 3.0 it is the variable `basePath` of the first server, also where its URL does not name it. */
function basePath(reading: Reading): string {
  const { member, root } = reading;
  const said = textOf(member(root, "basePath"));
  if (member(root, "swagger") !== undefined) return said ?? "";
  const [server] = reading.elements(member(root, "servers"));
  const variable = textOf(member(member(member(server, "variables"), "basePath"), "default"));
  return variable ?? pathOf(filledUrl(reading, server));
}

/** The URL of a server with the defaults of its variables. */
function filledUrl(reading: Reading, server: Spot | undefined): string {
  const { member } = reading;
  const variables = member(server, "variables");
  const url = textOf(member(server, "url")) ?? "";
  let length = 0;
  return url.replace(/\{([^{}]*)\}/g, (all, name: string) => {
    const filled = textOf(member(member(variables, name), "default")) ?? all;
    length += filled.length;
    if (length > MAX_DOCUMENT_BYTES && server !== undefined) {
      throw new DocumentError(invalidInput("the URL of the server is too long with its variables filled in", server.pointer));
    }
    return filled;
  });
}

const pathOf = (url: string): string => url.replace(/^[a-z][a-z0-9+.-]*:/i, "").replace(/^\/\/[^/?#]*/, "").replace(/[?#].*$/s, "");
