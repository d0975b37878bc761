// The ARN operators: "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
// match wildcards (*) or single-character match wildcards (?)."
import { PolicySyntaxError } from "../errors.ts";
import { globMatcher, type PatternPart } from "../glob.ts";
import { anyOf, hasVariables, partsTest, textParts, type ValueTest } from "../text-pattern.ts";

/** The first five colons separate; what follows them is the resource, colons and all. */
const COMPONENTS = 6;

/**
 * Tells whether an ARN is one of those that texts stand for.
 * @throws {PolicySyntaxError} if a text is no ARN
 */
export function arnTest(texts: readonly string[], variables: boolean): ValueTest {
  return anyOf(
    texts.map((text) => {
      const parts = textParts(text, { wildcards: true, variables });
      // IAM's words for a name in place of an ARN, quoted in github.com/blinkist/terraform-aws-airship-ecs-service/pull/68.
      if (!hasVariables(parts) && text !== "*" && text.split(":").length < COMPONENTS) {
        throw new PolicySyntaxError("The policy failed legacy parsing");
      }
      return text === "*" ? () => true : partsTest(parts, arnMatcher);
    }),
  );
}

function arnMatcher(parts: readonly PatternPart[]): (arn: string) => boolean {
  const components = componentsOf(parts);
  if (components.length < COMPONENTS) return () => false;
  const matchers = components.map(globMatcher);
  return (arn) => {
    let from = 0;
    for (const [index, matches] of matchers.entries()) {
      const end = index === COMPONENTS - 1 ? arn.length : arn.indexOf(":", from);
      if (end < 0 || !matches(arn.slice(from, end))) return false;
      from = end + 1;
    }
    return true;
  };
}

function componentsOf(parts: readonly PatternPart[]): readonly (readonly PatternPart[])[] {
  const components: PatternPart[][] = [[]];
  const add = (part: PatternPart): void => {
    (components[components.length - 1] as PatternPart[]).push(part);
  };
  for (const part of parts) {
    if (part.type !== "text") {
      add(part);
      continue;
    }
    const pieces = part.text.split(":");
    const fit = COMPONENTS - components.length;
    for (const [index, text] of [...pieces.slice(0, fit), ...lastOf(pieces.slice(fit))].entries()) {
      if (index > 0) components.push([]);
      if (text !== "") add({ type: "text", text });
    }
  }
  return components;
}

/** What comes after the fifth colon is one component. */
const lastOf = (pieces: readonly string[]): readonly string[] => (pieces.length === 0 ? [] : [pieces.join(":")]);
