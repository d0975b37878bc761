// What a stage of a WebSocket API may be (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html).
import type { Call } from "../../../domain/call.ts";
import { clientCertificates } from "../../../domain/client-certificate.ts";
import { badRequest, ServiceError } from "../../../domain/errors.ts";
import { accounts } from "../../../domain/rest-api.ts";
import { type Change, put } from "../../../ports/store.ts";
import type { ApiGatewayV2Context } from "../context.ts";
import type { V2Stage } from "../protocol.ts";
import type { StageRules } from "../stage.ts";
import { routeSettingsOf } from "../stage-rules.ts";

export const webSocketStageRules: StageRules = {
  defaultRouteSettings: { dataTraceEnabled: false, detailedMetricsEnabled: false, loggingLevel: "OFF" },
  settingsOf: routeSettingsOf,
  /** Execution logs are not written: a stage must not seem to have some. */
  refuseOthers({ DefaultRouteSettings, RouteSettings = {} }) {
    const all = [...(DefaultRouteSettings === undefined ? [] : [DefaultRouteSettings]), ...Object.values(RouteSettings)];
    if (all.some(({ DataTraceEnabled = false, LoggingLevel = "OFF" }) => DataTraceEnabled || LoggingLevel !== "OFF")) {
      throw new ServiceError("NotImplementedException", "Gatehouse has not built execution logs of WebSocket APIs yet.");
    }
  },
  async hold(context, next, before, call) {
    await checkLogRole(context, next, before, call);
    return holdClientCertificate(context, next, before, call);
  },
};

/** To begin logging takes the account's role (the words: github.com/anomalyco/sst/issues/1556). */
async function checkLogRole({ store }: ApiGatewayV2Context, next: V2Stage, before: V2Stage | undefined, call: Call): Promise<void> {
  const startsAccessLogs = next.accessLogSettings !== undefined && next.accessLogSettings !== before?.accessLogSettings;
  if (!startsAccessLogs) return;
  const account = await store.get(accounts, [call.account, call.region]);
  if (account?.value.cloudwatchRoleArn === undefined) throw badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging");
}

/** In the words of the V1 API. */
async function holdClientCertificate({ store }: ApiGatewayV2Context, next: V2Stage, before: V2Stage | undefined, call: Call): Promise<readonly Change[]> {
  const { clientCertificateId: id } = next;
  if (id === undefined || id === before?.clientCertificateId) return [];
  const certificate = await store.get(clientCertificates, [call.account, call.region, id]);
  if (certificate === undefined) throw badRequest("Invalid Client Certificate identifier specified");
  return [put(clientCertificates, certificate.key, certificate.value, certificate.version)];
}
