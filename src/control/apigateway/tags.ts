// Tags of everything that can have them, named by ARN.
import { apiKeys } from "../../domain/api-key.ts";
import { parseApiGatewayArn } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import { accessAssociationArn, accessAssociations, domainNames } from "../../domain/domain-name.ts";
import { clientCertificates } from "../../domain/client-certificate.ts";
import { badRequest } from "../../domain/errors.ts";
import type { RecordKind } from "../../domain/record.ts";
import type { Tags } from "../../domain/rest-api.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import { usagePlans } from "../../domain/usage-plan.ts";
import { vpcLinks } from "../../domain/vpc-link.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApi, findApiKey, findStage, findUsagePlan } from "./context.ts";
import { findDomainName } from "./domain-name.ts";
import { findAccessAssociation } from "./domain-name-access-association.ts";
import { findClientCertificate } from "./client-certificate.ts";
import { checkedTags } from "./tag-rules.ts";
import { findVpcLink } from "./vpc-link.ts";

/** Something that has tags, and the change that gives it others. */
interface Tagged {
  readonly tags: Tags;
  readonly retagged: (tags: Tags) => Change;
}

/** Finds what an ARN's path names; `names` stand in the places of `{}`, in their order. */
type FindTagged = (context: ApiGatewayContext, names: readonly string[], call: Call) => Promise<Tagged>;

/** By the path of their ARNs, `{}` for each name. */
const TAGGABLE: Readonly<Record<string, FindTagged>> = {
  "restapis/{}": async (context, [restApiId = ""], call) => tagged(restApis, await findApi(context, { restApiId }, call)),
  "restapis/{}/stages/{}": async (context, [restApiId = "", stageName = ""], call) =>
    tagged(stages, (await findStage(context, { restApiId, stageName }, call)).stage),
  "apikeys/{}": async (context, [id = ""], call) => tagged(apiKeys, await findApiKey(context, id, call)),
  "domainnames/{}": async (context, [name = ""], call) => {
    const [domainName = "", domainNameId] = name.split("+");
    return tagged(domainNames, await findDomainName(context, { domainName, ...(domainNameId && { domainNameId }) }, call));
  },
  "domainnameaccessassociations/domainname/{}/vpcesource/{}": async (context, [domain = "", source = ""], call) =>
    tagged(accessAssociations, await findAccessAssociation(context, accessAssociationArn([call.account, call.region, domain, source]), call)),
  "clientcertificates/{}": async (context, [clientCertificateId = ""], call) =>
    tagged(clientCertificates, await findClientCertificate(context, { clientCertificateId }, call)),
  "vpclinks/{}": async (context, [vpcLinkId = ""], call) => tagged(vpcLinks, await findVpcLink(context, { vpcLinkId }, call)),
  "usageplans/{}": async (context, [usagePlanId = ""], call) => tagged(usagePlans, await findUsagePlan(context, { usagePlanId }, call)),
};

const tagged = <T extends { readonly tags: Tags }>(kind: RecordKind<T>, { key, value, version }: Stored<T>): Tagged => ({
  tags: value.tags,
  retagged: (tags) => put(kind, key, { ...value, tags }, version),
});

export function tagOperations(context: ApiGatewayContext) {
  const { store, limits } = context;
  const find = ({ resourceArn }: { readonly resourceArn: string }, call: Call) => findTagged(context, resourceArn, call);
  return {
    tag: verbs.writing(store, async (input: Model.TagResourceRequest, call) => {
      const { tags, retagged } = await find(input, call);
      return { changes: [retagged(checkedTags({ ...tags, ...input.tags }, limits))], answer: {} };
    }),
    untag: verbs.writing(store, async (input: Model.UntagResourceRequest, call) => {
      const { tags, retagged } = await find(input, call);
      const kept = Object.entries(tags).filter(([key]) => !input.tagKeys.includes(key));
      return { changes: [retagged(Object.fromEntries(kept))], answer: {} };
    }),
    /** Pages of tags are not supported, as the model says. */
    read: verbs.reading((input: Model.GetTagsRequest, call) => find(input, call), ({ tags }): Model.Tags => ({ tags })),
  };
}

/** @throws {ServiceError} BadRequestException when the ARN names nothing in this region that can have tags; NotFoundException */
async function findTagged(context: ApiGatewayContext, resourceArn: string, call: Call): Promise<Tagged> {
  const { account, region, path } = parseApiGatewayArn(resourceArn) ?? { account: "", region: "", path: [] };
  const [pattern, find] = Object.entries(TAGGABLE).find(([each]) => namesOf(each, path)) ?? [];
  const names = pattern && namesOf(pattern, path);
  if (!find || !names || region !== call.region || !["", call.account].includes(account)) throw badRequest(`Invalid ARN specified: ${resourceArn}`);
  return find(context, names, call);
}

/** What stands in the places of `{}`; undefined when the path is not the pattern's. */
function namesOf(pattern: string, path: readonly string[]): readonly string[] | undefined {
  const parts = pattern.split("/");
  if (parts.length !== path.length || !parts.every((part, place) => part === "{}" || part === path[place])) return undefined;
  return path.filter((_, place) => parts[place] === "{}");
}
