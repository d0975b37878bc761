// Selection expressions of WebSocket APIs: texts with variables in them, evaluated once to a key
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-selection-expressions.html).

/** A part of an expression, in their order. */
export type SelectionPart =
  | { readonly type: "text"; readonly text: string }
  /** What a JSONPath (`$.name`) selects of the message, or of the integration's response. */
  | { readonly type: "requestBody" | "responseBody"; readonly jsonPath: string }
  | { readonly type: "responseStatus" }
  | { readonly type: "responseHeader" | "responseMultiValueHeader"; readonly name: string };

/** What can be looked at: a message alone, or what the integration has made of it too. */
export type SelectionSide = "request" | "response";

/** `\$` stands for a dollar sign; a variable stands in brackets, or ends with its path. */
const PIECE = /\\\$|\$\{([^{}]*)\}|\$((?:request|integration)\.\w+(?:\.{1,2}(?:[\w-]+|\*)|\[[^\]]{0,256}\])*)|[^\\$]+|\\/gs;

/** The parts of an expression; undefined when a variable in it is none. */
export function parseSelection(expression: string, side: SelectionSide): readonly SelectionPart[] | undefined {
  // Not escaped, it can only be meant for itself.
  if (expression === "$default") return [{ type: "text", text: expression }];
  const parts: SelectionPart[] = [];
  let end = 0;
  for (const match of expression.matchAll(PIECE)) {
    if (match.index !== end) return undefined;
    end += match[0].length;
    const variable = match[1] ?? match[2];
    const part = variable === undefined ? textOf(match[0]) : parseVariable(variable, side);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return end === expression.length ? joined(parts) : undefined;
}

const textOf = (text: string): SelectionPart => ({ type: "text", text: text === "\\$" ? "$" : text });

function parseVariable(variable: string, side: SelectionSide): SelectionPart | undefined {
  const [, root, rest = ""] = /^(request\.body|integration\.response\.body)((?:[.[].+)?)$/s.exec(variable) ?? [];
  if (root === "request.body") return { type: "requestBody", jsonPath: `$${rest}` };
  if (side === "request") return undefined;
  if (root !== undefined) return { type: "responseBody", jsonPath: `$${rest}` };
  if (variable === "integration.response.statuscode") return { type: "responseStatus" };
  const [, location, name] = /^integration\.response\.(header|multivalueheader)\.([!#$%&'*+\-.^_`|~0-9A-Za-z]+)$/.exec(variable) ?? [];
  if (name === undefined) return undefined;
  return { type: location === "header" ? "responseHeader" : "responseMultiValueHeader", name };
}

/** With texts that stand side by side as one. */
function joined(parts: readonly SelectionPart[]): readonly SelectionPart[] {
  const result: SelectionPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.type === "text" && last?.type === "text") result[result.length - 1] = { type: "text", text: last.text + part.text };
    else result.push(part);
  }
  return result;
}
