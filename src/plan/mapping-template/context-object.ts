// `$context` (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference).
import type { HostMethod, HostObject, Value } from "../../vtl/index.ts";
import { Long } from "../../vtl/index.ts";
import { contextVariable } from "../context-variables.ts";
import type { RequestFacts } from "../facts.ts";
import type { Overrides } from "./overrides.ts";

/** Variables of REST APIs that have variables in them. */
const GROUPS = new Set([
  "authorizer",
  "authorizer.claims",
  "error",
  "identity",
  "identity.clientCert",
  "identity.clientCert.validity",
]);

export function contextObject(facts: RequestFacts, overrides: () => Overrides): HostObject {
  return variablesObject(GROUPS, (name) => {
    switch (name) {
      case "requestOverride":
        return overrides().requestObject;
      case "responseOverride":
        return overrides().responseObject;
      case "requestTimeEpoch":
        return new Long(BigInt(facts.receivedAt));
      default:
        return contextVariable(name)?.(facts) ?? null;
    }
  });
}

/**
 * `$context` of variables that are read by their names without `$context.`.
 * @param groups those that have variables in them
 */
export function variablesObject(groups: ReadonlySet<string>, variable: (name: string) => Value): HostObject {
  const valueOf = (name: string): Value => (groups.has(name) ? readable((member) => valueOf(`${name}.${member}`)) : variable(name));
  return readable(valueOf);
}

/** `$object.name`, `$object["name"]` and `$object.get("name")`. */
function readable(property: (name: string) => Value): HostObject {
  const get: HostMethod = ([name]) => (typeof name === "string" ? property(name) : undefined);
  return { kind: "host", property, methods: new Map([["get", get]]) };
}
