// How services word what is wrong with an input: the same sentences, other names for the places.

export interface Wording {
  /** The code of an error about an input's values. */
  readonly validationCode: string;
  /** Where paths begin: nothing, or the name of the input. */
  root(operation: string): string;
  /** The path of a member of what stands at `path`. */
  join(path: string, member: string): string;
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const join = (path: string, member: string): string => (path === "" ? lowerFirst(member) : `${path}.${lowerFirst(member)}`);

/** `'runtime'`, `'kMSKeyArn'`: members with a small first letter (highsource/bitcoin-a-day#1). */
export const plainWording: Wording = { validationCode: "ValidationException", root: () => "", join };

/** `'putGatewayResponseInput.statusCode'`: after the name of the input, as API Gateway V1 says. */
export const inputWording: Wording = {
  validationCode: "ValidationException",
  root: (operation) => `${lowerFirst(operation)}Input`,
  join,
};

/** The same sentences under the one error that V2's model has for bad requests. */
export const badRequestWording: Wording = { validationCode: "BadRequestException", root: () => "", join };

/** The same sentences under awsQuery's name for them, as IAM and STS say. */
export const queryWording: Wording = { validationCode: "ValidationError", root: () => "", join };
