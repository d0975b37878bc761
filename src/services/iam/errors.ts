// IAM's errors, each with the words the service uses.
import { ServiceError } from "../../domain/errors.ts";

/** Quoted in apex/up#693 and prowler-cloud/prowler#2872: "The user with name X cannot be found." */
export const noSuchEntity = (message: string): ServiceError => new ServiceError("NoSuchEntityException", message);

export const alreadyExists = (message: string): ServiceError => new ServiceError("EntityAlreadyExistsException", message);

/** "Cannot delete entity, must ... first.": aws-controllers-k8s/community#2229, ansible/ansible#22832, simonw/s3-credentials#10. */
export const deleteConflict = (message: string): ServiceError => new ServiceError("DeleteConflictException", message);

export const limitExceeded = (message: string): ServiceError => new ServiceError("LimitExceededException", message);

/** Quoted in bartekj/aws-tools#29: "Cannot exceed quota for AccessKeysPerUser: 2". */
export const quotaExceeded = (quota: string, limit: number): ServiceError =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${String(limit)}`);

export const malformedPolicy = (message: string): ServiceError => new ServiceError("MalformedPolicyDocumentException", message);

export const invalidInput = (message: string): ServiceError => new ServiceError("InvalidInputException", message);

export const validationError = (message: string): ServiceError => new ServiceError("ValidationError", message);

export const accessDenied = (message: string): ServiceError => new ServiceError("AccessDeniedException", message);
