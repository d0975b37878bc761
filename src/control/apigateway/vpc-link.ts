// VpcLink: what private integrations connect through. There is no VPC to set anything up in, so that a link is ready when
// it has been made; where it leads to is the operator's setting vpc-links.
import type { Call } from "../../domain/call.ts";
import { badRequest, limitExceeded, notFound } from "../../domain/errors.ts";
import { type VpcLink, vpcLinks } from "../../domain/vpc-link.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { holdAccount } from "./account.ts";
import { type ApiGatewayContext, unlessEmpty } from "./context.ts";
import { checkedTags } from "./tag-rules.ts";
import { assertLinkUnused } from "./vpc-link-references.ts";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html */
const NETWORK_LOAD_BALANCER = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/net\/[A-Za-z0-9-]+\/[0-9a-z]+$/;

interface VpcLinkInput {
  readonly vpcLinkId: string;
}

export function vpcLinkOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = (input: VpcLinkInput, call: Call) => findVpcLink(context, input, call);
  return {
    create: verbs.writing(store, (input: Model.CreateVpcLinkRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ value }) => show(value)),
    list: async (input: Model.GetVpcLinksRequest, { account, region }: Call): Promise<Model.VpcLinks> => {
      const page = await verbs.page(store, vpcLinks, [account, region], input);
      return { ...page, items: page.items.map(({ value }) => show(value)) };
    },
    patch: verbs.patching(store, {
      find: async (input: Model.UpdateVpcLinkRequest, call) => {
        const link = await find(input, call);
        refuseTargets(input);
        return link;
      },
      of: ({ value }) => value,
      rules,
      keep: ({ key, version }, next) => ({ changes: [put(vpcLinks, key, next, version)], answer: show(next) }),
    }),
    remove: verbs.removing(store, find, async (link) => {
      await assertLinkUnused(context, link);
      return { changes: [remove(vpcLinks, link.key, link.version)] };
    }),
  };
}

/** @throws {ServiceError} NotFoundException */
export async function findVpcLink({ store }: ApiGatewayContext, { vpcLinkId }: VpcLinkInput, { account, region }: Call): Promise<Stored<VpcLink>> {
  const link = await store.get(vpcLinks, [account, region, vpcLinkId]);
  if (link === undefined) throw notFound("Invalid Vpc Link identifier specified");
  return link;
}

/**
 * AWS answers before the link is ready, and so does this, for whoever looks for PENDING; the next look finds it ready, or
 * failed (guide: set-up-api-with-vpclink-cli). Writes the account's record as it is, so that the quota is kept.
 */
async function creation(context: ApiGatewayContext, input: Model.CreateVpcLinkRequest, call: Call): Promise<verbs.Decision<Model.VpcLink>> {
  const { description, name, tags = {} } = input;
  if (name === "") throw badRequest("Name must be non-empty");
  const link: VpcLink = {
    id: context.ids.alphanumeric(6),
    name,
    ...(description ? { description } : {}),
    ...targeted(input.targetArns),
    tags: checkedTags(tags, context.limits),
  };
  const held = await holdAccount(context, call);
  await assertQuota(context, call);
  const { status: _status, statusMessage: _message, ...pending } = show(link);
  return {
    changes: [held, put(vpcLinks, [call.account, call.region, link.id], link, "absent")],
    answer: { ...pending, status: "PENDING" },
  };
}

/** The words: github.com/hashicorp/terraform-provider-aws pull/2512 and issues/30910; awscli, examples of update-vpc-link. */
function targeted(targetArns: readonly string[]): Pick<VpcLink, "targetArns" | "status" | "statusMessage"> {
  const [arn, ...others] = targetArns;
  if (arn === undefined) throw badRequest("No target arn specified for vpc link.");
  if (others.length > 0) throw badRequest("More than one target arn specified for vpc link.");
  if (!NETWORK_LOAD_BALANCER.test(arn)) return { targetArns, status: "FAILED", statusMessage: "NLB ARN is malformed" };
  return { targetArns, status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" };
}

/** @throws {ServiceError} LimitExceededException when the account may have no further link in the region */
async function assertQuota({ store, limits }: ApiGatewayContext, { account, region }: Call): Promise<void> {
  if ((await store.count(vpcLinks, { prefix: [account, region] })) < limits.vpcLinks) return;
  throw limitExceeded("Maximum number of VPC links for this account has been reached. Please contact AWS if you need additional VPC links.");
}

/** Not among the paths that AWS lists, and yet known: the words are quoted in github.com/hashicorp/terraform-provider-aws/pull/2512. */
function refuseTargets({ patchOperations = [] }: Model.UpdateVpcLinkRequest): void {
  const touchesTargets = patchOperations.some(({ path }) => path === "/targetArns" || path?.startsWith("/targetArns/"));
  if (touchesTargets) throw badRequest("Target arns are not allowed to be changed/added.");
}

const rules: verbs.PatchRules<VpcLink> = {
  "/name": { replace: verbs.set("name", verbs.someText) },
  "/description": { replace: verbs.set("description", verbs.optionalText) },
};

const show = (link: VpcLink): Model.VpcLink => ({ ...link, tags: unlessEmpty(link.tags) });
