// What every resource of the V2 API works with, and how each finds what its request names.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound, ServiceError } from "../../domain/errors.ts";
import { type HttpApi, httpApis } from "../../domain/http-api.ts";
import type { HttpApiLimits } from "../../domain/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { IssuerDiscovery } from "../../ports/issuer-discovery.ts";
import type { Publication } from "../../ports/publication.ts";
import type { Store, Stored } from "../../ports/store.ts";
import type { PageRequest } from "../verbs/index.ts";

export interface ApiGatewayV2Context {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly publication: Publication;
  readonly issuers: IssuerDiscovery;
  readonly limits: HttpApiLimits;
}

export interface ApiInput {
  readonly ApiId: string;
}
export interface StageInput extends ApiInput {
  readonly StageName: string;
}

/** @throws {ServiceError} NotFoundException (the words: github.com/aws/aws-sdk-js/issues/2458) */
export async function findApi({ store }: Pick<ApiGatewayV2Context, "store">, { ApiId }: ApiInput, call: Call): Promise<Stored<HttpApi>> {
  const api = await store.get(httpApis, [call.account, call.region, ApiId]);
  if (api === undefined) throw notFound(`Invalid API identifier specified ${call.account}:${ApiId}`);
  return api;
}

/** `MaxResults` and `NextToken` as the verbs take them. @throws {ServiceError} BadRequestException */
export function pageOf({ MaxResults, NextToken }: { readonly MaxResults?: string; readonly NextToken?: string }): PageRequest {
  if (MaxResults !== undefined && !/^\d{1,9}$/.test(MaxResults)) throw badRequest(`Invalid maxResults specified: ${MaxResults}. Must be a whole number`);
  return {
    ...(MaxResults === undefined ? {} : { limit: Number(MaxResults) }),
    ...(NextToken === undefined ? {} : { position: NextToken }),
    names: { limit: "maxResults", position: "nextToken" },
  };
}

/** A page as answers carry it. */
export function shownPage<T, Out>({ items, position }: { readonly items: readonly Stored<T>[]; readonly position?: string }, show: (item: Stored<T>) => Out) {
  return { Items: items.map(show), ...(position === undefined ? {} : { NextToken: position }) };
}

/** 429 of the V2 API: a quota is used up. */
export const limitExceeded = (message: string): ServiceError => new ServiceError("TooManyRequestsException", message);

/** What HTTP APIs do not have, in the words quoted for execution logs in github.com/hashicorp/terraform-provider-aws/issues/14010. */
export const notOfHttpApis = (what: string): ServiceError => badRequest(`${what} are not supported on protocolType HTTP`);

/** What WebSocket APIs do not have, in the same words. */
export const notOfWebSocketApis = (what: string): ServiceError => badRequest(`${what} are not supported on protocolType WEBSOCKET`);

/** A member that only HTTP APIs have (the words: github.com/anomalyco/sst/issues/905). */
export const notSetForWebSocketApis = (member: string): ServiceError => badRequest(`${member} cannot be set for WEBSOCKET protocol Apis`);

/** The object without the members that are undefined or empty texts. */
export function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== "")) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Of UTF-16 units (model: StringWithLengthBetween...). @throws {ServiceError} BadRequestException */
export function checkLength(member: string, text: string, max: number): void {
  if (text.length > max) throw badRequest(`${member} must have at most ${max} characters; this one has ${text.length}`);
}
