// Tags of REST APIs and stages, named by their ARNs.
import type { Call } from "../../domain/call.ts";
import { parseRestApiArn } from "../../domain/arn.ts";
import { badRequest } from "../../domain/errors.ts";
import type { Tags } from "../../domain/rest-api.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApi, findStage } from "./context.ts";
import { checkedTags } from "./tag-rules.ts";

/** Something that has tags, and the change that gives it others. */
interface Tagged {
  readonly tags: Tags;
  readonly retagged: (tags: Tags) => Change;
}

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

/** @throws {ServiceError} BadRequestException when the ARN is none of this region's APIs and stages; NotFoundException */
async function findTagged(context: ApiGatewayContext, resourceArn: string, call: Call): Promise<Tagged> {
  const arn = parseRestApiArn(resourceArn);
  if (arn === undefined || arn.region !== call.region) throw badRequest(`Invalid ARN specified: ${resourceArn}`);
  if (arn.stageName === undefined) {
    const { key, value, version } = await findApi(context, { restApiId: arn.apiId }, call);
    return { tags: value.tags, retagged: (tags) => put(restApis, key, { ...value, tags }, version) };
  }
  const { stage } = await findStage(context, { restApiId: arn.apiId, stageName: arn.stageName }, call);
  return { tags: stage.value.tags, retagged: (tags) => put(stages, stage.key, { ...stage.value, tags }, stage.version) };
}
