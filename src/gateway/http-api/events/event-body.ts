// The body of a request as functions of HTTP APIs get it: as text where its media type is one of text, else in base64. AWS does
// not document which those are; users find forms (github.com/middyjs/middy/pull/603) and multipart bodies in base64, and text,
// JSON, XML and JavaScript as they are: the types that Application Load Balancers take for text
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html). Compressed bodies are not text.
import { lastHeader } from "../../../plan/index.ts";
import type { HttpReceived } from "../execution.ts";

export interface EventBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const TEXT = /^\s*(?:text\/[^;]*|application\/(?:json|javascript|xml))\s*(?:;|$)/i;

/** Undefined for a request without a body. */
export function eventBody({ body, headers }: HttpReceived): EventBody | undefined {
  if (body.length === 0) return undefined;
  const isText = TEXT.test(lastHeader(headers, "content-type") ?? "") && lastHeader(headers, "content-encoding") === undefined;
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}
