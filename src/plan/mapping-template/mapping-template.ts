// A mapping template: compiled once, rendered for requests or for responses with what API Gateway gives to templates, which is
// not the same for every kind of API
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html).
import type { HeaderList } from "../../domain/header-list.ts";
import type { StringMap } from "../../domain/rest-api.ts";
import { createPatternEngine } from "../../pattern/index.ts";
import type { HostObject, Value } from "../../vtl/index.ts";
import { MapValue, parseTemplate, utilObject } from "../../vtl/index.ts";
import type { RequestFacts } from "../facts.ts";
import { contextObject } from "./context-object.ts";
import { inputObject, type InputParameters } from "./input.ts";
import type { JsonDocument } from "./json-document.ts";
import { queryOf } from "../query.ts";
import { newOverrides } from "./overrides.ts";

export interface MappingTemplate<Facts = RequestFacts> {
  /** What is rendered whatever the request: the template has neither references nor directives. */
  readonly constant: Buffer | undefined;
  /** Whether it may look at the payload, so that a request's body has to be read. */
  readonly readsPayload: boolean;
  /**
   * @param payload the body of the side that is mapped.
   * @param headers the request's headers, with those that the gateway adds.
   * @throws {TemplateRuntimeError} when the template fails, and overrides that it has set by then stay set.
   */
  render(facts: Facts, payload: JsonDocument, headers: () => HeaderList): string;
}

/** What a kind of API gives its templates. */
export interface TemplateSurroundings<Facts> {
  /** `$context` */
  context(facts: Facts): HostObject;
  /** `$input.params()`, but for the headers. */
  parameters(facts: Facts): InputParameters;
  stageVariables(facts: Facts): StringMap;
}

/** Those of REST APIs. */
const OF_REST: TemplateSurroundings<RequestFacts> = {
  context: (facts) => contextObject(facts, () => (facts.overrides ??= newOverrides())),
  parameters: (facts) => ({ variables: facts.method.variables, pathValues: facts.pathValues, query: () => queryOf(facts) }),
  stageVariables: ({ stage }) => stage.stageVariables,
};

const patterns = createPatternEngine();

/** A payload of 10 MB may be read and written as a whole, which takes more steps than all templates for small ones do. */
const STEPS_OF_A_CHARACTER = 0.5;

/** @throws {TemplateSyntaxError} with line and column */
export const compileMappingTemplate = (source: string): MappingTemplate => compileTemplateWith(source, OF_REST);

/** @throws {TemplateSyntaxError} with line and column */
export function compileTemplateWith<Facts>(source: string, surroundings: TemplateSurroundings<Facts>): MappingTemplate<Facts> {
  const template = parseTemplate(source, { patterns, silent: true });
  const usesStageVariables = mentions(source, "stageVariables");
  return {
    constant: template.constant === undefined ? undefined : Buffer.from(template.constant, "utf8"),
    readsPayload: mentions(source, "input"),
    render(facts, payload, headers) {
      const values = new Map<string, Value>([
        ["input", inputObject(() => surroundings.parameters(facts), payload, headers)],
        ["context", surroundings.context(facts)],
        ["util", utilObject],
      ]);
      // Templates may change a map: each rendering has its own.
      if (usesStageVariables) values.set("stageVariables", mapOf(surroundings.stageVariables(facts)));
      return template.render(values, Math.ceil(payload.text.length * STEPS_OF_A_CHARACTER));
    },
  };
}

/** Whether a name may be used, also in a text that the template makes and evaluates. */
function mentions(source: string, name: string): boolean {
  return source.includes(name) || source.includes("evaluate");
}

function mapOf(variables: StringMap): MapValue {
  const map = new MapValue();
  for (const [name, value] of Object.entries(variables)) map.set(name, value);
  return map;
}
