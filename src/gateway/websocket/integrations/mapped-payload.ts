// Payloads of integrations that are no proxies: templates, passthrough, and the selection of integration responses
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-transformations.html).
import type { ContentHandling } from "../../../domain/rest-api.ts";
import { convert, decodeBase64, requestConversion, UNSUPPORTED } from "../../../plan/index.ts";
import { answerDocument, type BackendAnswer, messageDocument, type WebSocketPayloadPlan } from "../../../plan/websocket/index.ts";
import { TemplateRuntimeError } from "../../../vtl/index.ts";
import { configurationError, Rejection } from "../../rejection.ts";
import { parameterHeaders } from "../events.ts";
import type { WebSocketAuthorized } from "../execution.ts";
import type { RouteAnswer } from "./integration.ts";

/**
 * What the backend gets of a message, converted as the integration asks: a template's text, or the message as it is.
 * @throws {Rejection} UNSUPPORTED_MEDIA_TYPE when neither may be, API_CONFIGURATION_ERROR when the template fails
 */
export function requestPayload(event: WebSocketAuthorized, { chooseTemplate, contentHandling }: WebSocketPayloadPlan): Buffer {
  const template = chooseTemplate(event);
  if (template === UNSUPPORTED) throw new Rejection("UNSUPPORTED_MEDIA_TYPE");
  if (template === undefined) return convertMessage(event.body, contentHandling);
  if (template.constant !== undefined) return convertMessage(template.constant, contentHandling);
  const rendered = orReject("Unable to transform request", () => template.render(event, messageDocument(event), () => parameterHeaders(event)));
  return convertMessage(rendered, contentHandling);
}

/** "Convert the payload from base64-encoded string to binary" (guide: websocket-api-develop-binary-media-types). */
export function convertMessage(payload: Buffer, handling: ContentHandling | undefined): Buffer {
  const converted = convert(payload, requestConversion(false, handling));
  if (converted === undefined) throw configurationError("Unable to base64 decode the body.");
  return converted;
}

/**
 * What an integration response makes of a backend's answer; its status is the backend's.
 * @param subject a status code, or the error message of a function
 * @throws {Rejection} API_CONFIGURATION_ERROR for none, or when the template fails
 */
export function mapAnswer(event: WebSocketAuthorized, { selectResponse }: WebSocketPayloadPlan, answer: BackendAnswer, subject: string): RouteAnswer {
  const { status } = answer;
  const plan = selectResponse(subject);
  // The words are those of REST APIs (github.com/aws/serverless-application-model/issues/2459).
  if (plan === undefined) throw configurationError(`No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${status}`);
  const template = plan.chooseTemplate(event, answer);
  const payload =
    template === undefined ? answer.body : (template.constant ?? orReject("Unable to transform response", () => template.render(event, answerDocument(answer), () => parameterHeaders(event))));
  return { status, headers: [], body: convertAnswer(payload, plan.contentHandling) };
}

/** As a text, unless it is to be bytes: "convert the payload from binary to base64-encoded string" (the same page). */
function convertAnswer(payload: Buffer, handling: ContentHandling | undefined): string | Uint8Array {
  if (handling === "CONVERT_TO_TEXT") return payload.toString("base64");
  if (handling !== "CONVERT_TO_BINARY") return payload.toString("utf8");
  const decoded = decodeBase64(payload.toString("latin1"));
  if (decoded === undefined) throw configurationError("Unable to base64 decode the body.");
  return decoded;
}

/** A template that fails is a configuration error: the client learns no more than that. */
function orReject(what: string, render: () => string): Buffer {
  try {
    return Buffer.from(render(), "utf8");
  } catch (error) {
    if (error instanceof TemplateRuntimeError) throw configurationError(`${what}: ${error.message}`, error);
    throw error;
  }
}
