// The door of the addresses that requests may go to, for every HTTP client.
export { type AddressRules, guardedLookup, RefusedAddress, refusedAddresses, refusedLiteral } from "./addresses.ts";
