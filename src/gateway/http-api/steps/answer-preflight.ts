// Preflight requests to routes: once the route's authorizer has let them pass, the API answers, and no backend is asked.
import { preflightAnswer } from "../cors.ts";
import type { HttpAuthorized, HttpExecution } from "../execution.ts";

/** @throws {Preflight} */
export function answerPreflight(authorized: HttpAuthorized): HttpAuthorized {
  const answer = preflightAnswer(authorized as HttpExecution);
  if (answer !== undefined) throw answer;
  return authorized;
}
