// Whether a message is as its route's models have it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html).
import { DEFAULT_KEY, type WebSocketApiSnapshot, type WebSocketRoute } from "../../domain/websocket-api.ts";
import { type BodyValidator, compileModelValidator, ModelError } from "../body-validation.ts";
import type { WebSocketFacts } from "./facts.ts";
import { compileSelection } from "./selection.ts";

/** What is wrong with a message; undefined for one that is as it should be. */
export type MessageValidation = (facts: WebSocketFacts) => string | undefined;

/** Undefined where the route has no model selection expression: then nothing is validated. */
export function compileMessageValidation({ modelSelectionExpression, requestModels = {} }: WebSocketRoute, snapshot: WebSocketApiSnapshot): MessageValidation | undefined {
  if (modelSelectionExpression === undefined) return undefined;
  const keyOf = compileSelection(modelSelectionExpression, "request");
  const validators = new Map(Object.entries(requestModels).map(([key, name]) => [key, validatorOf(name, snapshot)]));
  return (facts) => {
    const key = keyOf(facts, undefined);
    const chosen = validators.has(key) ? key : DEFAULT_KEY;
    // "If there is no matching model and `$default` isn't defined, the validation fails".
    if (!validators.has(chosen)) return `[No model is selected by ${JSON.stringify(key)}]`;
    return validators.get(chosen)?.(facts.body);
  };
}

/** Undefined for a model that has no schema. One that cannot be used takes no message. */
function validatorOf(name: string, snapshot: WebSocketApiSnapshot): BodyValidator | undefined {
  try {
    return compileModelValidator(name, snapshot);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return () => `[The route ${error.message}]`;
  }
}
