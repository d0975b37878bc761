// `$context` (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference).
import type { HostMethod, HostObject, Value } from "../../vtl/index.ts";
import { Long } from "../../vtl/index.ts";
import { contextVariable } from "../context-variables.ts";
import type { RequestFacts } from "../facts.ts";
import type { Overrides } from "./overrides.ts";

/** Variables that have variables in them. */
const GROUPS = new Set([
  "authorizer",
  "authorizer.claims",
  "error",
  "identity",
  "identity.clientCert",
  "identity.clientCert.validity",
]);

export function contextObject(facts: RequestFacts, overrides: () => Overrides): HostObject {
  return readable((name) => {
    switch (name) {
      case "requestOverride":
        return overrides().requestObject;
      case "responseOverride":
        return overrides().responseObject;
      case "requestTimeEpoch":
        return new Long(BigInt(facts.receivedAt));
      default:
        return valueOf(facts, name);
    }
  });
}

function valueOf(facts: RequestFacts, name: string): Value {
  if (GROUPS.has(name)) return readable((member) => valueOf(facts, `${name}.${member}`));
  return contextVariable(name)?.(facts) ?? null;
}

/** `$object.name`, `$object["name"]` and `$object.get("name")`. */
function readable(property: (name: string) => Value): HostObject {
  const get: HostMethod = ([name]) => (typeof name === "string" ? property(name) : undefined);
  return { kind: "host", property, methods: new Map([["get", get]]) };
}
