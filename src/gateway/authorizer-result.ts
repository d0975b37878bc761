// What a Lambda authorizer answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html).

export interface AuthorizerResult {
  readonly principalId: string;
  /** A policy of IAM, as the function gave it. */
  readonly policyDocument: object;
  /** `$context.authorizer.*`: "the returned values are all stringified". */
  readonly context: Readonly<Record<string, string>>;
  /** An API key, where the API takes keys from authorizers. */
  readonly usageIdentifierKey: string | undefined;
}

/** In the words of AWS's log, shown in github.com/ExpanseLLC/lambda_authorizer/issues/1 for the result null. */
const NO_POLICY = "Could not parse policy";

/** The result, or why it is none. */
export function parseAuthorizerResult(payload: Buffer): AuthorizerResult | string {
  const result = parseJson(payload);
  if (!isObject(result)) return NO_POLICY;
  for (const [name, value] of Object.entries(result)) {
    const problem = problemOf(name, value);
    if (problem !== undefined) return `Invalid JSON in response: ${problem}`;
  }
  const { principalId, policyDocument, context, usageIdentifierKey } = result;
  if (!isPolicy(policyDocument)) return NO_POLICY;
  if (!isGiven(principalId)) return "Invalid JSON in response: principalId is missing";
  const values = isObject(context) ? Object.entries(context).filter(([, value]) => isGiven(value)) : [];
  return {
    principalId: String(principalId),
    policyDocument,
    context: Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
    usageIdentifierKey: isGiven(usageIdentifierKey) ? String(usageIdentifierKey) : undefined,
  };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** AWS reads the result into an object of Java, and its log says where that fails. */
function problemOf(name: string, value: unknown): string | undefined {
  switch (name) {
    case "principalId":
    case "usageIdentifierKey":
      return noString(value);
    case "context":
      if (!isObject(value)) return isGiven(value) ? "context is not an object" : undefined;
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

function isPolicy(policy: unknown): policy is object {
  if (!isObject(policy)) return false;
  const { Statement } = policy;
  return (Array.isArray(Statement) ? (Statement as readonly unknown[]) : [Statement]).every(isStatement);
}

function isStatement(statement: unknown): boolean {
  if (!isObject(statement)) return false;
  const { Effect, Action, NotAction, Resource, NotResource } = statement;
  return (Effect === "Allow" || Effect === "Deny") && isTexts(Action ?? NotAction) && isTexts(Resource ?? NotResource);
}

const isTexts = (value: unknown): boolean =>
  typeof value === "string" || (Array.isArray(value) && value.every((each) => typeof each === "string"));
