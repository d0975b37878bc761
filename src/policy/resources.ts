// Resource and NotResource: patterns of ARNs
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
import { PolicySyntaxError } from "./errors.ts";
import { globMatcher } from "./glob.ts";
import { anyOf, partsTest, type TextPart, textParts, type ValueTest } from "./text-pattern.ts";

/** Colons before the part of an ARN that names the resource, which may itself have colons. */
const COLONS = 5;

/**
 * Tells whether a resource is one of those that texts stand for.
 * @throws {PolicySyntaxError} if a variable stands before the resource part of an ARN
 */
export const resourceTest = (texts: readonly string[], variables: boolean): ValueTest =>
  anyOf(texts.map((text) => partsTest(resourceParts(text, variables), globMatcher)));

function resourceParts(text: string, variables: boolean): readonly TextPart[] {
  let colons = 0;
  return textParts(text, { wildcards: true, variables }).map((part, index, parts) => {
    if (part.type === "text") {
      colons += part.text.split(":").length - 1;
      return part;
    }
    if (colons >= COLONS) return part;
    if (part.type === "variable") {
      throw new PolicySyntaxError(`Policy variables are allowed in the resource part of an ARN only: ${text}`);
    }
    return part.type === "star" && endsSegment(parts[index + 1]) ? part : { ...part, within: true };
  });
}

/** "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries." */
const endsSegment = (next: TextPart | undefined): boolean => next === undefined || (next.type === "text" && next.text.startsWith(":"));
