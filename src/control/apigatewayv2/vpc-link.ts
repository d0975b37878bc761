// VpcLink: what private integrations of HTTP APIs connect through. There is no VPC to set anything up in, so that a link is
// ready when it has been made; where it leads to is the operator's setting vpc-links.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { type HttpIntegration, httpIntegrations, httpRoutes, type HttpVpcLink, httpVpcLinks, targetIntegration } from "../../domain/http-api.ts";
import { methods } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { checkedTags } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayV2Context, checkLength, limitExceeded, pageOf, shownPage } from "./context.ts";

interface VpcLinkInput {
  readonly VpcLinkId: string;
}

export function vpcLinkOperations(context: ApiGatewayV2Context) {
  const { store } = context;
  const find = (input: VpcLinkInput, call: Call) => findVpcLink(context, input, call);
  return {
    create: verbs.writing(store, (input: Model.CreateVpcLinkRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ value }) => show(value)),
    list: async (input: Model.GetVpcLinksRequest, { account, region }: Call): Promise<Model.GetVpcLinksResponse> =>
      shownPage(await verbs.page(store, httpVpcLinks, [account, region], pageOf(input)), ({ value }) => show(value)),
    merge: verbs.merging(store, {
      find: (input: Model.UpdateVpcLinkRequest, call) => find(input, call),
      of: ({ value }): HttpVpcLink => value,
      rules,
      keep: ({ key, version }, next): verbs.Decision<Model.UpdateVpcLinkResponse> => {
        checkName(next.name);
        return { changes: [put(httpVpcLinks, key, next, version)], answer: show(next) };
      },
    }),
    remove: verbs.removing(store, find, async (link) => {
      await assertUnused(context, link);
      return { changes: [remove(httpVpcLinks, link.key, link.version)] };
    }),
  };
}

/** @throws {ServiceError} NotFoundException */
export async function findVpcLink({ store }: ApiGatewayV2Context, { VpcLinkId }: VpcLinkInput, { account, region }: Call): Promise<Stored<HttpVpcLink>> {
  const link = await store.get(httpVpcLinks, [account, region, VpcLinkId]);
  if (link === undefined) throw notFound("Invalid Vpc Link identifier specified");
  return link;
}

/** AWS answers before the link is ready, and so does this, for whoever looks for PENDING; the next look finds it ready. */
async function creation(context: ApiGatewayV2Context, input: Model.CreateVpcLinkRequest, call: Call): Promise<verbs.Decision<Model.CreateVpcLinkResponse>> {
  const { store, ids, clock, limits } = context;
  const { Name, SecurityGroupIds = [], SubnetIds, Tags = {} } = input;
  checkName(Name);
  if (SubnetIds.length === 0) throw badRequest("At least one subnet id should be provided");
  if (SubnetIds.length > limits.subnetsPerVpcLink) throw badRequest(`A VPC link has at most ${limits.subnetsPerVpcLink} subnets; this would have ${SubnetIds.length}`);
  checkedTags(Tags, limits);
  // The quota counts what is there; requests at the same moment can pass it together.
  if ((await store.count(httpVpcLinks, { prefix: [call.account, call.region] })) >= limits.vpcLinks) {
    throw limitExceeded("Maximum number of VPC links for this account has been reached. Please contact AWS if you need additional VPC links.");
  }
  const link: HttpVpcLink = {
    vpcLinkId: ids.alphanumeric(6),
    name: Name,
    createdDate: clock.now(),
    subnetIds: SubnetIds,
    securityGroupIds: SecurityGroupIds,
    tags: Tags,
  };
  return {
    changes: [put(httpVpcLinks, [call.account, call.region, link.vpcLinkId], link, "absent")],
    answer: { ...show(link), VpcLinkStatus: "PENDING", VpcLinkStatusMessage: "VPC link is provisioning ENIs" },
  };
}

const rules: verbs.MergeRules<HttpVpcLink, Model.UpdateVpcLinkRequest> = { Name: verbs.taken("name") };

function checkName(name: string): void {
  if (name === "") throw badRequest("Name must be non-empty");
  checkLength("Name", name, 128);
}

/**
 * Changes that keep the VPC link that an integration names from being deleted meanwhile.
 * @throws {ServiceError} BadRequestException when there is no such link
 */
export async function holdVpcLink({ store }: ApiGatewayV2Context, { connectionId }: HttpIntegration, call: Call): Promise<readonly Change[]> {
  if (connectionId === undefined || connectionId.includes("${stageVariables.")) return [];
  const link = await store.get(httpVpcLinks, [call.account, call.region, connectionId]);
  if (link === undefined) throw badRequest("Invalid Vpc Link identifier specified");
  return [put(httpVpcLinks, link.key, link.value, link.version)];
}

/** The words: github.com/hashicorp/terraform-provider-aws/issues/12195. @throws {ServiceError} BadRequestException */
async function assertUnused({ store }: ApiGatewayV2Context, { key, value: { vpcLinkId } }: Stored<HttpVpcLink>): Promise<void> {
  const prefix = key.slice(0, 2);
  const [{ items }, { items: ofRest }] = await Promise.all([
    store.list(httpIntegrations, { prefix, index: { name: "vpcLink", value: vpcLinkId } }),
    store.list(methods, { prefix, index: { name: "targetVpcLink", value: vpcLinkId } }),
  ]);
  const users = ofRest.map(({ value: { httpMethod, resourceId } }) => `${httpMethod}:${resourceId}`);
  for (const { key: at, value } of items) {
    const { items: routes } = await store.list(httpRoutes, { prefix: at.slice(0, 3) });
    const own = routes.filter((route) => targetIntegration(route.value.target) === value.integrationId).map((route) => route.value.routeId);
    for (const user of own.length === 0 ? [value.integrationId] : own) users.push(`${value.integrationMethod}:${user}`);
  }
  if (users.length > 0) throw badRequest(`Cannot delete vpc link. Vpc link '${vpcLinkId}', is referenced in [${users.join(", ")}] in format of [Method:Resource].`);
}

/** A VPC link as answers carry it. */
const show = ({ createdDate, name, securityGroupIds, subnetIds, tags, vpcLinkId }: HttpVpcLink): Model.VpcLink => ({
  CreatedDate: createdDate,
  Name: name,
  SecurityGroupIds: securityGroupIds,
  SubnetIds: subnetIds,
  Tags: tags,
  VpcLinkId: vpcLinkId,
  VpcLinkStatus: "AVAILABLE",
  VpcLinkStatusMessage: "VPC link is ready to route traffic",
  VpcLinkVersion: "V2",
});
