// What a stage has logged and measured of its methods' executions, besides the access log
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
import { methodsOf } from "../domain/http-method.ts";
import type { LogGroup } from "../domain/log-group.ts";
import { canaryLogGroup } from "../domain/log-group.ts";
import type { Method } from "../domain/rest-api.ts";
import type { MethodSettings } from "./method-settings.ts";

export interface ObservationPlan {
  /** Undefined where executions are not logged. */
  readonly logging: LoggingPlan | undefined;
  /** Whether the method has metrics of its own. */
  readonly metrics: boolean;
}

export interface LoggingPlan {
  readonly level: "ERROR" | "INFO";
  /** Whether requests and responses are shown as they are. */
  readonly dataTrace: boolean;
}

/** By the HTTP method of a request; a method that is not there has nothing of it observed. */
export type ObservationPlans = ReadonlyMap<string, ObservationPlan>;

const NOT_OBSERVED: ObservationPlans = new Map();

export function compileObservation({ httpMethod }: Method, resourcePath: string, settings: MethodSettings): ObservationPlans {
  const plans = new Map<string, ObservationPlan>();
  for (const requestMethod of methodsOf(httpMethod)) {
    const { setting } = settings.find(resourcePath, requestMethod, httpMethod) ?? {};
    if (setting === undefined) continue;
    const { loggingLevel, dataTraceEnabled, metricsEnabled } = setting;
    if (loggingLevel === "OFF" && !metricsEnabled) continue;
    plans.set(requestMethod, {
      logging: loggingLevel === "OFF" ? undefined : { level: loggingLevel, dataTrace: dataTraceEnabled },
      metrics: metricsEnabled,
    });
  }
  return plans.size === 0 ? NOT_OBSERVED : plans;
}

export interface LoggedStage {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
}

/** Where execution logs go: for a canary's requests, to the stage's group and its own. */
export function executionLogGroups({ account, region, apiId, stageName }: LoggedStage, isCanary: boolean): readonly LogGroup[] {
  const group = { account, region, name: `API-Gateway-Execution-Logs_${apiId}/${stageName}` };
  return isCanary ? [group, canaryLogGroup(group)] : [group];
}

/** "API Gateway removes non-ASCII characters from the ApiName dimension" (.../api-gateway-metrics-and-dimensions.html). */
export function apiNameDimension(name: string, apiId: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII is meant
  const ascii = name.replace(/[^\x00-\x7f]/g, "");
  return ascii === "" ? apiId : ascii;
}
