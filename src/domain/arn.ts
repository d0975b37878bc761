// Amazon Resource Names of REST APIs and their stages
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html): they carry no account.

export interface RestApiArn {
  readonly region: string;
  readonly apiId: string;
  /** Absent when the ARN names the API itself. */
  readonly stageName?: string;
}

const REST_API_ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+)::\/restapis\/([A-Za-z0-9]+)(?:\/stages\/([A-Za-z0-9_-]+))?$/;

/** What an ARN of a REST API or of one of its stages names; undefined for any other text. */
export function parseRestApiArn(arn: string): RestApiArn | undefined {
  const [, region, apiId, stageName] = REST_API_ARN.exec(arn) ?? [];
  if (region === undefined || apiId === undefined) return undefined;
  return stageName === undefined ? { region, apiId } : { region, apiId, stageName };
}

/** The ARN of an IAM role, in any partition. */
export const IAM_ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** The partition of a region's ARNs. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
