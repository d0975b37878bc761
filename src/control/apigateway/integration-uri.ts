// Where integrations may point (model: Integration.uri;
// https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
import { badRequest } from "../../domain/errors.ts";
import type { Integration } from "../../domain/rest-api.ts";

const SERVICE_ARN = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:(?:[a-z0-9-]+\.)*([a-z0-9-]+):(.*)$/s;
const ROLE_OR_CALLER = /^arn:aws[a-z-]*:iam::(?:\*|\d{12}|\$\{stageVariables\.\w+\}):(?:user\/\*|role\/.+|\$\{stageVariables\.\w+\}.*)$/;
const FUNCTION_INVOCATION = /^path\/2015-03-31\/functions\/.+\/invocations$/;
const FUNCTION_STREAM = /^path\/2021-11-15\/functions\/.+\/response-streaming-invocations$/;
const STAGE_VARIABLE = /\$\{stageVariables\.\w+\}/g;

/** @throws {ServiceError} BadRequestException when an integration of this type cannot have this URI */
export function checkUri({ type, uri = "", responseTransferMode }: Pick<Integration, "type" | "uri" | "responseTransferMode">): void {
  if (type === "HTTP" || type === "HTTP_PROXY") checkEndpoint(uri);
  if (type === "AWS" || type === "AWS_PROXY") checkServiceArn(uri, type, responseTransferMode === "STREAM");
}

/** A role, the caller's own identity (`arn:aws:iam::*:user/*`), or a stage variable in their place. @throws {ServiceError} BadRequestException */
export function checkCredentials({ type, uri = "", credentials }: Pick<Integration, "type" | "uri" | "credentials">): void {
  // Functions may let API Gateway call them by their own policy (the words: github.com/hashicorp/terraform-provider-aws/issues/7916).
  const isAllowedByPolicy = type !== "AWS" || SERVICE_ARN.exec(uri)?.[1] === "lambda";
  if (!credentials && !isAllowedByPolicy) throw badRequest("Role ARN must be specified for AWS integrations");
  checkRoleOrCaller(credentials);
}

/** @throws {ServiceError} BadRequestException */
export function checkRoleOrCaller(credentials: string | undefined): void {
  if (credentials !== undefined && !ROLE_OR_CALLER.test(credentials)) throw badRequest("Invalid ARN specified in the request");
}

/** Stage variables may stand anywhere behind the protocol, path variables anywhere in the path. @throws {ServiceError} BadRequestException */
export function checkEndpoint(uri: string): void {
  const filled = uri.replace(STAGE_VARIABLE, "1").replace(/\{[^{}]+\}/g, "1");
  if (!/^https?:\/\/[^/?#\s]/.test(filled) || /[\s{}\p{Cc}]/u.test(filled) || !URL.canParse(filled)) {
    throw badRequest("Invalid HTTP endpoint specified for URI");
  }
}

function checkServiceArn(uri: string, type: "AWS" | "AWS_PROXY", streams: boolean): void {
  const [, service, action] = SERVICE_ARN.exec(uri) ?? [];
  if (service === undefined || action === undefined) throw badRequest("Invalid ARN specified in the request");
  if (!/^(?:path|action)\//.test(action) && !/^\$\{stageVariables\.\w+\}/.test(action)) {
    throw badRequest("AWS ARN for integration must contain path or action");
  }
  if (type !== "AWS_PROXY") return;
  if (service === "firehose") return;
  if (service !== "lambda" || !(FUNCTION_INVOCATION.test(action) || FUNCTION_STREAM.test(action))) {
    throw badRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.");
  }
  if (streams !== FUNCTION_STREAM.test(action)) {
    throw badRequest(
      streams
        ? "Integrations with response transfer mode STREAM must use the Lambda response streaming invocation URI."
        : "Lambda response streaming invocation URIs can only be used with response transfer mode STREAM.",
    );
  }
}
