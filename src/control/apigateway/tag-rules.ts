// What may be a tag (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-restrictions.html).
import { badRequest, repeatable } from "../../domain/errors.ts";
import type { RestApiLimits } from "../../domain/limits.ts";
import type { Tags } from "../../domain/rest-api.ts";

const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{N}\s_.:/=+\-@]*$/u;

/** Of Unicode, as the lengths are given. */
const characters = (text: string): number => Array.from(text).length;

/**
 * The tags, when all of them may be set together.
 * @throws {ServiceError} BadRequestException
 */
export function checkedTags(tags: Tags, limits: Pick<RestApiLimits, "tagsPerResource">): Tags {
  const count = Object.keys(tags).length;
  if (count > limits.tagsPerResource) throw badRequest(`A resource has at most ${limits.tagsPerResource} tags; this would make ${count}`);
  for (const [key, value] of Object.entries(tags)) {
    if (key.toLowerCase().startsWith("aws:")) throw badRequest(`Invalid tag key: ${repeatable(key)}. Tag keys must not start with aws:`);
    if (key === "" || characters(key) > MAX_KEY_LENGTH || !ALLOWED.test(key)) {
      throw badRequest(`Invalid tag key: ${repeatable(key)}. Tag keys have 1 to ${MAX_KEY_LENGTH} letters, numbers, spaces and the symbols _ . : / = + - @`);
    }
    if (characters(value) > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw badRequest(`Invalid tag value for key ${key}. Tag values have up to ${MAX_VALUE_LENGTH} letters, numbers, spaces and the symbols _ . : / = + - @`);
    }
  }
  return tags;
}
