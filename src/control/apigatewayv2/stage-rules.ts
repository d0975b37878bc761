// What a stage may be (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html, websocket-api-stages.html).
import { badRequest, notFound } from "../../domain/errors.ts";
import { DEFAULT_STAGE } from "../../domain/http-api.ts";
import type { WebSocketRouteSettings } from "../../domain/websocket-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { checkAccessLog, checkVariables } from "../apigateway/index.ts";
import { type ApiGatewayV2Context, checkLength, given, notOfHttpApis } from "./context.ts";
import type { V2Stage } from "./protocol.ts";
import type { StageRules } from "./stage.ts";

/** A stage as it is made, before any setting. */
export function newStage({ clock }: Pick<ApiGatewayV2Context, "clock">, stageName: string, defaultRouteSettings: V2Stage["defaultRouteSettings"]): V2Stage {
  const now = clock.now();
  return {
    stageName,
    autoDeploy: false,
    defaultRouteSettings,
    routeSettings: {},
    stageVariables: {},
    createdDate: now,
    lastUpdatedDate: now,
    tags: {},
  };
}

/** The stage, when its members are what they may be. @throws {ServiceError} BadRequestException */
export function checkedStage(context: ApiGatewayV2Context, stage: V2Stage): V2Stage {
  const { accessLogSettings, defaultRouteSettings, description = "", routeSettings, stageName, stageVariables } = stage;
  if (stageName !== DEFAULT_STAGE && !/^[A-Za-z0-9_-]{1,128}$/.test(stageName)) throw badRequest("Stage name only allows a-zA-Z0-9_");
  checkLength("Description", description, 1024);
  checkVariables(stageVariables, context);
  for (const settings of [defaultRouteSettings, ...Object.values(routeSettings)]) checkThrottle(settings);
  if (accessLogSettings !== undefined) checkLog(accessLogSettings, context);
  return stage;
}

function checkThrottle({ throttlingBurstLimit = 0, throttlingRateLimit = 0 }: WebSocketRouteSettings): void {
  if (throttlingBurstLimit < 0) throw badRequest(`Invalid throttlingBurstLimit specified: ${throttlingBurstLimit}. Must be at least 0`);
  if (throttlingRateLimit < 0) throw badRequest(`Invalid throttlingRateLimit specified: ${throttlingRateLimit}. Must be at least 0`);
}

/** APIs of the V2 API log to CloudWatch Logs alone (guide: http-api-vs-rest, monitoring; model: AccessLogSettings). */
function checkLog(settings: NonNullable<V2Stage["accessLogSettings"]>, { limits }: ApiGatewayV2Context): void {
  checkAccessLog(settings);
  const { destinationArn = "", format = "" } = settings;
  if (destinationArn.includes(":firehose:")) throw badRequest("Invalid ARN specified in the request");
  if (destinationArn === "" || format === "") throw badRequest("Access log settings have a destination ARN and a format");
  const size = Buffer.byteLength(format);
  if (size > limits.accessLogFormat) throw badRequest(`Access Log format must have at most ${limits.accessLogFormat} bytes; this one has ${size}`);
}

/** The words: github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80. @throws {ServiceError} NotFoundException */
export function checkRouteSettingKeys(settings: Readonly<Record<string, unknown>> | undefined, routes: readonly { readonly routeKey: string }[]): void {
  const unknown = Object.keys(settings ?? {}).find((key) => !routes.some(({ routeKey }) => routeKey === key));
  if (unknown !== undefined) throw notFound(`Unable to find Route by key ${unknown} within the provided RouteSettings`);
}

export const httpStageRules: StageRules = {
  defaultRouteSettings: { detailedMetricsEnabled: false },
  /** The words of the first: github.com/hashicorp/terraform-provider-aws/issues/13801. */
  refuseOthers({ ClientCertificateId, DefaultRouteSettings, RouteSettings = {} }) {
    const all = [...(DefaultRouteSettings === undefined ? [] : [DefaultRouteSettings]), ...Object.values(RouteSettings)];
    if (all.some(({ DataTraceEnabled, LoggingLevel }) => LoggingLevel !== undefined || DataTraceEnabled)) throw notOfHttpApis("Execution logs");
    if (ClientCertificateId !== undefined) throw notOfHttpApis("Client certificates");
  },
  settingsOf: ({ DataTraceEnabled: _never, ...settings }) => routeSettingsOf(settings),
  hold: async () => [],
};

export function routeSettingsOf(settings: Model.RouteSettings): WebSocketRouteSettings {
  const { DataTraceEnabled, DetailedMetricsEnabled, LoggingLevel, ThrottlingBurstLimit, ThrottlingRateLimit } = settings;
  return given({
    dataTraceEnabled: DataTraceEnabled,
    detailedMetricsEnabled: DetailedMetricsEnabled,
    loggingLevel: LoggingLevel,
    throttlingBurstLimit: ThrottlingBurstLimit,
    throttlingRateLimit: ThrottlingRateLimit,
  });
}

export const showRouteSettings = (settings: WebSocketRouteSettings): Model.RouteSettings =>
  given({
    DataTraceEnabled: settings.dataTraceEnabled,
    DetailedMetricsEnabled: settings.detailedMetricsEnabled,
    LoggingLevel: settings.loggingLevel,
    ThrottlingBurstLimit: settings.throttlingBurstLimit,
    ThrottlingRateLimit: settings.throttlingRateLimit,
  });
