// Mapping templates by content type, and how one is chosen
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html and, for both
// sides, .../request-response-data-mappings.html#selecting-mapping-templates).
import type { PassthroughBehavior, StringMap } from "../domain/rest-api.ts";
import type { MappingTemplate } from "./mapping-template/index.ts";
import { compileMappingTemplate } from "./mapping-template/index.ts";
import { mediaTypeOf } from "./media-types.ts";

/** Why a request goes no further: no template for its Content-Type, and it may not pass through. */
export const UNSUPPORTED = Symbol("unsupported media type");

/** What becomes of a request's payload: a template's, unchanged, or refused. */
export interface RequestTemplates {
  /** Whether some Content-Type lets the body through, or has a template that looks at it, so that it has to be read. */
  readonly readsBody: boolean;
  /** The template for the media type of a Content-Type; undefined to pass the body through. */
  choose(mediaType: string): MappingTemplate | undefined | typeof UNSUPPORTED;
}

/** @throws {TemplateSyntaxError} */
export function compileRequestTemplates(
  templates: StringMap | undefined,
  passthrough: PassthroughBehavior,
): RequestTemplates {
  const byType = new Map(
    Object.entries(templates ?? {}).map(([type, text]) => [mediaTypeOf(type), compileMappingTemplate(text)] as const),
  );
  const passes = passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && byType.size === 0);
  const otherwise = passes ? undefined : UNSUPPORTED;
  return {
    readsBody: passes || [...byType.values()].some(({ readsPayload }) => readsPayload),
    choose: (mediaType) => (byType.has(mediaType) ? byType.get(mediaType) : otherwise),
  };
}

/** A response's template and the Content-Type of what it makes. */
export interface ResponseTemplate {
  readonly contentType: string;
  readonly template: MappingTemplate;
}

export interface ResponseTemplates {
  /** The template for the media type of an Accept header; undefined to pass the integration's body through. */
  choose(accept: string): ResponseTemplate | undefined;
}

/** Chosen by Accept, else the first. An empty template passes the body through. @throws {TemplateSyntaxError} */
export function compileResponseTemplates(
  templates: Readonly<Record<string, string | null>> | undefined,
): ResponseTemplates {
  const byType = new Map<string, ResponseTemplate | undefined>();
  for (const [contentType, text] of Object.entries(templates ?? {})) {
    byType.set(mediaTypeOf(contentType), text ? { contentType, template: compileMappingTemplate(text) } : undefined);
  }
  const first = byType.values().next().value;
  return { choose: (accept) => (byType.has(accept) ? byType.get(accept) : first) };
}
