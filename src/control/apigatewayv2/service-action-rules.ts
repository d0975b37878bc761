// Which parameters a first-class integration takes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html).
import { badRequest } from "../../domain/errors.ts";
import type { HttpIntegration } from "../../domain/http-api.ts";
import { parseMappingValue } from "../../domain/parameter-mapping.ts";
import { SERVICE_ACTIONS } from "../../domain/service-actions.ts";

/**
 * The words of the fifth and the last refusal are quoted in github.com/aws/aws-cdk/issues/26328 and
 * github.com/hashicorp/terraform-provider-aws/issues/17348; those of the others are not known.
 * @throws {ServiceError} BadRequestException
 */
export function checkServiceAction(integration: HttpIntegration, subtype: string): void {
  const { connectionType, credentialsArn, integrationType, integrationUri, requestParameters = {} } = integration;
  const action = Object.hasOwn(SERVICE_ACTIONS, subtype) ? SERVICE_ACTIONS[subtype] : undefined;
  if (integrationType !== "AWS_PROXY") throw badRequest("An integration subtype can only be specified with the integration type AWS_PROXY");
  if (action === undefined) throw badRequest(`Operation: ${subtype} is not supported. Must be one of: [${Object.keys(SERVICE_ACTIONS).join(", ")}]`);
  if (integrationUri !== undefined) throw badRequest("An integration URI cannot be specified with an integration subtype");
  if (connectionType !== "INTERNET") throw badRequest("The connection type VPC_LINK cannot be specified with an integration subtype");
  const known = [...action.required, ...action.optional];
  const unknown = Object.keys(requestParameters).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`Parameter: ${unknown} does not fit schema for Operation: ${subtype}.`);
  const missing = action.required.find((name) => !requestParameters[name]);
  if (missing !== undefined) throw badRequest(`Parameter: ${missing} is required for Operation: ${subtype}.`);
  if (credentialsArn === undefined) throw badRequest("Role ARN must be specified for AWS integrations");
  for (const [name, source] of Object.entries(requestParameters)) checkSource(name, source);
}

/**
 * A static value is a text without braces: JSON is refused. JSON with an expression in it is taken, as
 * github.com/aws-samples/serverless-patterns (custom-http-headers-to-sqs-message-attributes-using-http-api-gateway) shows.
 */
function checkSource(name: string, source: string): void {
  const parts = parseMappingValue(source, "request");
  if (parts !== undefined && parts.some((part) => part.type !== "text" || !/[{}]/.test(part.text))) return;
  throw badRequest(
    `Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: ${source} specified for destination: ${name}]`,
  );
}
