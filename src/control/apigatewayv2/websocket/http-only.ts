// What HTTP APIs alone have (model: the operations' documentation).
import type { Call } from "../../../domain/call.ts";
import type { ServiceError } from "../../../domain/errors.ts";
import { type ApiGatewayV2Context, type ApiInput, notOfWebSocketApis, notSetForWebSocketApis } from "../context.ts";
import { findApi } from "./definition.ts";

export function httpOnlyOperations(context: ApiGatewayV2Context) {
  const refusing = (refusal: () => ServiceError) => async (input: ApiInput, call: Call): Promise<never> => {
    await findApi(context, input, call);
    throw refusal();
  };
  return {
    removeCors: refusing(() => notSetForWebSocketApis("CorsConfiguration")),
    reimport: refusing(() => notOfWebSocketApis("Imports")),
    export: refusing(() => notOfWebSocketApis("Exports")),
  };
}
