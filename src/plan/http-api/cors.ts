// What an API's CORS configuration answers, whatever its backends say
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
import type { Cors } from "../../domain/http-api.ts";
import type { HeaderList } from "../../domain/header-list.ts";

export interface CorsPlan {
  /** The headers of an answer to a preflight request; none for an origin that is not allowed. */
  preflight(origin: string): HeaderList;
  /** The headers that are added to another answer to a request with an Origin. */
  answer(origin: string): HeaderList;
}

/** Undefined without a configuration. */
export function compileCors(cors: Cors | undefined): CorsPlan | undefined {
  if (cors === undefined) return undefined;
  const isAllowed = originRule(cors.allowOrigins ?? []);
  const methods = cors.allowMethods ?? [];
  const isAnyOrigin = (cors.allowOrigins ?? []).includes("*");
  const always: string[] = [];
  if (cors.allowCredentials === true) always.push("access-control-allow-credentials", "true");
  const exposed = cors.exposeHeaders ?? [];
  const answered = exposed.length === 0 ? always : [...always, "access-control-expose-headers", exposed.join(",")];
  const preflight = [...answered];
  if (methods.length > 0) preflight.push("access-control-allow-methods", methods.join(","));
  if (cors.allowHeaders !== undefined && cors.allowHeaders.length > 0) preflight.push("access-control-allow-headers", cors.allowHeaders.join(","));
  if (cors.maxAge !== undefined) preflight.push("access-control-max-age", String(cors.maxAge));
  const named = (origin: string, headers: readonly string[]): HeaderList => {
    if (!isAllowed(origin)) return [];
    // Answers to one origin say so to caches, as AWS's in github.com/bizkite-co/handterm (chats of July 2024) do.
    return isAnyOrigin ? ["access-control-allow-origin", "*", ...headers] : ["access-control-allow-origin", origin, "vary", "origin", ...headers];
  };
  return {
    preflight: (origin) => named(origin, preflight),
    answer: (origin) => named(origin, answered),
  };
}

/** `*`, `https://*`, `http://*`, or origins by their names. */
function originRule(origins: readonly string[]): (origin: string) => boolean {
  if (origins.includes("*")) return () => true;
  const exact = new Set(origins.filter((origin) => !origin.includes("*")));
  const schemes = origins.filter((origin) => origin.endsWith("://*")).map((origin) => origin.slice(0, -1));
  return (origin) => exact.has(origin) || schemes.some((scheme) => origin.startsWith(scheme));
}
