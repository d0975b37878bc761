/** The address cannot be listened on, or its certificate not be used. The message is one line for the operator. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}
