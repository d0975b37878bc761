// Converts payloads between text and binary, as the API's media types and the message's headers ask.
import type { ContentHandling } from "../../domain/rest-api.ts";
import {
  convert,
  firstMediaTypeOf,
  lastHeader,
  mediaTypeOf,
  requestConversion,
  responseConversion,
} from "../../plan/index.ts";
import type { ResponseKind, StagePlan } from "../../plan/index.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { configurationError } from "../rejection.ts";

/** The payload that goes to the backend. @throws {Rejection} API_CONFIGURATION_ERROR when it should be base64 and is not. */
export function convertRequest(
  { stage }: Authorized,
  payload: Buffer,
  mediaType: string,
  handling: ContentHandling | undefined,
): Buffer {
  return orReject(convert(payload, requestConversion(stage.binaryMediaTypes.includes(mediaType), handling)));
}

/** The payload that goes to the client. @throws {Rejection} API_CONFIGURATION_ERROR when it should be base64 and is not. */
export function convertResponse(
  { stage, headers }: Integrated,
  payload: Buffer,
  contentType: string | undefined,
  handling: ContentHandling | undefined,
): Buffer {
  if (payload.length === 0) return payload;
  return orReject(convert(payload, responseConversion(kindOf(stage, headers, contentType), handling)));
}

/** What a response's template gets: the backend's body, in base64 where that is what the client would get of it. */
export function templateInput(execution: Integrated, handling: ContentHandling | undefined): Buffer {
  const { headers, integrationBody, integrationHeaders, stage } = execution;
  const kind = kindOf(stage, headers, lastHeader(integrationHeaders, "content-type"));
  const encodes = responseConversion(kind, handling) === "encode";
  return encodes ? orReject(convert(integrationBody, "encode")) : integrationBody;
}

function kindOf({ binaryMediaTypes }: StagePlan, headers: HeaderList, contentType: string | undefined): ResponseKind {
  const { configured } = binaryMediaTypes;
  return {
    configured,
    binary: configured && binaryMediaTypes.includes(mediaTypeOf(contentType)),
    accepted: configured && binaryMediaTypes.includes(firstMediaTypeOf(lastHeader(headers, "accept"))),
  };
}

function orReject(payload: Buffer | undefined): Buffer {
  if (payload === undefined) throw configurationError("Unable to base64 decode the body.");
  return payload;
}
