// Tags of functions. Versions and aliases have none: https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
import type { Call } from "../../domain/call.ts";
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put } from "../../ports/store.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { invalidParameter } from "./errors.ts";
import { readTarget, type FunctionId } from "./function-name.ts";
import { functions } from "./records.ts";
import { requireFunction } from "./resolve.ts";

type Names = "ListTags" | "TagResource" | "UntagResource";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html#configuration-tags-restrictions */
const TAG_LIMIT = 50;
const KEY_LIMIT = 128;
const VALUE_LIMIT = 256;

export function tagOperations(context: LambdaContext): Pick<Handlers<LambdaOperations, Call>, Names> {
  return {
    async ListTags(input, call) {
      const { value } = await requireFunction(context, taggedFunction(call, "ListTags", input.Resource));
      return { Tags: value.tags };
    },

    async TagResource(input, call) {
      const id = taggedFunction(call, "TagResource", input.Resource);
      const { value, version } = await requireFunction(context, id);
      const tags = { ...value.tags, ...input.Tags };
      checkTags(tags);
      await context.commit(id, [put(functions, keyOf(id), { ...value, tags }, version)]);
      return {};
    },

    async UntagResource(input, call) {
      const id = taggedFunction(call, "UntagResource", input.Resource);
      const { value, version } = await requireFunction(context, id);
      const tags = Object.fromEntries(Object.entries(value.tags).filter(([key]) => !input.TagKeys.includes(key)));
      await context.commit(id, [put(functions, keyOf(id), { ...value, tags }, version)]);
      return {};
    },
  };
}

function taggedFunction(call: Call, operation: string, arn: string): FunctionId {
  if (!arn.includes(":function:")) throw invalidParameter(`Only functions have tags here: ${arn}`);
  const { qualifier, ...id } = readTarget(call, operation, arn);
  if (qualifier !== undefined) {
    throw invalidParameter("Tags on function aliases and versions are not supported. Please specify a function ARN.");
  }
  return id;
}

/** @throws {ServiceError} when there are too many tags, or one is too long or reserved. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > TAG_LIMIT) throw invalidParameter("Number of tags exceeds resource tag limit.");
  for (const [key, value] of entries) {
    if (key === "" || key.length > KEY_LIMIT || key.toLowerCase().startsWith("aws:")) {
      throw invalidParameter(`A tag's key has 1 to ${KEY_LIMIT} characters and does not begin with aws: (${key}).`);
    }
    if (value.length > VALUE_LIMIT) throw invalidParameter(`A tag's value has at most ${VALUE_LIMIT} characters (${key}).`);
  }
}
