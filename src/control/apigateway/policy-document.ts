// The resource policy of an API, as a JSON text.
import { badRequest } from "../../domain/errors.ts";
import { isJsonObject } from "../../domain/json.ts";
import type { RestApiLimits } from "../../domain/limits.ts";
import { parseJson } from "../verbs/index.ts";

/**
 * The policy, when it is a JSON object with statements.
 * @throws {ServiceError} BadRequestException (its words as quoted in github.com/aws/chalice/issues/2065)
 */
export function checkedPolicy(policy: string, limits: RestApiLimits): string {
  const document = parseJson(policy);
  if (policy.length > limits.resourcePolicy || !isJsonObject(document) || !hasStatements(document["Statement"])) {
    throw badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.");
  }
  return policy;
}

function hasStatements(statement: unknown): boolean {
  const statements = Array.isArray(statement) ? statement : [statement];
  return statements.length > 0 && statements.every((each) => isJsonObject(each) && (each["Effect"] === "Allow" || each["Effect"] === "Deny"));
}

/**
 * The policy as answers carry it: escaped like the inside of a JSON string, slashes included
 * (which is why Terraform unquotes it: github.com/hashicorp/terraform-provider-aws/issues/4397).
 */
export const escapedPolicy = (policy: string): string => JSON.stringify(policy).slice(1, -1).replaceAll("/", "\\/");
