// The door of what HTTP clients share: where requests may go, and why they did not get there.
export { type AddressRules, guardedLookup, RefusedAddress, refusedAddresses, refusedLiteral } from "./addresses.ts";
export { connectFailure } from "./connect-failure.ts";
export { IDEMPOTENT, OWN_HEADERS, parseOrigin, poolKey } from "./origin.ts";
