// What names, paths and ARNs may look like, where IAM has words of its own for what may not.
import { invalidInput, validationError } from "./errors.ts";

/** Users of Terraform who give an ARN for a name quote the message's beginning (openillumi.com/?p=94673). */
export function checkName(member: string, name: string): void {
  if (/^[\w+=,.@-]+$/.test(name)) return;
  throw validationError(
    `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

export function checkPath(member: string, path: string): void {
  if (/^\/(?:[\u0021-\u007e]+\/)?$/.test(path)) return;
  throw validationError(
    `The specified value for ${member} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
  );
}

export function checkPathPrefix(prefix: string | undefined): void {
  if (prefix === undefined || /^\/[\u0021-\u007e]*$/.test(prefix)) return;
  throw validationError(
    "The specified value for pathPrefix is invalid. It must begin with / and contain only alphanumeric characters and/or / characters.",
  );
}

/** Whether the text is a managed policy's ARN at all. */
export function checkPolicyArn(arn: string): void {
  if (!/^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\u0021-\u007e]+$/.test(arn)) throw invalidInput(`ARN ${arn} is not valid.`);
}
