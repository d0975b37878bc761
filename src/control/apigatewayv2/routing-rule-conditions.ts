// Which conditions a routing rule may have
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html, restrictions;
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-routingrule-matchheadervalue.html).
import { badRequest } from "../../domain/errors.ts";
import { isReservedHeader } from "../../domain/parameter-mapping.ts";
import type { HeaderMatch, RoutingCondition } from "../../domain/routing-rule.ts";

const MOST_HEADERS = 2;
const HEADER = /^[a-zA-Z0-9*?\-!#$%&'.^_`|~]+$/;
/** With the slash of the guide's example `Accept: image/webp`. */
const VALUE = /^[a-zA-Z0-9*?\-!#$%&'.^_`|~/]+$/;
const BASE_PATH = /^[a-zA-Z0-9$\-_.+!*'()]+(?:\/[a-zA-Z0-9$\-_.+!*'()]+)*$/;

/** @throws {ServiceError} BadRequestException */
export function checkConditions(conditions: readonly RoutingCondition[]): void {
  const headers = conditions.flatMap(({ matchHeaders }) => matchHeaders ?? []);
  const basePaths = conditions.flatMap(({ matchBasePaths }) => matchBasePaths ?? []);
  if (conditions.some(isEmpty)) throw badRequest("A condition must match headers or base paths");
  if (headers.length > MOST_HEADERS) throw badRequest(`A routing rule has at most ${MOST_HEADERS} header conditions; this would have ${headers.length}`);
  if (basePaths.length > 1) throw badRequest(`A routing rule has at most 1 base path condition; this would have ${basePaths.length}`);
  for (const header of headers) checkHeader(header);
  for (const basePath of basePaths) checkBasePath(basePath);
}

const isEmpty = ({ matchBasePaths = [], matchHeaders = [] }: RoutingCondition): boolean => matchBasePaths.length + matchHeaders.length === 0;

function checkHeader({ header, valueGlob }: HeaderMatch): void {
  if (header.length >= 40 || !HEADER.test(header)) throw badRequest(`Invalid header specified: ${header}`);
  if (isReservedHeader(header)) throw badRequest(`Invalid header specified: ${header}. It is not supported in routing rules`);
  if (valueGlob.length >= 128 || !VALUE.test(valueGlob)) throw badRequest(`Invalid valueGlob specified: ${valueGlob}`);
  const inner = valueGlob.slice(1, -1);
  if (inner.includes("*")) throw badRequest(`Invalid valueGlob specified: ${valueGlob}. Wildcards stand at the beginning and at the end alone`);
}

function checkBasePath(basePath: string): void {
  if (basePath.length >= 128 || !BASE_PATH.test(basePath)) throw badRequest(`Invalid base path specified: ${basePath}`);
}
