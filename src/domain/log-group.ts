// Log groups of CloudWatch Logs: where access logs and execution logs go.

export interface LogGroup {
  readonly account: string;
  readonly region: string;
  /** `/aws/apigateway/pets`, `API-Gateway-Execution-Logs_a1b2c3d4e5/prod`. */
  readonly name: string;
}

const LOG_GROUP_ARN = /^arn:aws[a-z-]*:logs:([a-z0-9-]+):(\d{12}):log-group:([^:*]+)(?::\*)?$/;

/** What the ARN of a log group names, with or without the `:*` that CloudWatch shows at its end; undefined for other texts. */
export function logGroupOf(arn: string): LogGroup | undefined {
  const [, region, account, name] = LOG_GROUP_ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { account, region, name };
}

/** The group of a canary's own logs beside those of its stage (developer guide, canary-release). */
export const canaryLogGroup = (group: LogGroup): LogGroup => ({ ...group, name: `${group.name}/Canary` });
