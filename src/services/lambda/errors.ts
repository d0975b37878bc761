// Lambda's errors, each with the words the service uses.
import { ServiceError } from "../../domain/errors.ts";

const USER = { Type: "User" };

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError("InvalidParameterValueException", message, USER);

export const resourceNotFound = (message: string): ServiceError => new ServiceError("ResourceNotFoundException", message, USER);

export const resourceConflict = (message: string): ServiceError => new ServiceError("ResourceConflictException", message, USER);

/** `arn` names the function, or the version or alias that was asked for. */
export const functionNotFound = (arn: string): ServiceError => resourceNotFound(`Function not found: ${arn}`);

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html#API_UpdateFunctionCode_Errors */
export const staleRevision = (): ServiceError =>
  new ServiceError(
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId for the Lambda function or alias. " +
      "Call the GetFunction or the GetAlias API operation to retrieve the latest RevisionId for your resource.",
    USER,
  );

/** @throws {ServiceError} when a revision is given that is not the present one. */
export function checkRevision(given: string | undefined, present: string): void {
  if (given !== undefined && given !== present) throw staleRevision();
}
