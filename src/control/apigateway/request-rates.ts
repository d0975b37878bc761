// How often an account may ask for what in a region, as AWS limits its control plane
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html#api-gateway-control-service-limits-table).
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";

/** So many requests in so many seconds; as many may come at once, or `burst` of them. */
interface Rate {
  readonly requests: number;
  readonly seconds: number;
  readonly burst?: number;
}

const every = (seconds: number): Rate => ({ requests: 1, seconds });
const perSecond = (requests: number): Rate => ({ requests, seconds: 1 });

/** Of all operations together. */
const TOTAL: Rate = { requests: 10, seconds: 1, burst: 40 };

const REGIONAL_OR_PRIVATE = every(3);
const EDGE = every(30);

/** By operation, and by type of endpoint where that makes a difference. */
export const RATES: Readonly<Record<string, Rate>> = {
  CreateApiKey: perSecond(5),
  CreateDeployment: every(5),
  CreateDocumentationVersion: every(20),
  CreateDomainName: every(30),
  CreateResource: perSecond(5),
  "CreateRestApi for regional or private APIs": REGIONAL_OR_PRIVATE,
  "CreateRestApi for edge-optimized APIs": EDGE,
  DeleteApiKey: perSecond(5),
  DeleteDomainName: every(30),
  DeleteResource: perSecond(5),
  DeleteRestApi: every(30),
  GetResources: { requests: 5, seconds: 2 },
  ImportDocumentationParts: every(30),
  "ImportRestApi for regional or private APIs": REGIONAL_OR_PRIVATE,
  "ImportRestApi for edge-optimized APIs": EDGE,
  PutRestApi: perSecond(1),
  UpdateAccount: every(20),
  UpdateDomainName: every(30),
  UpdateUsagePlan: every(20),
};

type Handler = (input: never, call: Call) => Promise<unknown>;

/** Operations that are refused when they are asked for too often. They are otherwise the same. */
export function withRates<Operations extends Readonly<Record<string, Handler>>>(operations: Operations, clock: Clock): Operations {
  const buckets = createBuckets(clock);
  const limited = Object.entries(operations).map(([name, operation]) => {
    const handler = async (input: never, call: Call) => {
      const place = `${call.account} ${call.region} `;
      const named = rateName(name, input);
      const rate = RATES[named];
      const wanted: readonly Wanted[] = [{ key: `${place}*`, rate: TOTAL }, ...(rate === undefined ? [] : [{ key: place + named, rate }])];
      const waitMs = buckets.take(wanted);
      // The words are quoted in github.com/aws/aws-sdk-js/issues/1014.
      if (waitMs > 0) throw new ServiceError("TooManyRequestsException", "Too Many Requests", { retryAfterSeconds: String(Math.ceil(waitMs / 1000)) });
      return operation(input, call);
    };
    return [name, handler] as const;
  });
  return Object.fromEntries(limited) as unknown as Operations;
}

interface CreationInput {
  readonly endpointConfiguration?: { readonly types?: readonly string[] };
  readonly parameters?: Readonly<Record<string, string>>;
}

function rateName(operation: string, input: CreationInput): string {
  if (operation !== "CreateRestApi" && operation !== "ImportRestApi") return operation;
  const type = input.endpointConfiguration?.types?.[0] ?? input.parameters?.["endpointConfigurationTypes"] ?? "EDGE";
  return `${operation} for ${type === "EDGE" ? "edge-optimized" : "regional or private"} APIs`;
}

interface Wanted {
  readonly key: string;
  readonly rate: Rate;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Accounts come from credentials, which anyone may make up in development: those that were seen first are forgotten. */
const MOST_BUCKETS = 10_000;

function createBuckets(clock: Clock) {
  const buckets = new Map<string, Bucket>();

  /** The bucket as it now is. */
  function filled({ key, rate }: Wanted): Bucket {
    const size = rate.burst ?? rate.requests;
    const now = clock.now();
    const before = buckets.get(key);
    if (before === undefined && buckets.size >= MOST_BUCKETS) buckets.delete(buckets.keys().next().value as string);
    const gained = before === undefined ? size : (Math.max(0, now - before.filledAt) / 1000) * (rate.requests / rate.seconds);
    const bucket = { tokens: Math.min(size, (before?.tokens ?? 0) + gained), filledAt: now };
    buckets.set(key, bucket);
    return bucket;
  }

  return {
    /** Takes one token of each bucket, or none of any. Gives how long to wait for all of them, in milliseconds; 0 when they were taken. */
    take(wanted: readonly Wanted[]): number {
      const all = wanted.map((each) => ({ bucket: filled(each), rate: each.rate }));
      const waits = all.map(({ bucket, rate }) => Math.max(0, ((1 - bucket.tokens) * rate.seconds * 1000) / rate.requests));
      // What is short of a token by less than a microsecond is short by rounding.
      const waitMs = Math.max(...waits);
      if (waitMs > 0.001) return waitMs;
      for (const { bucket } of all) bucket.tokens = Math.max(0, bucket.tokens - 1);
      return 0;
    },
  };
}
