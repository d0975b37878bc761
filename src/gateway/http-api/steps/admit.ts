// Whether a request to an HTTP API may come in at all: "Total combined size of request line and header values: 10240 bytes"
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
import type { GatewayLimits } from "../../limits.ts";
import type { Step } from "../../pipeline.ts";
import type { HttpReceived } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";

/** @throws {HttpRejection} HEADERS_TOO_LARGE */
export function admit({ headerBytes }: GatewayLimits): Step<HttpReceived, HttpReceived> {
  return (received) => {
    const { headers, request } = received;
    // The line has two spaces and ends in two bytes of its own.
    let bytes = request.method.length + request.target.length + request.protocol.length + 4;
    for (let i = 1; i < headers.length; i += 2) bytes += (headers[i] as string).length;
    if (bytes > headerBytes) throw new HttpRejection("HEADERS_TOO_LARGE");
    return received;
  };
}
