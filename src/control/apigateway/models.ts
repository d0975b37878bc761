// The models that an API is born with. Others cannot be made yet, so these are all there are.
import { badRequest } from "../../domain/errors.ts";
import type { StringMap } from "../../domain/rest-api.ts";

const BORN_WITH: readonly string[] = ["Empty", "Error"];

/** @throws {ServiceError} BadRequestException when a content type names a model that does not exist */
export function checkModels(modelByContentType: StringMap | undefined): void {
  for (const model of Object.values(modelByContentType ?? {})) {
    if (!BORN_WITH.includes(model)) throw badRequest(`Invalid model identifier specified: ${model}`);
  }
}
