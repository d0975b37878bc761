// What one request, and all together, may take
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).

export interface GatewayLimits {
  /** The largest payload of a request and of a response, in bytes. */
  readonly payloadBytes: number;
  /** All header values of a request together, in bytes. */
  readonly headerBytes: number;
  /** All payloads that are being held at once, in bytes: past it requests are turned away. */
  readonly inFlightBytes: number;
}

export const AWS_PAYLOAD_BYTES = 10_485_760;
export const AWS_HEADER_BYTES = 10_240;

export const DEFAULT_LIMITS: GatewayLimits = {
  payloadBytes: AWS_PAYLOAD_BYTES,
  headerBytes: AWS_HEADER_BYTES,
  inFlightBytes: 536_870_912,
};
