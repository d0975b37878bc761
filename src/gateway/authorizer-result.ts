// What a Lambda authorizer answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html). It may be as
// long as a function's result can be: the limit of 8 KB is WebSocket APIs' alone
// (https://repost.aws/questions/QUzilwCUByQz6iUi-9hwPFJQ).
import { isJsonObject, jsonIn, type JsonObject } from "../domain/json.ts";
import { compilePolicy, type Policy, PolicySyntaxError } from "../policy/index.ts";

export interface AuthorizerResult {
  readonly principalId: string;
  /** A policy of IAM, as the function gave it. */
  readonly policyDocument: object;
  /** The same, compiled. */
  readonly policy: Policy;
  /** `$context.authorizer.*`: "the returned values are all stringified". */
  readonly context: Readonly<Record<string, string>>;
  /** An API key, where the API takes keys from authorizers. */
  readonly usageIdentifierKey: string | undefined;
}

/** In the words of AWS's log, shown in github.com/ExpanseLLC/lambda_authorizer/issues/1 for the result null. */
const NO_POLICY = "Could not parse policy";

/** The result, or why it is none. */
export function parseAuthorizerResult(payload: Buffer): AuthorizerResult | string {
  const result = jsonIn(payload);
  if (!isJsonObject(result)) return NO_POLICY;
  for (const [name, value] of Object.entries(result)) {
    const problem = problemOf(name, value);
    if (problem !== undefined) return `Invalid JSON in response: ${problem}`;
  }
  const { principalId, policyDocument, context, usageIdentifierKey } = result;
  // A text is a policy to IAM, but none here: AWS reads the result into an object.
  if (!isJsonObject(policyDocument)) return NO_POLICY;
  const policy = compiled(policyDocument);
  if (policy === undefined) return NO_POLICY;
  if (!isGiven(principalId)) return "Invalid JSON in response: principalId is missing";
  const values = isJsonObject(context) ? Object.entries(context).filter(([, value]) => isGiven(value)) : [];
  return {
    principalId: String(principalId),
    policyDocument,
    policy,
    context: Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
    usageIdentifierKey: isGiven(usageIdentifierKey) ? String(usageIdentifierKey) : undefined,
  };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** AWS reads the result into an object of Java, and its log says where that fails. */
function problemOf(name: string, value: unknown): string | undefined {
  switch (name) {
    case "principalId":
    case "usageIdentifierKey":
      return noString(value);
    case "context":
      if (!isJsonObject(value)) return isGiven(value) ? "context is not an object" : undefined;
      return Object.values(value).map(noString).find((problem) => problem !== undefined);
    case "policyDocument":
      return undefined;
    default:
      return `Unrecognized field "${name}" , not marked as ignorable`;
  }
}

/** The words are quoted in https://dev.to/dborgenvik/the-context-property-of-aws-lambda-authorizer-1ibc, for an array. */
function noString(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return `Can not deserialize instance of java.lang.String out of ${Array.isArray(value) ? "START_ARRAY" : "START_OBJECT"} token`;
}

/** "The Resource ARN, as shown in the policy statement output by the authorizer, is currently limited to 512 characters long." */
const MAX_RESOURCE_LENGTH = 512;

function compiled(document: JsonObject): Policy | undefined {
  if (resourcesOf(document).some((text) => text.length > MAX_RESOURCE_LENGTH)) return undefined;
  try {
    return compilePolicy(document);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return undefined;
    throw error;
  }
}

/** The texts of all Resource and NotResource elements. */
function resourcesOf({ Statement }: JsonObject): readonly string[] {
  const statements = [Statement].flat().filter(isJsonObject);
  return statements.flatMap(({ Resource, NotResource }) => [Resource, NotResource].flat()).filter((text) => typeof text === "string");
}
