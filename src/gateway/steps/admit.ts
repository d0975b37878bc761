// Whether a request may come in at all.
import { headersTooLarge } from "../rejection.ts";
import type { Received } from "../execution.ts";
import type { GatewayLimits } from "../limits.ts";
import type { Step } from "../pipeline.ts";

/** Refuses more header values than AWS takes: 10,240 bytes in all. */
export function admit(limits: GatewayLimits): Step<Received, Received> {
  return (received) => {
    const { headers } = received;
    let bytes = 0;
    for (let i = 1; i < headers.length; i += 2) bytes += (headers[i] as string).length;
    if (bytes > limits.headerBytes) throw headersTooLarge(limits.headerBytes);
    return received;
  };
}
