// The ids of a request. One random UUID makes them all: the others are its digits in other forms.

/** `x-amz-apigw-id`, `$context.extendedRequestId`: 11 bytes in base64 for URLs, padded: `Lf_IZH6dPHcEWow=`. */
export function extendedRequestId(requestId: string): string {
  return `${Buffer.from(hexDigits(requestId).slice(0, 22), "hex").toString("base64url")}=`;
}

/**
 * The root of a new trace: `1-{seconds, 8 hexadecimal digits}-{24 hexadecimal digits}`
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids).
 */
export function traceRoot(requestId: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000).toString(16).padStart(8, "0");
  return `1-${seconds}-${hexDigits(requestId).slice(8)}`;
}

/** The 32 digits of a UUID. Cut out by position: several times as fast as replacing the hyphens. */
export const hexDigits = (uuid: string): string =>
  uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
