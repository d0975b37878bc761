// Mapping templates, of which only literal ones exist so far (see unbuilt.ts), and how one is chosen
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html and, for both
// sides, .../request-response-data-mappings.html#selecting-mapping-templates).
import type { PassthroughBehavior, StringMap } from "../domain/rest-api.ts";
import { mediaTypeOf } from "./media-types.ts";

/** Why a request goes no further: no template for its Content-Type, and it may not pass through. */
export const UNSUPPORTED = Symbol("unsupported media type");

/** What becomes of a request's payload: a template's, unchanged, or refused. */
export interface RequestTemplates {
  /** Whether some Content-Type lets the body through, so that it has to be read. */
  readonly readsBody: boolean;
  /** The payload for the media type of a Content-Type; undefined to pass the body through. */
  choose(mediaType: string): Buffer | undefined | typeof UNSUPPORTED;
}

export function compileRequestTemplates(
  templates: StringMap | undefined,
  passthrough: PassthroughBehavior,
): RequestTemplates {
  const byType = new Map(Object.entries(templates ?? {}).map(([type, text]) => [mediaTypeOf(type), Buffer.from(text)]));
  const passes = passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && byType.size === 0);
  const otherwise = passes ? undefined : UNSUPPORTED;
  return {
    readsBody: passes,
    choose: (mediaType) => (byType.has(mediaType) ? byType.get(mediaType) : otherwise),
  };
}

/** A response's payload and its Content-Type. */
export interface ResponseTemplate {
  readonly contentType: string;
  readonly payload: Buffer;
}

export interface ResponseTemplates {
  /** The template for the media type of an Accept header; undefined to pass the integration's body through. */
  choose(accept: string): ResponseTemplate | undefined;
}

/** Chosen by Accept, else the first. An empty template passes the body through. */
export function compileResponseTemplates(
  templates: Readonly<Record<string, string | null>> | undefined,
): ResponseTemplates {
  const byType = new Map<string, ResponseTemplate | undefined>();
  for (const [contentType, text] of Object.entries(templates ?? {})) {
    byType.set(mediaTypeOf(contentType), text ? { contentType, payload: Buffer.from(text) } : undefined);
  }
  const first = byType.values().next().value;
  return { choose: (accept) => (byType.has(accept) ? byType.get(accept) : first) };
}
