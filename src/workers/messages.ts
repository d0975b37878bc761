// What the primary and its workers ask of each other, and how errors that are told apart travel.
import type { ErrorForm } from "../adapters/channel/index.ts";
import { ListenError } from "../adapters/http-listener/index.ts";
import type { Observed } from "../data-plane.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";
import type { Meter } from "../ports/counters.ts";
import { FunctionCallError, type FunctionFailure } from "../ports/functions.ts";
import { HolderUnreachable } from "../ports/connections.ts";
import { BodyAborted, BodyTooLarge, type HeaderList } from "../ports/http-server.ts";

/** Where a stage is found. */
export interface StageAddress {
  readonly apiId: string;
  readonly stageName: string;
}

/** Where a custom domain name is found. */
export interface DomainAddress {
  readonly domainName: string;
  readonly domainNameId: string | undefined;
}

/** A worker's first words. */
export interface Hello {
  readonly pid: number;
  /** What the ids of its WebSocket connections say. */
  readonly holder: number;
  readonly version: string;
  /** Where it listens already, for a primary that is gone; undefined for a new one. */
  readonly ports: readonly number[] | undefined;
}

/** What the primary tells a worker that it has just met. */
export interface Welcome {
  /** False: it is of another version, or one too many, and ends once its requests are answered. */
  readonly stays: boolean;
}

/** All that is served: whatever else a worker has, it drops. */
export interface Served {
  readonly stages: readonly StageAddress[];
  readonly domains: readonly DomainAddress[];
  /** By their ids. */
  readonly httpApis: readonly string[];
  /** Likewise. */
  readonly webSocketApis: readonly string[];
}

/** What a worker wants of a bucket. */
export interface BucketWish {
  readonly bucket: TokenBucket;
  /** Tokens it let requests in with without having them; less than 0 for those it gives back. */
  readonly used: number;
  readonly wanted: number;
}

/** What a worker wants of a quota, and what it has counted. */
export interface MeterWish {
  readonly meter: Meter;
  readonly day: string;
  /** Requests that the primary has not been told of, by day. */
  readonly counted: readonly (readonly [day: string, used: number])[];
  /** Requests of the day that it may still let in. */
  readonly held: number;
  readonly wanted: number;
}

export interface LeaseWishes {
  readonly buckets: readonly BucketWish[];
  readonly meters: readonly MeterWish[];
}

/** What is given, in the order of the wishes. */
export interface Leases {
  /** Where nothing is, it is worth asking again after so many milliseconds. */
  readonly buckets: readonly { readonly granted: number; readonly waitMs: number }[];
  /** `free` is what nobody holds then; undefined without a quota. */
  readonly meters: readonly { readonly granted: number; readonly free: number | undefined }[];
}

/** A part of all that there is of something: of all keys and plans, or of all identities. */
export interface PartOfAll<Change> {
  readonly changes: readonly Change[];
  /** What came of other parts before it is a primary's that is gone. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A request for the primary; its body is asked for by its id, should anybody want it. */
export interface ForwardedRequest {
  readonly id: number;
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly protocol: string;
  readonly encrypted: boolean;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly hasBody: boolean;
}

/** An answer; without a body of its own it is followed by one. */
export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array | string | undefined;
}

export interface BodyWish {
  readonly id: number;
  readonly limit: number;
}

/** What a worker tells of itself, for the health page. */
export interface WorkerFacts {
  readonly pid: number;
  /** Bytes. */
  readonly residentBytes: number;
  readonly cacheEntries: number;
  readonly cacheBytes: number;
}

/** What a worker has counted and logged since it began. */
export interface WorkerObserved {
  readonly pid: number;
  /** When its process began, in milliseconds since the epoch. */
  readonly since: number;
  readonly observed: Observed;
}

type Form =
  | { readonly kind: "function"; readonly code: FunctionFailure; readonly message: string }
  | { readonly kind: "listen" | "bodyTooLarge" | "bodyAborted" | "holderUnreachable"; readonly message: string };

export const errorForm: ErrorForm = {
  encode(error): Form | undefined {
    if (error instanceof FunctionCallError) return { kind: "function", code: error.code, message: error.message };
    if (error instanceof ListenError) return { kind: "listen", message: error.message };
    if (error instanceof BodyTooLarge) return { kind: "bodyTooLarge", message: error.message };
    if (error instanceof HolderUnreachable) return { kind: "holderUnreachable", message: error.message };
    if (error instanceof BodyAborted) return { kind: "bodyAborted", message: error.message };
    return undefined;
  },
  decode(encoded) {
    const form = encoded as Form;
    switch (form.kind) {
      case "function":
        return new FunctionCallError(form.code, form.message);
      case "listen":
        return new ListenError(form.message);
      case "bodyTooLarge":
        return new BodyTooLarge(form.message);
      case "bodyAborted":
        return new BodyAborted(form.message);
      case "holderUnreachable":
        return new HolderUnreachable(form.message);
    }
  },
};
