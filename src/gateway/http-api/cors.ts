// CORS of HTTP APIs: preflight requests that the API answers by itself, and the headers of other answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
import type { HeaderList } from "../../domain/header-list.ts";
import { lastHeader } from "../../plan/index.ts";
import type { HttpExecution } from "./execution.ts";

/** The answer to a preflight request, which no backend gives. Thrown by steps, since nothing comes after it. */
export class Preflight extends Error {
  override readonly name = "Preflight";
  readonly headers: HeaderList;

  constructor(headers: HeaderList) {
    super("A preflight request");
    this.headers = headers;
  }
}

/** Undefined unless it is a preflight request to an API with a CORS configuration. */
export function preflightAnswer({ headers, httpMethod, stage }: HttpExecution): Preflight | undefined {
  if (httpMethod !== "OPTIONS" || stage?.cors === undefined) return undefined;
  const origin = lastHeader(headers, "origin");
  if (origin === undefined || lastHeader(headers, "access-control-request-method") === undefined) return undefined;
  return new Preflight(stage.cors.preflight(origin));
}

/** An answer's headers with the API's CORS headers in place of whatever its backend says; the same where it has no configuration. */
export function withCors(headers: HeaderList, { headers: asked, stage }: HttpExecution): HeaderList {
  if (stage?.cors === undefined) return headers;
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!/^access-control-/i.test(name)) kept.push(name, headers[i + 1] as string);
  }
  const origin = lastHeader(asked, "origin");
  if (origin !== undefined) kept.push(...stage.cors.answer(origin));
  return kept;
}
