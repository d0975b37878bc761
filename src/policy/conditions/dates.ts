// Values of the Date operators: "one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX) time"
// (https://www.w3.org/TR/NOTE-datetime).

const W3C = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):(\d\d)))?)?)?$/;
const EPOCH = /^-?\d{1,12}(?:\.\d+)?$/;
const MINUTE_MS = 60_000;

/** Milliseconds of the epoch; undefined for a text that is no date. Four digits are a year, other numbers seconds of the epoch. */
export function parseDate(text: string): number | undefined {
  const parts = W3C.exec(text);
  if (parts === null) return EPOCH.test(text) ? Math.round(Number(text) * 1000) : undefined;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "", sign, zoneHour, zoneMinute] = parts;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const time = Date.parse(local);
  // The parser takes 31 February for 3 March, and 24:00.
  if (Number.isNaN(time) || new Date(time).toISOString() !== local) return undefined;
  if (sign === undefined) return time;
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * MINUTE_MS;
  return sign === "+" ? time - offset : time + offset;
}
