// What an import answers when something is wrong with its document
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html).
import { badRequest } from "../../domain/errors.ts";
import type { Problem } from "../../openapi/index.ts";

/** A document may be wrong in as many places as it has: an answer tells of so many of each kind. */
const MAX_TOLD = 1_000;

/**
 * The warnings of an import that can go on.
 * @throws {ServiceError} BadRequestException with all errors, or with the warnings when they are to fail (the layout is
 * quoted in github.com/ustayready/fireprox/issues/37 and by users of the CDK with warnings besides)
 */
export function warningsOf(problems: readonly Problem[], failOnWarnings: boolean): readonly string[] {
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined) throw badRequest(fatal.message);
  const errors = told(problems, "error");
  const warnings = told(problems, "warning");
  const also = warnings.length === 0 ? "" : `\nAdditionally, these warnings were found:${listed(warnings)}`;
  if (errors.length > 0) throw badRequest(`Errors found during import:${listed(errors)}${also}`);
  if (failOnWarnings && warnings.length > 0) throw badRequest(`Warnings found during import:${listed(warnings)}`);
  return warnings;
}

const listed = (messages: readonly string[]): string => messages.map((message) => `\n\t${message}`).join("");

/** A document may have names of megabytes: what is said of them stands at the end. */
const brief = (message: string): string => (message.length > 1_500 ? `${message.slice(0, 1_000)}...${message.slice(-500)}` : message);

function told(problems: readonly Problem[], severity: Problem["severity"]): readonly string[] {
  const all = problems.filter((problem) => problem.severity === severity).map(({ message }) => brief(message));
  return all.length > MAX_TOLD ? [...all.slice(0, MAX_TOLD), `and ${all.length - MAX_TOLD} more`] : all;
}
