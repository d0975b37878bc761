// Mapping templates of WebSocket APIs, and how one is chosen: by a template selection expression, in place of a Content-Type
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-transformations.html).
import { DEFAULT_KEY } from "../../domain/websocket-api.ts";
import type { PassthroughBehavior, StringMap } from "../../domain/rest-api.ts";
import type { SelectionSide } from "../../domain/selection-expression.ts";
import { Long } from "../../vtl/index.ts";
import { compileTemplateWith, type MappingTemplate, type TemplateSurroundings, variablesObject } from "../mapping-template/index.ts";
import { queryOf } from "../query.ts";
import { UNSUPPORTED } from "../templates.ts";
import { WEBSOCKET_VARIABLE_GROUPS, webSocketVariable } from "./context-variables.ts";
import type { BackendAnswer, WebSocketFacts } from "./facts.ts";
import { compileSelection } from "./selection.ts";

export type WebSocketTemplate = MappingTemplate<WebSocketFacts>;

/** A message's, chosen; undefined to pass it on as it is. */
export type RequestTemplateChoice = (facts: WebSocketFacts) => WebSocketTemplate | undefined | typeof UNSUPPORTED;

/** An answer's; undefined likewise. */
export type ResponseTemplateChoice = (facts: WebSocketFacts, answer: BackendAnswer) => WebSocketTemplate | undefined;

interface TemplateSource {
  readonly templates: StringMap | undefined;
  readonly selection: string | undefined;
}

export function chooseRequestTemplate(source: TemplateSource, passthrough: PassthroughBehavior): RequestTemplateChoice {
  const byKey = compileTemplates(source, "request");
  const hasTemplates = Object.keys(source.templates ?? {}).length > 0;
  const passes = passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && !hasTemplates);
  const otherwise = passes ? undefined : UNSUPPORTED;
  return (facts) => byKey(facts, undefined) ?? otherwise;
}

export function chooseResponseTemplate(source: TemplateSource): ResponseTemplateChoice {
  return compileTemplates(source, "response");
}

/** "All of them will fall back to the `$default` template if a matching template is not found" (guide: apigateway-websocket-api-routes-integrations). */
function compileTemplates({ templates = {}, selection }: TemplateSource, side: SelectionSide): (facts: WebSocketFacts, answer: BackendAnswer | undefined) => WebSocketTemplate | undefined {
  const byKey = new Map(Object.entries(templates).map(([key, text]) => [key === ESCAPED_DEFAULT ? DEFAULT_KEY : key, compileTemplateWith(text, SURROUNDINGS)]));
  const fallback = byKey.get(DEFAULT_KEY) ?? byKey.get(MESSAGE_TYPE);
  if (byKey.size === 0) return () => undefined;
  if (selection === undefined) return () => fallback;
  const keyOf = compileSelection(selection, side);
  return (facts, answer) => byKey.get(keyOf(facts, answer)) ?? fallback;
}

/** What messages are taken for: the guide's integration requests, and those of AWS's CDK, have templates by it and no expression. */
const MESSAGE_TYPE = "application/json";

/** As expressions spell it, which the guide's command for the console's words does too. */
const ESCAPED_DEFAULT = String.raw`\$default`;

const NO_NAMES: readonly string[] = [];

const SURROUNDINGS: TemplateSurroundings<WebSocketFacts> = {
  context: (facts) =>
    variablesObject(WEBSOCKET_VARIABLE_GROUPS, (name) => {
      if (name === "requestTimeEpoch") return new Long(BigInt(facts.receivedAt));
      if (name === "connectedAt") return new Long(BigInt(facts.client.connectedAt));
      return webSocketVariable(name)?.(facts) ?? null;
    }),
  parameters: (facts) => ({ variables: NO_NAMES, pathValues: NO_NAMES, query: () => queryOf(facts) }),
  stageVariables: ({ stage }) => stage.stageVariables,
};
