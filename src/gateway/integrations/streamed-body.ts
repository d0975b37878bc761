// The body of an answer that is streamed.
import type { Integrated, ResponseStream } from "../execution.ts";

export function streamedBody({ integrationStream }: Integrated): ResponseStream {
  if (integrationStream === undefined) throw new TypeError("the response is not streamed");
  return integrationStream;
}
