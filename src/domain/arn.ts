// Amazon Resource Names of what the control plane keeps
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html): only those that
// concern private domain names carry an account.

export interface ApiGatewayArn {
  readonly region: string;
  /** Empty where it carries none. */
  readonly account: string;
  /** The parts of its path: `["restapis", id, "stages", name]`, `["apikeys", id]` and the like. */
  readonly path: readonly string[];
}

const API_GATEWAY_ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):(\d{12}|):\/([^/]+(?:\/[^/]+)*)$/;

/** What an ARN of API Gateway's control plane names; undefined for any other text. */
export function parseApiGatewayArn(arn: string): ApiGatewayArn | undefined {
  const [, region, account, path] = API_GATEWAY_ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || path === undefined) return undefined;
  return { region, account, path: path.split("/") };
}

/** The ARN of an IAM role, in any partition. */
export const IAM_ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** The partition of a region's ARNs. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
