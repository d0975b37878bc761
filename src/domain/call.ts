// Who calls a control-plane operation, as the wire layer has authenticated it.

export interface Call {
  /** 12 digits. */
  readonly account: string;
  /** `us-east-1` and the like, from the credential's scope. */
  readonly region: string;
  readonly requestId: string;
  readonly accessKeyId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
}
