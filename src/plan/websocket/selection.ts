// Selection expressions of WebSocket APIs, compiled: what they come to over a message, and over a backend's answer to it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-selection-expressions.html).
import { parseSelection, type SelectionPart, type SelectionSide } from "../../domain/selection-expression.ts";
import { allHeaders, lastHeader } from "../headers.ts";
import { type JsonDocument, jsonDocument, JsonDocumentError, pathOf, textOfValue } from "../mapping-template/index.ts";
import type { BackendAnswer, EarlyWebSocketFacts } from "./facts.ts";

/** The key. @param answer undefined where no backend has answered yet */
export type Selection = (facts: EarlyWebSocketFacts, answer: BackendAnswer | undefined) => string;

/** @throws {TypeError} for what the control plane does not let be put */
export function compileSelection(expression: string, side: SelectionSide): Selection {
  const parts = parseSelection(expression, side);
  if (parts === undefined) throw new TypeError(`Not a selection expression: ${expression}`);
  const [first, ...others] = parts.map(compilePart);
  if (first === undefined) return () => "";
  if (others.length === 0) return first;
  return (facts, answer) => others.reduce((key, part) => key + part(facts, answer), first(facts, answer));
}

/** The message as JSON, read at most once. */
export function messageDocument(facts: Pick<EarlyWebSocketFacts, "body" | "requestDocument">): JsonDocument {
  return (facts.requestDocument ??= jsonDocument(facts.body.toString("utf8")));
}

/** A backend's body as JSON, read at most once. */
export function answerDocument(answer: BackendAnswer): JsonDocument {
  return (answer.document ??= jsonDocument(answer.body.toString("utf8")));
}

function compilePart(part: SelectionPart): Selection {
  switch (part.type) {
    case "text":
      return () => part.text;
    case "requestBody":
      pathOf(part.jsonPath);
      return (facts) => selected(messageDocument(facts), part.jsonPath);
    case "responseBody":
      pathOf(part.jsonPath);
      return (_facts, answer) => (answer === undefined ? "" : selected(answerDocument(answer), part.jsonPath));
    case "responseStatus":
      return (_facts, answer) => answer?.status.toString() ?? "";
    case "responseHeader":
      return (_facts, answer) => lastHeader(answer?.headers ?? [], part.name) ?? "";
    case "responseMultiValueHeader":
      return (_facts, answer) => allHeaders(answer?.headers ?? [], part.name)?.join(",") ?? "";
  }
}

/**
 * "If the JSONPath is not found, the variable is resolved as "", and "if your JSONPath expression returns an array of two elements, that
 * will be presented as the string "[item1, item2]"" (guide: websocket-api-develop-routes).
 */
function selected(document: JsonDocument, jsonPath: string): string {
  try {
    const value = document.find(jsonPath);
    return value === undefined || value === null ? "" : textOfValue(value);
  } catch (error) {
    if (error instanceof JsonDocumentError) return "";
    throw error;
  }
}
