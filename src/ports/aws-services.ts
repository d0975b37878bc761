// How the gateway reaches AWS services other than Lambda: where they are, and in whose name they are called.

/** What a request is signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ServiceCredentials {
  /** Credentials that stand for a role (`arn:aws:iam::{account}:role/{name}`) which an API of this account and region names. */
  for(roleArn: string, account: string, region: string): Promise<AwsCredentials>;
}

export interface ServiceEndpoints {
  /** Where a service is, by the name of its endpoint (`sqs`, `runtime.sagemaker`); undefined for AWS's own endpoint. */
  endpoint(service: string): URL | undefined;
}
