// Why an execution failed, in the words of AWS's execution log.
import { lastHeader } from "../plan/index.ts";
import type { Execution } from "./execution.ts";
import { functionErrorMessage } from "./function-error.ts";
import { Refusal, Rejection } from "./rejection.ts";

/** What AWS logs of a failure that it does not explain (https://repost.aws/knowledge-center/api-gateway-500-error-vpc). */
const UNEXPLAINED = "There was an internal error while executing your request";

/** The line; none where AWS's log says no more than the status. */
export function failureLine(execution: Execution, error: unknown): readonly string[] {
  if (error instanceof Refusal) return [];
  if (!(error instanceof Rejection)) return [`Execution failed due to configuration error: ${UNEXPLAINED}`];
  const { type, details } = error;
  switch (type) {
    case "API_CONFIGURATION_ERROR":
      if (functionFailed(execution)) return [functionErrorLine(execution)];
      return [`Execution failed due to configuration error: ${details.reason ?? UNEXPLAINED}`];
    // https://repost.aws/knowledge-center/api-gateway-504-errors
    case "INTEGRATION_TIMEOUT":
      return ["Execution failed due to a timeout error"];
    // The words are quoted with the reason `Connection is closed` in lists of known cases of operators.
    case "INTEGRATION_FAILURE":
      return [`Execution failed due to a network error communicating with endpoint: ${details.reason ?? UNEXPLAINED}`];
    // Of what a request validator refuses, each tutorial's log shows this line.
    case "BAD_REQUEST_BODY":
      return details.validationErrors === undefined ? [] : [details.reason ?? details.validationErrors];
    default:
      return [];
  }
}

/** Where a proxy's function failed, its result is no response; a custom integration maps it to one. */
function functionFailed({ functionError, method }: Execution): boolean {
  return functionError !== undefined && method?.integration.type.startsWith("AWS_PROXY") === true;
}

/** As logs of Lambda proxy integrations have it that developers show in public, with the errors of several runtimes. */
function functionErrorLine({ integrationBody, integrationHeaders, integrationStatus }: Execution): string {
  const message = integrationBody === undefined ? "" : functionErrorMessage(integrationBody);
  const id = lastHeader(integrationHeaders ?? [], "x-amzn-RequestId") ?? "";
  return `Lambda execution failed with status ${integrationStatus} due to customer function error: ${message}. Lambda request id: ${id}`;
}
