// ArnLike: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN

/** The first five colons separate; what follows them is the resource, colons and all. */
const COMPONENTS = 6;

/** Whether each of an ARN's six components matches the pattern's, where `*` stands for any characters and `?` for one. */
export function arnLike(pattern: string, arn: string): boolean {
  const patterns = components(pattern);
  const values = components(arn);
  return patterns.length === values.length && patterns.every((part, i) => glob(part, values[i] as string));
}

function components(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= COMPONENTS ? parts : [...parts.slice(0, COMPONENTS - 1), parts.slice(COMPONENTS - 1).join(":")];
}

/** Steps back only to the last star, so that the time is at most the product of the two lengths. */
function glob(pattern: string, value: string): boolean {
  let p = 0;
  let v = 0;
  let star = -1;
  let resume = 0;
  while (v < value.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = v;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === value[v])) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
