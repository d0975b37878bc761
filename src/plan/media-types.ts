// Media types of Content-Type and Accept headers, and the list of those that an API treats as binary
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html).

/** The media type that API Gateway assumes where a header is absent. */
export const DEFAULT_MEDIA_TYPE = "application/json";

/** `Application/JSON; charset=utf-8` as `application/json`; an absent or empty header as the default. */
export function mediaTypeOf(header: string | undefined): string {
  if (header === undefined) return DEFAULT_MEDIA_TYPE;
  const end = header.indexOf(";");
  const type = (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
  return type === "" ? DEFAULT_MEDIA_TYPE : type;
}

/** Of several media types in an Accept header only the first counts. */
export function firstMediaTypeOf(accept: string | undefined): string {
  if (accept === undefined) return DEFAULT_MEDIA_TYPE;
  const end = accept.indexOf(",");
  return mediaTypeOf(end < 0 ? accept : accept.slice(0, end));
}

/** Which media types are binary: exact ones, `image/*`, or all of them. */
export interface BinaryMediaTypes {
  readonly configured: boolean;
  includes(mediaType: string): boolean;
}

export function compileBinaryMediaTypes(types: readonly string[]): BinaryMediaTypes {
  const lowerCase = types.map((type) => type.trim().toLowerCase());
  const exact = new Set(lowerCase);
  const prefixes = lowerCase.filter((type) => type.endsWith("/*") && type !== "*/*").map((type) => type.slice(0, -1));
  if (exact.size === 0) return { configured: false, includes: () => false };
  if (exact.has("*/*")) return { configured: true, includes: () => true };
  return {
    configured: true,
    includes: (mediaType) => exact.has(mediaType) || prefixes.some((prefix) => mediaType.startsWith(prefix)),
  };
}
