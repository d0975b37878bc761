// What a method's request validator demands of requests
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html).
import { parseParameter } from "../domain/mapping-expression.ts";
import type { Method, RestApiSnapshot } from "../domain/rest-api.ts";
import type { BodyValidation } from "./body-validation.ts";
import { compileBodyValidation, ModelError } from "./body-validation.ts";
import type { RequestFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";
import { lastValue, queryOf } from "./query.ts";

export interface RequestValidation {
  /** By name. */
  readonly parameters: readonly RequiredParameter[];
  readonly body: BodyValidation | undefined;
}

export interface RequiredParameter {
  readonly name: string;
  value(facts: RequestFacts): string | undefined;
}

/** Undefined for a method whose validator, if it has one, demands nothing. @throws {ModelError} */
export function compileRequestValidation(
  method: Method,
  variables: readonly string[],
  snapshot: RestApiSnapshot,
): RequestValidation | undefined {
  const validator = snapshot.requestValidators?.find(({ id }) => id === method.requestValidatorId);
  if (validator === undefined) return undefined;
  const parameters = validator.validateRequestParameters ? requiredParameters(method, variables) : [];
  const body = validator.validateRequestBody ? compileBodyValidation(method, snapshot) : undefined;
  return parameters.length === 0 && body === undefined ? undefined : Object.freeze({ parameters, body });
}

/** Why a method's requests cannot be validated: the rest of a sentence that begins with the method; undefined when they can. */
export function invalidValidation(method: Method, snapshot: RestApiSnapshot): string | undefined {
  const { requestValidatorId } = method;
  if (requestValidatorId !== undefined && !snapshot.requestValidators?.some(({ id }) => id === requestValidatorId)) {
    return `uses the request validator ${requestValidatorId}, which does not exist`;
  }
  try {
    compileRequestValidation(method, [], snapshot);
    return undefined;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

/** The names of the required parameters that are not there, or blank: only that is looked at. */
export function missingParameters({ parameters }: RequestValidation, facts: RequestFacts): readonly string[] {
  return parameters.filter((parameter) => isBlank(parameter.value(facts))).map(({ name }) => name);
}

const isBlank = (value: string | undefined): boolean => value === undefined || value.trim() === "";

function requiredParameters({ requestParameters = {} }: Method, variables: readonly string[]): readonly RequiredParameter[] {
  return Object.entries(requestParameters)
    .flatMap(([parameter, required]) => (required ? parameterOf(parameter, variables) : []))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function parameterOf(parameter: string, variables: readonly string[]): readonly RequiredParameter[] {
  const { location, name = "" } = parseParameter(parameter, "method.request") ?? {};
  switch (location) {
    case "path": {
      const index = variables.indexOf(name);
      return [{ name, value: ({ pathValues }) => pathValues[index] }];
    }
    case "querystring":
      return [{ name, value: (facts) => lastValue(queryOf(facts), name) }];
    case "header":
      return [{ name, value: ({ headers }) => lastHeader(headers, name) }];
    default:
      return [];
  }
}
