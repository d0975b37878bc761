// The wildcards of sampling rules: `?` for a character, `*` for any number of them (X-Ray developer guide,
// xray-console-sampling). Upper and lower case are the same, as for X-Ray's SDKs.

/** Whether a text has the form of a pattern; in time of the product of their lengths at most. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === "*") return true;
  return matches(pattern.toLowerCase(), text.toLowerCase());
}

function matches(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  // Behind the last star, and the place in the text that it was tried for.
  let afterStar = -1;
  let tried = 0;
  while (at < text.length) {
    const wanted = pattern[next];
    if (wanted === "*") {
      afterStar = ++next;
      tried = at;
    } else if (wanted === "?" || (wanted !== undefined && wanted === text[at])) {
      at++;
      next++;
    } else if (afterStar >= 0) {
      next = afterStar;
      at = ++tried;
    } else {
      return false;
    }
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}
