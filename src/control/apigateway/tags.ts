// Tags of everything that can have them, named by ARN.
import { apiKeys } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { accessAssociationArn, accessAssociations, domainNames } from "../../domain/domain-name.ts";
import { clientCertificates } from "../../domain/client-certificate.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import { usagePlans } from "../../domain/usage-plan.ts";
import { vpcLinks } from "../../domain/vpc-link.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApi, findApiKey, findStage, findUsagePlan } from "./context.ts";
import { findDomainName } from "./domain-name.ts";
import { findAccessAssociation } from "./domain-name-access-association.ts";
import { findClientCertificate } from "./client-certificate.ts";
import { addTags, dropTags, findTagged, type FindTagged, tagged } from "./tagging.ts";
import { findVpcLink } from "./vpc-link.ts";

/** By the path of their ARNs, `{}` for each name. */
const TAGGABLE: Readonly<Record<string, FindTagged<ApiGatewayContext>>> = {
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

export function tagOperations(context: ApiGatewayContext) {
  const { store, limits } = context;
  const find = ({ resourceArn }: { readonly resourceArn: string }, call: Call) => findTagged(TAGGABLE, context, resourceArn, call);
  return {
    tag: verbs.writing(store, async (input: Model.TagResourceRequest, call) => {
      const found = await find(input, call);
      return { changes: [addTags(found, input.tags, limits)], answer: {} };
    }),
    untag: verbs.writing(store, async (input: Model.UntagResourceRequest, call) => {
      const found = await find(input, call);
      return { changes: [dropTags(found, input.tagKeys)], answer: {} };
    }),
    /** Pages of tags are not supported, as the model says. */
    read: verbs.reading((input: Model.GetTagsRequest, call) => find(input, call), ({ tags }): Model.Tags => ({ tags })),
  };
}
