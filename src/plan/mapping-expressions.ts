// Mapping expressions: where a mapped parameter takes its value from
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html).

export type MappingExpression =
  | { readonly from: "path" | "querystring" | "multivaluequerystring"; readonly name: string }
  | { readonly from: "header" | "multivalueheader"; readonly name: string }
  | { readonly from: "body" }
  /** The path begins with `$`. */
  | { readonly from: "bodyJsonPath"; readonly jsonPath: string }
  | { readonly from: "stageVariables" | "context"; readonly name: string }
  | { readonly from: "static"; readonly value: string };

const PREFIXES = {
  "method.request.path.": "path",
  "method.request.querystring.": "querystring",
  "method.request.multivaluequerystring.": "multivaluequerystring",
  "method.request.header.": "header",
  "method.request.multivalueheader.": "multivalueheader",
  "integration.response.header.": "header",
  "integration.response.multivalueheader.": "multivalueheader",
  "stageVariables.": "stageVariables",
  "context.": "context",
} as const;

/** The expression, or undefined when it is none that the given side (`method.request`, `integration.response`) may use. */
export function parseMappingExpression(
  text: string,
  side: "method.request" | "integration.response",
): MappingExpression | undefined {
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'")) return { from: "static", value: text.slice(1, -1) };
  if (text === `${side}.body`) return { from: "body" };
  const body = `${side}.body`;
  if (text.startsWith(`${body}.`) || text.startsWith(`${body}[`)) return { from: "bodyJsonPath", jsonPath: `$${text.slice(body.length)}` };
  for (const [prefix, from] of Object.entries(PREFIXES)) {
    if (!text.startsWith(prefix) || text.length === prefix.length) continue;
    const ofThisSide = prefix.startsWith(`${side}.`) || from === "stageVariables" || from === "context";
    return ofThisSide ? { from, name: text.slice(prefix.length) } : undefined;
  }
  return undefined;
}

/** The name after a target's prefix: `X-Id` of `integration.request.header.X-Id`; undefined for another kind of target. */
export function targetName(target: string, prefix: string): string | undefined {
  return target.startsWith(prefix) && target.length > prefix.length ? target.slice(prefix.length) : undefined;
}
