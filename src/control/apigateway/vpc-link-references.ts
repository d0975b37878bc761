// What refers to VPC links: integrations of methods, and of what has been deployed.
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import { type Key, scoped } from "../../domain/record.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import { deployments, fixedVpcLink, type Integration, methods, type RestApiSnapshot, snapshots, stages } from "../../domain/rest-api.ts";
import { privateAddress, type PrivateTarget, type VpcLink, vpcLinks } from "../../domain/vpc-link.ts";
import { webSocketDeployments, webSocketIntegrations, webSocketSnapshots, webSocketStages } from "../../domain/websocket-api.ts";
import { type Change, put, type Store, type Stored } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";

/**
 * Changes that keep the VPC link that an integration newly names from being deleted meanwhile.
 * @throws {ServiceError} BadRequestException when there is no such link
 */
export async function holdVpcLink({ store }: ApiGatewayContext, next: Integration, before: Integration | undefined, call: Call): Promise<readonly Change[]> {
  const id = fixedVpcLink(next);
  if (id === undefined || (before && fixedVpcLink(before) === id)) return [];
  const link = await store.get(vpcLinks, [call.account, call.region, id]);
  if (link === undefined) throw badRequest("Invalid Vpc Link identifier specified");
  return [put(vpcLinks, link.key, link.value, link.version)];
}

/**
 * Why private integrations of a snapshot lead nowhere, as sentences that name the method and the setting. Those that stage
 * variables have a part in are looked at when they are called.
 */
export async function unreachableTargets({ store, privateAddresses }: ApiGatewayContext, snapshot: RestApiSnapshot, call: Call): Promise<readonly string[]> {
  const named = snapshot.methods.filter(({ methodIntegration }) => methodIntegration !== undefined && isFixed(methodIntegration));
  if (named.length === 0) return [];
  const { items } = await store.list(vpcLinks, { prefix: [call.account, call.region] });
  const links = new Map(items.map(({ value }) => [value.id, value]));
  const resources = byId(snapshot.resources);
  return named.flatMap(({ resourceId, httpMethod, methodIntegration }) => {
    const { integrationTarget, connectionId: linkId = "" } = methodIntegration ?? {};
    const target = integrationTarget === undefined ? {} : { integrationTarget };
    if (privateAddress(target, linkId, links, privateAddresses) !== undefined) return [];
    const subject = `Method ${httpMethod} of resource ${resourcePath(resources, resourceId)}`;
    return [`${subject} connects through VPC link ${linkId}, ${unreachable(target, linkId, links.get(linkId))}.`];
  });
}

const isFixed = ({ connectionType, connectionId, integrationTarget }: Integration): boolean =>
  connectionType === "VPC_LINK" && !`${connectionId} ${integrationTarget}`.includes("${");

function unreachable({ integrationTarget }: PrivateTarget, linkId: string, link: VpcLink | undefined): string {
  if (integrationTarget === undefined && link === undefined) return "which does not exist";
  if (integrationTarget === undefined && link?.status === "FAILED") return `which is FAILED: ${link.statusMessage}`;
  const target = integrationTarget ?? link?.targetArns[0] ?? linkId;
  return `and Gatehouse does not know where that leads to: set vpc-links (--vpc-links ${target}=HOST:PORT)`;
}

/**
 * Stages that serve the link are named before methods that only refer to it. The first words are quoted in
 * github.com/klothoplatform/klotho/issues/202, the others follow those.
 * @throws {ServiceError} BadRequestException while something refers to the link
 */
export async function assertLinkUnused({ store }: ApiGatewayContext, { key, value: { id } }: Stored<VpcLink>): Promise<void> {
  const owner = key.slice(0, 2);
  const served = await servedBy(store, owner, id);
  if (served.length > 0) throw inUse(id, served, "RESTApiId:Method:Resource:Stage");
  const { items } = await store.list(methods, { prefix: owner, index: { name: "vpcLink", value: id } });
  const users = items.map(({ key: [, , apiId], value: { httpMethod, resourceId } }) => `${apiId}:${httpMethod}:${resourceId}`);
  if (users.length > 0) throw inUse(id, users, "RESTApiId:Method:Resource");
  await assertNoWebSocketApiUses(store, owner, id);
}

/** Integrations of WebSocket APIs, and those that their stages serve. */
async function assertNoWebSocketApiUses(store: Store, owner: Key, id: string): Promise<void> {
  const index = { name: "vpcLink", value: id };
  const [{ items: integrations }, { items: frozen }] = await Promise.all([
    store.list(webSocketIntegrations, { prefix: owner, index }),
    store.list(webSocketSnapshots, { prefix: owner, index }),
  ]);
  const users = integrations.map(({ key: [, , apiId], value: { integrationId, integrationMethod } }) => `${apiId}:${integrationMethod}:${integrationId}`);
  for (const { key: [account = "", region = "", apiId = "", hash] } of frozen) {
    const api = { prefix: [account, region, apiId] };
    const [{ items: deployed }, { items: showing }] = await Promise.all([store.list(webSocketDeployments, api), store.list(webSocketStages, api)]);
    const ids = new Set(deployed.filter(({ value }) => value.snapshot === hash).map(({ value }) => value.deploymentId));
    users.push(...showing.filter(({ value }) => ids.has(value.deploymentId ?? "")).map(({ value }) => `${apiId}:${value.stageName}`));
  }
  if (users.length > 0) throw inUse(id, users, "ApiId:Method:IntegrationId or ApiId:Stage");
}

const inUse = (id: string, users: readonly string[], format: string) =>
  badRequest(`Cannot delete vpc link. Vpc link '${id}', is referenced in [${users.join(", ")}] in format of [${format}].`);

/** The methods that stages serve with the link, also those whose API has been changed since. */
async function servedBy(store: Store, owner: Key, linkId: string): Promise<readonly string[]> {
  const users: string[] = [];
  const frozen = await store.list(snapshots, { index: { name: "vpcLink", value: linkId } });
  for (const { key, value } of frozen.items) {
    const deployed = await store.list(deployments, { prefix: owner, index: { name: "snapshot", value: key[0] as string } });
    for (const { key: [account = "", region = "", apiId = ""], value: { id } } of deployed.items) {
      const showing = await store.list(stages, { prefix: [account, region, apiId], index: { name: "deployment", value: scoped(apiId, id) } });
      const methodsOfLink = value.methods.filter(({ methodIntegration }) => methodIntegration && fixedVpcLink(methodIntegration) === linkId);
      for (const { value: { stageName } } of showing.items) {
        for (const { httpMethod, resourceId } of methodsOfLink) users.push(`${apiId}:${httpMethod}:${resourceId}:${stageName}`);
      }
    }
  }
  return users;
}
