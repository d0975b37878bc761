// RequestValidator: what of a method's requests is validated.
import { recordKind, scoped } from "./record.ts";

export interface RequestValidator {
  readonly id: string;
  readonly name?: string;
  readonly validateRequestBody: boolean;
  readonly validateRequestParameters: boolean;
}

/** Key: account, region, API id, validator id. */
export const requestValidators = recordKind<RequestValidator>("request-validator", {
  name: { unique: true, values: ({ name }, key) => (name === undefined ? [] : [scoped(key[2] as string, name)]) },
});
