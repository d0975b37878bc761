// Tags of everything that can have them, named by ARN.
import { apiKeys } from "../../domain/api-key.ts";
import { parseApiGatewayArn } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import type { RecordKind } from "../../domain/record.ts";
import type { Tags } from "../../domain/rest-api.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import { usagePlans } from "../../domain/usage-plan.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApi, findApiKey, findStage, findUsagePlan } from "./context.ts";
import { checkedTags } from "./tag-rules.ts";

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
  const { region, path } = parseApiGatewayArn(resourceArn) ?? { region: "", path: [] };
  const isName = (_part: string, place: number) => place % 2 === 1;
  const pattern = path.map((part, place) => (isName(part, place) ? "{}" : part)).join("/");
  const find = Object.hasOwn(TAGGABLE, pattern) ? TAGGABLE[pattern] : undefined;
  if (find === undefined || region !== call.region) throw badRequest(`Invalid ARN specified: ${resourceArn}`);
  return find(context, path.filter(isName), call);
}
