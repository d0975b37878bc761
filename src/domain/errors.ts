// Errors that a control-plane operation answers with. The HTTP status and the place of each member come from the
// service's model, by the error's code; see wire/.

/** An error of the service's model, e.g. `NotFoundException`, with AWS's message. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: string;
  /** Other members of the error's shape, e.g. `{ retryAfterSeconds: "1" }` or Lambda's `{ Type: "User" }`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(within(message));
    this.code = code;
    this.members = members;
  }
}

/** So much of a message there is at most, in characters: what is wrong may be of megabytes, or in very many places. */
const MAX_MESSAGE = { begin: 200_000, end: 50_000 };

function within(message: string): string {
  const { begin, end } = MAX_MESSAGE;
  return message.length > begin + end ? `${message.slice(0, begin)}...${message.slice(-end)}` : message;
}

/** 400 of API Gateway's control planes. */
export const badRequest = (message: string): ServiceError => new ServiceError("BadRequestException", message);
/** 404 of API Gateway's control planes. */
export const notFound = (message: string): ServiceError => new ServiceError("NotFoundException", message);
/** 409 of API Gateway's control planes. */
export const conflict = (message: string): ServiceError => new ServiceError("ConflictException", message);
/** 429 of API Gateway's V1 control plane: a quota is used up. */
export const limitExceeded = (message: string): ServiceError => new ServiceError("LimitExceededException", message);

/** So much of a text that is wrong an error repeats, in characters: a request may hold megabytes. */
const MAX_REPEATED = 1_000;

/** As much of a text as an error repeats. */
export const repeatable = (text: string): string => (text.length > MAX_REPEATED ? `${text.slice(0, MAX_REPEATED)}...` : text);
