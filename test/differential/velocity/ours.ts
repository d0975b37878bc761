// Templates as this project's engine renders them, for comparison with the oracle.
import { createPatternEngine } from "../../../src/pattern/index.ts";
import { parseTemplate, TemplateRuntimeError, TemplateSyntaxError, toValue, utilObject } from "../../../src/vtl/index.ts";
import type { Value } from "../../../src/vtl/index.ts";
import type { Outcome, Request } from "./oracle.ts";

const patterns = createPatternEngine();

/** Renders one template. Only the errors that the engine declares are outcomes; any other is thrown. */
export function renderWithOurs({ template, context }: Request): Outcome {
  const values = new Map<string, Value>([["util", utilObject]]);
  for (const [name, value] of Object.entries(context)) values.set(name, toValue(value));
  try {
    return { output: parseTemplate(template, { patterns }).render(values) };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error: "parse", message: error.message };
    if (error instanceof TemplateRuntimeError) return { error: "render", message: error.message };
    throw error;
  }
}
