// Domain names that only REST APIs can be attached to do not take those of other APIs with them. The words are those of the V2
// API (issues 381 and 401 of github.com/amplify-education/serverless-domain-manager).
import { basePathMappings, type DomainName } from "../../domain/domain-name.ts";
import { badRequest } from "../../domain/errors.ts";
import { httpApis } from "../../domain/http-api.ts";
import { webSocketApis } from "../../domain/websocket-api.ts";
import type { Stored } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";

const REFUSALS: readonly (readonly [isForRestOnly: (domain: DomainName) => boolean, refusal: string])[] = [
  [({ securityPolicy }) => securityPolicy === "TLS_1_0", "Currently, only REST APIs can be attached to a domain name with a security policy of TLS 1.0."],
  [({ types }) => !types.includes("REGIONAL"), "Only REST APIs can be attached to EDGE domain names."],
];

/** @throws {ServiceError} BadRequestException when a change takes from HTTP and WebSocket APIs the domain name that they are mapped to */
export async function assertMappedStay({ store }: ApiGatewayContext, { key, value: before }: Stored<DomainName>, next: DomainName): Promise<void> {
  const refusal = REFUSALS.find(([isForRestOnly]) => isForRestOnly(next) && !isForRestOnly(before))?.[1];
  if (refusal === undefined) return;
  const { items } = await store.list(basePathMappings, { prefix: key });
  const apis = items.map(({ value }) => [next.account, next.region, value.restApiId]);
  const others = await Promise.all([store.getAll(httpApis, apis), store.getAll(webSocketApis, apis)]);
  if (others.flat().some((api) => api !== undefined)) throw badRequest(refusal);
}
