// What a signed request says about itself, checked before any key is looked up: its scope, its time and which headers it signs.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
import type { SignedRequest } from "./authorization.ts";
import { incomplete, invalid, type Refusal } from "./refusal.ts";

/** What the verifier's service asks of its callers. */
export interface Expectation {
  /** Absent where a signature for any region is taken. */
  readonly region?: string;
  /** Absent where a signature for any service is taken. */
  readonly service?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many minutes a time may lie in the past or the future: 5 for API Gateway, 15 for STS (devsecops/bootcamp#101). */
  readonly skewMinutes: number;
}

/** Headers that other hands add on the way: CloudFront its own, and clients the session token after they have signed. */
const MAY_BE_UNSIGNED: ReadonlySet<string> = new Set(["x-amz-cf-id", "x-amz-security-token"]);

/** The first thing that is wrong with what the request says, if any. `headers` are names and values in turn. */
export function checkClaims(signed: SignedRequest, headers: readonly string[], expected: Expectation): Refusal | undefined {
  return checkScope(signed, expected) ?? checkSignedHeaders(signed, headers) ?? checkTime(signed, expected);
}

/** The sentences stand one after the other, as quoted in Kong/insomnia#713. */
function checkScope(signed: SignedRequest, { region, service }: Expectation): Refusal | undefined {
  const wrong: string[] = [];
  const named = signed.region ?? signed.regionSet;
  if (named === undefined) {
    return incomplete("Authorization header requires existence of a 'X-Amz-Region-Set' header.");
  }
  const inRegion = region === undefined || (signed.region === undefined ? isInSet(region, named) : named === region);
  if (!inRegion) wrong.push(`Credential should be scoped to a valid region, not '${named}'. `);
  if (service !== undefined && signed.service !== service) wrong.push(`Credential should be scoped to correct service: '${service}'. `);
  return wrong.length === 0 ? undefined : invalid(wrong.join(""));
}

/** `us-east-1,eu-*`: an asterisk stands for the rest of a name. */
function isInSet(region: string, set: string): boolean {
  return set.split(",").some((entry) => {
    const name = entry.trim();
    return name.endsWith("*") ? region.startsWith(name.slice(0, -1)) : region === name;
  });
}

/**
 * "You must include the host header (HTTP/1.1) or the :authority header (HTTP/2), and any x-amz-* headers in the
 * signature": the user guide's page on creating signed requests. The words are those of aws/aws-sdk-php#2469.
 */
function checkSignedHeaders({ signedHeaders }: SignedRequest, headers: readonly string[]): Refusal | undefined {
  if (!signedHeaders.includes("host")) return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (!name.startsWith("x-amz-") || MAY_BE_UNSIGNED.has(name) || signedHeaders.includes(name)) continue;
    return invalid(`'${headers[i] as string}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  return undefined;
}

const BASIC_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** A request's time in milliseconds: X-Amz-Date's form, or the Date header's. Undefined for what is no time. */
function readTime(time: string): number | undefined {
  const parts = BASIC_TIME.exec(time);
  if (parts === null) {
    const milliseconds = time.endsWith(" GMT") ? Date.parse(time) : Number.NaN;
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
  }
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, number, number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A month of 13 or a minute of 60 would be taken for the next year's or hour's.
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? date.getTime() : undefined;
}

/** The time of a request whose claims were checked, as it is signed: `20150830T123600Z`. */
export const basicTime = (time: string): string => (BASIC_TIME.test(time) ? time : toBasicTime(Date.parse(time)));

/** `20150830T123600Z` */
export const toBasicTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

const MINUTE_MS = 60_000;
const WEEK_SECONDS = 604_800;

function checkTime(signed: SignedRequest, { now, skewMinutes }: Expectation): Refusal | undefined {
  const time = readTime(signed.time);
  if (time === undefined) {
    return incomplete(`Date must be in ISO-8601 'basic format'. Got '${signed.time}'. See http://en.wikipedia.org/wiki/ISO_8601 `);
  }
  const text = basicTime(signed.time);
  // Quoted in tedder/requests-aws4auth#7.
  if (!text.startsWith(signed.date)) {
    return invalid(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
        `'${signed.date}' != '${text.slice(0, 8)}', from '${text}'.`,
    );
  }
  const expires = signed.expires === undefined ? undefined : readExpires(signed.expires);
  if (typeof expires === "object") return expires;
  const lifeSeconds = expires ?? skewMinutes * 60;
  const presentSecond = Math.floor(now / 1000) * 1000;
  const earliest = presentSecond - lifeSeconds * 1000;
  const latest = presentSecond + skewMinutes * MINUTE_MS;
  if (time >= earliest && time <= latest) return undefined;
  const present = toBasicTime(now);
  // Both quoted in aws-amplify/aws-sdk-android#88, the first for API Gateway with 5 minutes in mhart/aws4#118.
  if (time > latest) {
    return invalid(`Signature not yet current: ${text} is still later than ${toBasicTime(latest)} (${present} + ${String(skewMinutes)} min.)`);
  }
  const allowed = lifeSeconds % 60 === 0 ? `${String(lifeSeconds / 60)} min.` : `${String(lifeSeconds)} sec.`;
  return invalid(`Signature expired: ${text} is now earlier than ${toBasicTime(earliest)} (${present} - ${allowed})`);
}

/** Seconds. The words are S3's, the only ones that AWS's users quote. */
function readExpires(text: string): number | Refusal {
  if (!/^-?\d{1,15}$/.test(text)) return incomplete("X-Amz-Expires should be a number");
  const seconds = Number(text);
  if (seconds < 0) return incomplete("X-Amz-Expires must be non-negative");
  if (seconds <= WEEK_SECONDS) return seconds;
  return incomplete(
    `X-Amz-Expires must be less than a week (in seconds) that is, the given X-Amz-Expires must be less than ${String(WEEK_SECONDS)} seconds`,
  );
}
