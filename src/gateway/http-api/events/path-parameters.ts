// The path of a request as functions of HTTP APIs get it: decoded, unlike REST APIs'
// (github.com/aws-powertools/powertools-lambda-python/issues/1098, github.com/wakujs/waku/pull/458).
import { decoded } from "../../path-segments.ts";
import type { HttpRouted } from "../execution.ts";

/** With the stage where that was called by its name. */
export const eventPath = ({ path }: HttpRouted): string => decoded(path);

/** Undefined for a route without path variables. */
export function pathParameters({ pathValues, route }: HttpRouted): Readonly<Record<string, string>> | undefined {
  if (route.variables.length === 0) return undefined;
  const parameters = Object.create(null) as Record<string, string>;
  for (const [place, name] of route.variables.entries()) parameters[name] = decoded(pathValues[place] as string);
  return parameters;
}
