// The restJson1 protocol: requests to inputs, outputs to responses.
export { decodeRequest, hasBodyMembers } from "./decode-request.ts";
export { decodeText } from "./decode-value.ts";
export { encodeResponse } from "./encode-response.ts";
export { bytes, encodeScalar } from "./encode-value.ts";
export { encodeTimestamp } from "./timestamp.ts";
