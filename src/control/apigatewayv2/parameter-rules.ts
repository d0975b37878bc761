// Which parameter mappings an integration may have
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html).
import { badRequest, type ServiceError } from "../../domain/errors.ts";
import type { HttpIntegration } from "../../domain/http-api.ts";
import { isReservedHeader, type MappingSide, parseMappingTarget, parseMappingValue } from "../../domain/parameter-mapping.ts";
import type { StringMap } from "../../domain/rest-api.ts";

/** The frame, and the beginning of what stands in it, are quoted in github.com/hashicorp/terraform-provider-aws/pull/17997. */
const invalid = (error: string): ServiceError => badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`);

/** @throws {ServiceError} BadRequestException */
export function checkRequestMappings(mappings: StringMap = {}): void {
  checkMappings(mappings, "request", "Request");
}

/** @throws {ServiceError} BadRequestException */
export function checkResponseMappings(byStatus: HttpIntegration["responseParameters"] = {}): void {
  for (const [status, mappings] of Object.entries(byStatus)) {
    if (!/^[2-5]\d\d$/.test(status)) throw badRequest(`Invalid status code specified: ${status}. Must be between 200 and 599`);
    checkMappings(mappings, "response", "Response");
  }
}

function checkMappings(mappings: StringMap, side: MappingSide, what: string): void {
  for (const [key, value] of Object.entries(mappings)) {
    const target = parseMappingTarget(key, side);
    if (target === undefined) throw invalid(`Invalid ${what} Actioned Parameter specified: ${key}`);
    if (target.location === "header" && isReservedHeader(target.name)) throw invalid(`Operations on header ${target.name.toLowerCase()} are restricted`);
    if (target.action === "remove") continue;
    const parts = parseMappingValue(value, side);
    if (parts === undefined) throw invalid(`Invalid mapping expression specified: ${value}`);
    const header = parts.find((part) => part.type === "header" && isReservedHeader(part.name) && side === "response");
    if (header !== undefined && "name" in header) throw invalid(`Operations on header ${header.name.toLowerCase()} are restricted`);
    const isText = parts.every(({ type }) => type === "text");
    if (target.location === "statuscode" && isText && !/^[2-5]\d\d$/.test(value)) throw invalid(`Invalid status code specified: ${value}`);
  }
}
