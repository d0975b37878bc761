// Whether the caller may call the method. Only methods with authorizationType NONE can be deployed yet (plan/unbuilt.ts).
import type { Authorized, Execution, Routed } from "../execution.ts";

export function authorize(routed: Routed): Authorized {
  (routed as Execution).principal = "anonymous";
  return routed as Authorized;
}
