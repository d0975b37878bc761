// The restJson1 protocol: requests to inputs, outputs to responses.
export { decodeRequest, hasBodyMembers } from "./decode-request.ts";
export { encodeResponse } from "./encode-response.ts";
