// Selection expressions, mapping templates and route parameters that parts of WebSocket APIs may have.
import { badRequest, type ServiceError } from "../../../domain/errors.ts";
import type { StringMap } from "../../../domain/rest-api.ts";
import { parseSelection, type SelectionSide } from "../../../domain/selection-expression.ts";
import { compilePath, JsonPathSyntaxError, plainValues } from "../../../jsonpath/index.ts";
import { compileSearch } from "../../../pattern/index.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import { checkTemplates } from "../../apigateway/index.ts";
import { checkLength } from "../context.ts";

/** Characters; AWS names no limit. */
const LONGEST_EXPRESSION = 1024;
/** Characters (model: TemplateMap). */
const LONGEST_TEMPLATE = 32_768;

/** The frame is quoted in github.com/hashicorp/terraform-provider-aws/issues/50061. */
const invalidSelection = (expression: string): ServiceError =>
  badRequest(`Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid selection expression specified: ${expression}]`);

/** @throws {ServiceError} BadRequestException unless it is one, with paths that can be compiled */
export function checkSelection(member: string, expression: string | undefined, side: SelectionSide): void {
  if (expression === undefined) return;
  checkLength(member, expression, LONGEST_EXPRESSION);
  const parts = parseSelection(expression, side);
  if (parts === undefined || expression === "") throw invalidSelection(expression);
  for (const part of parts) if ("jsonPath" in part && !isPath(part.jsonPath)) throw invalidSelection(expression);
}

function isPath(path: string): boolean {
  try {
    compilePath(path, { values: plainValues, compileRegex: compileSearch });
    return true;
  } catch (error) {
    if (error instanceof JsonPathSyntaxError) return false;
    throw error;
  }
}

/** @throws {ServiceError} BadRequestException for a template that is too long, or cannot be compiled */
export function checkTemplateMap(member: string, templates: StringMap | undefined): void {
  for (const [key, template] of Object.entries(templates ?? {})) checkLength(`${member}.${key}`, template, LONGEST_TEMPLATE);
  checkTemplates(templates);
}

/** In the words of the V1 API (github.com/aws/aws-cdk/issues/17318). */
export const invalidMapping = (expression: string): ServiceError =>
  badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${expression}]`);

/** @throws {ServiceError} BadRequestException unless all keys match */
export function checkParameters(parameters: Readonly<Record<string, unknown>> | undefined, key: RegExp): void {
  const wrong = Object.keys(parameters ?? {}).find((each) => !key.test(each));
  if (wrong !== undefined) throw invalidMapping(wrong);
}

/** @throws {ServiceError} BadRequestException unless all keys and all values match */
export function checkMappings(mappings: StringMap | undefined, key: RegExp, source: RegExp): void {
  checkParameters(mappings, key);
  const wrong = Object.values(mappings ?? {}).find((each) => !source.test(each));
  if (wrong !== undefined) throw invalidMapping(wrong);
}

/** Parameters to whether they are required. */
export const constraintsOf = (parameters: Readonly<Record<string, Model.ParameterConstraints>>): Readonly<Record<string, boolean>> =>
  Object.fromEntries(Object.entries(parameters).map(([name, { Required = false }]) => [name, Required]));

export const showConstraints = (parameters: Readonly<Record<string, boolean>> | undefined): Readonly<Record<string, Model.ParameterConstraints>> | undefined =>
  parameters && Object.fromEntries(Object.entries(parameters).map(([name, required]) => [name, { Required: required }]));

/** A map, when there is anything in it. */
export const unlessEmpty = <M extends object>(map: M | undefined): M | undefined => (map === undefined || Object.keys(map).length === 0 ? undefined : map);
