// Timestamps: milliseconds inside, what the model asks for outside. All travel in whole seconds, as API Gateway's do.

export type TimestampFormat = "epoch-seconds" | "date-time" | "http-date";

/** What travels for a time in milliseconds since the epoch. */
export function encodeTimestamp(milliseconds: number, format: TimestampFormat): number | string {
  const seconds = Math.floor(milliseconds / 1000);
  if (format === "epoch-seconds") return seconds;
  const date = new Date(seconds * 1000);
  return format === "http-date" ? date.toUTCString() : date.toISOString().replace(".000Z", "Z");
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const LAST_SECOND = 8_640_000_000_000;

/** Milliseconds since the epoch; undefined when it is not a time of the format. */
export function decodeTimestamp(value: unknown, format: TimestampFormat): number | undefined {
  if (format === "epoch-seconds") {
    const seconds = typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
    if (typeof seconds !== "number" || !(Math.abs(seconds) <= LAST_SECOND)) return undefined;
    return Math.round(seconds * 1000);
  }
  if (typeof value !== "string" || (format === "date-time" && !DATE_TIME.test(value))) return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
