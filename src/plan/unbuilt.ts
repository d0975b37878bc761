// What API Gateway has and Gatehouse has not built yet: refused when an API is deployed or a stage is changed, never
// accepted and ignored. Each entry leaves this file when its feature arrives.
import { areCallersOwn } from "../domain/identity-arn.ts";
import { type MappingSide, parseMappingExpression } from "../domain/mapping-expression.ts";
import type { Integration, Method, Stage } from "../domain/rest-api.ts";
import { contextVariable } from "./context-variables.ts";
import { remembered } from "./remembered.ts";
import { compileSelectionPattern } from "./selection-pattern.ts";
import { hasVariableAuthority, isFunctionStreamUri, isFunctionUri } from "./uri.ts";

/** Each a sentence without its subject: "uses ... , which is not built yet". */
type Findings = (string | false | undefined)[];

const AUTHORIZATION_TYPES: ReadonlySet<string> = new Set(["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"]);

/** What of a method is not built, as sentences that name the method and its resource. */
export function unbuiltInMethod(method: Method, resourcePath: string): readonly string[] {
  const subject = `Method ${method.httpMethod} of resource ${resourcePath}`;
  const findings: Findings = [
    !AUTHORIZATION_TYPES.has(method.authorizationType) && `uses authorization ${method.authorizationType}`,
    ...(method.methodIntegration === undefined ? [] : unbuiltInIntegration(method.methodIntegration)),
  ];
  return sentences(subject, findings);
}

/** What of a stage's settings is not built. Settings that only matter together with one of these are not named. */
export function unbuiltInStage(stage: Stage): readonly string[] {
  return sentences(`Stage ${stage.stageName}`, [
    stage.webAclArn !== undefined && "is protected by a web ACL",
    stage.accessLogSettings?.destinationArn?.includes(":firehose:") && `sends access logs to Firehose (${stage.accessLogSettings.destinationArn})`,
  ]);
}

function unbuiltInIntegration(integration: Integration): Findings {
  const uri = integration.uri ?? "";
  const toAws = integration.type === "AWS" || integration.type === "AWS_PROXY";
  const isProxy = integration.type === "HTTP_PROXY" || integration.type === "AWS_PROXY";
  return [
    integration.type === "AWS_PROXY" && !isFunctionUri(uri) && !isFunctionStreamUri(uri) && `proxies to an AWS service other than Lambda (${uri})`,
    !toAws && hasVariableAuthority(uri) && `has a path variable in the host of its integration's URI (${uri})`,
    isOfUsers(integration.credentials) && `uses the credentials ${integration.credentials}, which are neither a role's nor all callers' own`,
    ...Object.values(integration.requestParameters ?? {}).map((text) => unbuiltExpression(text, "method.request")),
    // Proxies have templates and integration responses that AWS never looks at.
    ...(isProxy ? [] : unbuiltInResponses(integration)),
  ];
}

const isOfUsers = (credentials = ""): boolean => credentials.endsWith(":user/*") && !areCallersOwn(credentials);

function unbuiltInResponses(integration: Integration): Findings {
  return Object.values(integration.integrationResponses).flatMap((response) => [
    ...Object.values(response.responseParameters ?? {}).map((text) => unbuiltExpression(text, "integration.response")),
    response.selectionPattern !== undefined &&
      response.selectionPattern !== "" &&
      !isSelectionPattern(response.selectionPattern) &&
      `uses the selection pattern ${response.selectionPattern}, which is invalid or needs look-around or back-references`,
  ]);
}

const isSelectionPattern = remembered((pattern) => compileSelectionPattern(pattern) !== undefined);

function unbuiltExpression(text: string, side: MappingSide): string | false {
  const expression = parseMappingExpression(text, side);
  if (expression === undefined || expression.from === "multivaluepath") return `uses the mapping expression ${text}`;
  const unknown = expression.from === "context" && contextVariable(expression.name) === undefined;
  return unknown && `maps the context variable ${text}`;
}

function sentences(subject: string, findings: Findings): readonly string[] {
  return findings.flatMap((finding) => (finding ? [`${subject} ${finding}, which Gatehouse has not built yet.`] : []));
}
