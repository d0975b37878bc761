// Parameters that are mapped from bodies: `method.request.body.{JSONPath}` and `integration.response.body.{JSONPath}`
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html).
import type { RequestFacts, ResponseFacts } from "./facts.ts";
import type { JsonDocument } from "./mapping-template/index.ts";
import { findIn, jsonDocument, JsonDocumentError, parameterOf } from "./mapping-template/index.ts";

/** The request's body as JSON, read at most once. */
export function requestDocument(facts: RequestFacts): JsonDocument {
  return (facts.requestDocument ??= jsonDocument(facts.body.toString("utf8")));
}

/** The body of the integration's response as JSON, read at most once. */
export function integrationDocument(facts: ResponseFacts): JsonDocument {
  return (facts.integrationDocument ??= jsonDocument(facts.integrationBody.toString("utf8")));
}

/** What a path leads to in a payload, as a parameter has it; undefined when it leads nowhere, or the payload is no JSON. */
export function jsonValue(payload: string, path: string): string | undefined {
  return valueAt(jsonDocument(payload), path);
}

/** The value of a path in the request's body; undefined when there is none, also because the body is no JSON. */
export function requestBodyValue(facts: RequestFacts, path: string): string | undefined {
  return valueAt(requestDocument(facts), path);
}

/** The same in the body of the integration's response. */
export function responseBodyValue(facts: ResponseFacts, path: string): string | undefined {
  const document = integrationDocument(facts);
  const inError = facts.functionError === undefined ? undefined : ERROR_MEMBER.exec(path);
  return inError ? errorValue(document, inError[1] ?? "") : valueAt(document, path);
}

/** A path into `errorMessage`, and the rest of it. */
const ERROR_MEMBER = /^\$\.errorMessage([.[].*)$/s;

/**
 * A function can only fail with a text, so custom errors are JSON in that text: "API Gateway deserializes the
 * `integration.response.body` parameter when performing header mappings. However, this deserialization applies only to
 * body-to-header mappings for Lambda custom error responses"
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html).
 */
function errorValue(document: JsonDocument, rest: string): string | undefined {
  return orNothing(() => {
    const message = document.find("$.errorMessage");
    return typeof message === "string" ? jsonDocument(message).find(`$${rest}`) : message && findIn(message, `$${rest}`);
  });
}

/** What a path leads to in a document, as a parameter has it; undefined when it leads nowhere, or the payload is no JSON. */
export function valueAt(document: JsonDocument, path: string): string | undefined {
  return orNothing(() => document.find(path));
}

/** A parameter that cannot be found is not sent. */
function orNothing(find: () => Parameters<typeof parameterOf>[0] | undefined): string | undefined {
  try {
    const value = find();
    return value === undefined ? undefined : parameterOf(value);
  } catch (error) {
    if (error instanceof JsonDocumentError) return undefined;
    throw error;
  }
}
