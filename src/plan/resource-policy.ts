// The resource policy of an API: who may call it, from where
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html).
import { partitionOf } from "../domain/arn.ts";
import { isJsonObject } from "../domain/json.ts";
import type { RestApi, RestApiSnapshot } from "../domain/rest-api.ts";
import { compilePolicy, type Policy, PolicySyntaxError } from "../policy/index.ts";

type Place = Pick<RestApi, "account" | "region" | "id">;

/** Undefined when the API has none. @throws {PolicySyntaxError} for one that cannot be evaluated */
export function compileResourcePolicy({ policy }: RestApiSnapshot, api: Place): Policy | undefined {
  if (policy === undefined) return undefined;
  return compilePolicy(withWholeResources(JSON.parse(policy), api), { resourceBased: true });
}

/** Why the API cannot be deployed with its resource policy, as a sentence; undefined when it can, or has none. */
export function invalidResourcePolicy(snapshot: RestApiSnapshot): string | undefined {
  try {
    // Which account and region does not matter for whether it can be read.
    compileResourcePolicy(snapshot, { id: snapshot.apiId, account: "000000000000", region: "us-east-1" });
    return undefined;
  } catch (error) {
    if (error instanceof PolicySyntaxError) return `The API has a resource policy that cannot be evaluated: ${error.message}.`;
    throw error;
  }
}

/** "You can use the simplified form": `execute-api:/stage/GET/path` stands for the ARN with the API's own region, account and id. */
function withWholeResources(document: unknown, api: Place): unknown {
  if (!isJsonObject(document)) return document;
  const { Statement: statements } = document;
  return { ...document, Statement: Array.isArray(statements) ? statements.map((each) => ofStatement(each, api)) : ofStatement(statements, api) };
}

function ofStatement(statement: unknown, api: Place): unknown {
  if (!isJsonObject(statement)) return statement;
  const whole = (resource: unknown): unknown => (Array.isArray(resource) ? resource.map((each) => wholeResource(each, api)) : wholeResource(resource, api));
  return {
    ...statement,
    ...(statement["Resource"] === undefined ? {} : { Resource: whole(statement["Resource"]) }),
    ...(statement["NotResource"] === undefined ? {} : { NotResource: whole(statement["NotResource"]) }),
  };
}

const SHORT = "execute-api:/";

function wholeResource(resource: unknown, { account, region, id }: Place): unknown {
  if (typeof resource !== "string" || !resource.startsWith(SHORT)) return resource;
  return `arn:${partitionOf(region)}:execute-api:${region}:${account}:${id}/${resource.slice(SHORT.length)}`;
}

