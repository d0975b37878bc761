// Tags of everything of the V2 API that can have them, named by ARN
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html).
import type { Call } from "../../domain/call.ts";
import { domainNames } from "../../domain/domain-name.ts";
import { httpVpcLinks } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { addTags, dropTags, findTagged, type FindTagged, tagged } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayV2Context, ApiInput } from "./context.ts";
import { httpProtocol } from "./definition.ts";
import { findDomainName } from "./domain-name.ts";
import { findStage, isWebSocketApi, type Protocol } from "./protocol.ts";
import { findVpcLink } from "./vpc-link.ts";
import { webSocketProtocol } from "./websocket/definition.ts";

const protocolOf = async (context: ApiGatewayV2Context, input: ApiInput, call: Call): Promise<Protocol> =>
  (await isWebSocketApi(context, input, call)) ? webSocketProtocol : httpProtocol;

/** By the path of their ARNs, `{}` for each name. */
const TAGGABLE: Readonly<Record<string, FindTagged<ApiGatewayV2Context>>> = {
  "apis/{}": async (context, [ApiId = ""], call) => {
    const protocol = await protocolOf(context, { ApiId }, call);
    return tagged(protocol.apis, await protocol.findApi(context, { ApiId }, call));
  },
  "apis/{}/stages/{}": async (context, [ApiId = "", StageName = ""], call) => {
    const protocol = await protocolOf(context, { ApiId }, call);
    return tagged(protocol.stages, (await findStage(context, protocol, { ApiId, StageName }, call)).stage);
  },
  "domainnames/{}": async (context, [DomainName = ""], call) => tagged(domainNames, await findDomainName(context, { DomainName }, call)),
  "vpclinks/{}": async (context, [VpcLinkId = ""], call) => tagged(httpVpcLinks, await findVpcLink(context, { VpcLinkId }, call)),
};

export function tagOperations(context: ApiGatewayV2Context) {
  const { store, limits } = context;
  const find = ({ ResourceArn }: { readonly ResourceArn: string }, call: Call) => findTagged(TAGGABLE, context, ResourceArn, call);
  return {
    tag: verbs.writing(store, async (input: Model.TagResourceRequest, call) => ({ changes: [addTags(await find(input, call), input.Tags, limits)], answer: {} })),
    untag: verbs.writing(store, async (input: Model.UntagResourceRequest, call) => ({ changes: [dropTags(await find(input, call), input.TagKeys)], answer: {} })),
    read: verbs.reading((input: Model.GetTagsRequest, call) => find(input, call), ({ tags }): Model.GetTagsResponse => ({ Tags: tags })),
  };
}
