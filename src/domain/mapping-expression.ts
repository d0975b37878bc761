// Mapping expressions of REST APIs: where parameters that are mapped take their values from, and what they are set as
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html).

type Location = "path" | "querystring" | "header";

/** Where a value comes from. */
export type MappingExpression =
  | { readonly from: Location | `multivalue${Location}`; readonly name: string }
  /** The whole body. */
  | { readonly from: "body" }
  /** The path begins with `$`. */
  | { readonly from: "bodyJsonPath"; readonly jsonPath: string }
  | { readonly from: "stageVariables" | "context"; readonly name: string }
  | { readonly from: "static"; readonly value: string };

/** Whose parameters and body an expression can name. */
export type MappingSide = "method.request" | "integration.response";

/** What parameters there are to declare and to set; those of `method.input` stand in gateway responses alone. */
const LOCATIONS = {
  "method.request": ["path", "querystring", "header"],
  "method.response": ["header"],
  "method.input": ["params"],
  "integration.request": ["path", "querystring", "header"],
  "integration.response": ["header"],
  gatewayresponse: ["header"],
} as const;

type Side = keyof typeof LOCATIONS;

export interface NamedParameter<S extends Side> {
  readonly location: (typeof LOCATIONS)[S][number];
  readonly name: string;
}

const PARAMETER = /^(multivalue)?(\w+)\.([a-zA-Z0-9._$-]+)$/;
const BODY_PATH = /^[.[].+$/;
const VARIABLE = /^(?:(context)\.(.+)|(stageVariables)\.(\w+))$/;

/** `{side}.{location}.{name}`: a parameter that is declared, or set; undefined for any other text. */
export function parseParameter<S extends Side>(text: string, side: S): NamedParameter<S> | undefined {
  const [, multivalue, location, name] = PARAMETER.exec(within(text, side) ?? "") ?? [];
  if (multivalue !== undefined || name === undefined || !isLocation(location, side)) return undefined;
  return { location, name };
}

/** The expression; undefined when it is none that the given side may use. */
export function parseMappingExpression(text: string, side: MappingSide): MappingExpression | undefined {
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'")) return { from: "static", value: text.slice(1, -1) };
  const [, context, contextName, stageVariables, variableName] = VARIABLE.exec(text) ?? [];
  if (context !== undefined) return { from: "context", name: contextName as string };
  if (stageVariables !== undefined) return { from: "stageVariables", name: variableName as string };
  const rest = within(text, side);
  if (rest === undefined) return undefined;
  if (rest === "body") return { from: "body" };
  if (rest.startsWith("body") && BODY_PATH.test(rest.slice(4))) return { from: "bodyJsonPath", jsonPath: `$${rest.slice(4)}` };
  const [, multivalue = "", location, name] = PARAMETER.exec(rest) ?? [];
  if (name === undefined || !isLocation(location, side)) return undefined;
  return { from: `${multivalue as "" | "multivalue"}${location}`, name };
}

/** What follows the side and its dot. */
const within = (text: string, side: Side): string | undefined => (text.startsWith(`${side}.`) ? text.slice(side.length + 1) : undefined);

function isLocation<S extends Side>(location: string | undefined, side: S): location is (typeof LOCATIONS)[S][number] {
  return (LOCATIONS[side] as readonly (string | undefined)[]).includes(location);
}
