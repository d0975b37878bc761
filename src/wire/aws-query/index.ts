// The awsQuery protocol: forms in, XML out (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
export { decodeForm, findAction, formOf } from "./decode-request.ts";
export { encodeQueryError, encodeQueryResponse } from "./encode-response.ts";
