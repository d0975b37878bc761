// What a stage may be, whoever makes or changes it: CreateStage, UpdateStage or CreateDeployment.
import type { Call } from "../../domain/call.ts";
import { badRequest, limitExceeded, notFound } from "../../domain/errors.ts";
import { logGroupOf } from "../../domain/log-group.ts";
import type { RestApiLimits } from "../../domain/limits.ts";
import type { Deployment, RestApi, Stage, StringMap } from "../../domain/rest-api.ts";
import { accounts, deployments, stages } from "../../domain/rest-api.ts";
import type { Stored } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";
import { DECLARED_METHODS } from "./method.ts";

const VARIABLE_NAME = /^\w+$/;
const VARIABLE_VALUE = /^[A-Za-z0-9\-._~:/?#&=, ]+$/;
const FIREHOSE = /^arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/amazon-apigateway-.+$/;

/** A stage as it is made, before any setting. */
export function newStage({ clock }: ApiGatewayContext, stageName: string, deploymentId: string): Stage {
  const now = clock.now();
  return {
    stageName,
    deploymentId,
    cacheClusterEnabled: false,
    methodSettings: {},
    tracingEnabled: false,
    tags: {},
    createdDate: now,
    lastUpdatedDate: now,
  };
}

/**
 * The stage, when its members agree with each other and it can be served.
 * @throws {ServiceError} BadRequestException
 */
export async function checkedStage(context: ApiGatewayContext, next: Stage, before: Stage | undefined, call: Call): Promise<Stage> {
  // AWS says so of hyphens too, and takes them all the same (model: CreateStageRequest.stageName).
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(next.stageName)) throw badRequest("Stage name only allows a-zA-Z0-9_");
  checkVariables(next.variables, context);
  checkVariables(next.canarySettings?.stageVariableOverrides, context);
  const { percentTraffic = 0 } = next.canarySettings ?? {};
  if (!(percentTraffic >= 0 && percentTraffic <= 100)) throw badRequest("Canary percent traffic must be between 0.0 and 100.0");
  checkAccessLog(next.accessLogSettings);
  checkMethodSettings(next, before, context.limits);
  await checkLogRole(context, next, before, call);
  const stage = next.cacheClusterEnabled ? { ...next, cacheClusterSize: next.cacheClusterSize ?? "0.5" } : next;
  const reasons = context.publication.checkStage(stage);
  if (reasons.length > 0) throw badRequest(reasons.join("\n"));
  return stage;
}

type VariableLimits = Pick<RestApiLimits, "variablesPerStage" | "stageVariableName" | "stageVariableValue">;

/** The words as quoted in github.com/serverless/serverless/issues/6133 and github.com/sirceljm/aws-lambda-blog/issues/10. */
export function checkVariables(variables: StringMap | undefined, { limits }: { readonly limits: VariableLimits }): void {
  const all = Object.entries(variables ?? {});
  for (const [name, value] of all) {
    if (!VARIABLE_NAME.test(name) || name.length > limits.stageVariableName) {
      throw badRequest(`Invalid stage variable name: ${name}.  Please use names with only word characters.`);
    }
    if (!VARIABLE_VALUE.test(value) || value.length > limits.stageVariableValue) {
      throw badRequest(
        `Invalid stage variable value: ${value}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
      );
    }
  }
  if (all.length > limits.variablesPerStage) throw badRequest(`A stage has at most ${limits.variablesPerStage} variables; this would make ${all.length}`);
}

/** As many as an API can have methods, and one set for all of them. AWS names no limit. */
function checkMethodSettings(next: Stage, before: Stage | undefined, { resourcesPerApi }: Pick<RestApiLimits, "resourcesPerApi">): void {
  const most = resourcesPerApi * DECLARED_METHODS.length + 1;
  const count = settingsOf(next);
  if (count > most && count > settingsOf(before)) throw badRequest(`A stage has at most ${most} method settings; this would make ${count}`);
}

const settingsOf = (stage: Stage | undefined): number => Object.keys(stage?.methodSettings ?? {}).length;

/** Guide: set-up-logging; the format names the request in any case (model: AccessLogSettings). */
export function checkAccessLog({ destinationArn, format }: NonNullable<Stage["accessLogSettings"]> = {}): void {
  const isDestination = destinationArn === undefined || logGroupOf(destinationArn) !== undefined || FIREHOSE.test(destinationArn);
  if (!isDestination) throw badRequest("Invalid ARN specified in the request");
  if (format === undefined) return;
  if (/\n(?!$)/.test(format)) throw badRequest("Access Log format must be single line, new line character is allowed only at end of the format.");
  if (!/\$context\.(?:requestId|extendedRequestId)\b/.test(format)) throw badRequest("Access Log format must include at least $context.requestId");
}

/** To begin logging takes the account's role (github.com/Miserlou/Zappa/issues/1946 quotes the words). */
async function checkLogRole({ store }: ApiGatewayContext, next: Stage, before: Stage | undefined, call: Call): Promise<void> {
  const settings = next.methodSettings === before?.methodSettings ? [] : Object.values(next.methodSettings);
  const access = next.accessLogSettings === before?.accessLogSettings ? undefined : next.accessLogSettings?.destinationArn;
  if (settings.every(({ loggingLevel }) => loggingLevel === "OFF") && !access?.includes(":logs:")) return;
  const account = await store.get(accounts, [call.account, call.region]);
  if (account?.value.cloudwatchRoleArn === undefined) throw badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging");
}

/** @throws {ServiceError} LimitExceededException when the API may have no further stage */
export async function assertStageQuota({ store, limits }: ApiGatewayContext, api: Stored<RestApi>): Promise<void> {
  if ((await store.count(stages, { prefix: api.key })) < limits.stagesPerApi) return;
  throw limitExceeded("Maximum number of Stages for this API has been reached.  Please contact AWS if you need additional Stages.");
}

/** The deployments that a stage points at, each once. @throws {ServiceError} NotFoundException */
export async function pointedAt({ store }: ApiGatewayContext, api: Stored<RestApi>, stage: Stage): Promise<readonly Stored<Deployment>[]> {
  const ids = new Set([stage.deploymentId, ...(stage.canarySettings ? [stage.canarySettings.deploymentId] : [])]);
  return Promise.all(
    [...ids].map(async (id) => {
      const deployment = await store.get(deployments, [...api.key, id]);
      if (deployment === undefined) throw notFound("Invalid Deployment identifier specified");
      return deployment;
    }),
  );
}
