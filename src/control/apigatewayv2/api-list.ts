// GetApis: the APIs of both protocols.
import type { Call } from "../../domain/call.ts";
import { httpApis } from "../../domain/http-api.ts";
import { webSocketApis } from "../../domain/websocket-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import * as verbs from "../verbs/index.ts";
import { show } from "./api.ts";
import { type ApiGatewayV2Context, pageOf, shownPage } from "./context.ts";
import type { V2Api } from "./protocol.ts";
import { showWebSocketApi } from "./websocket/index.ts";

export function apiList({ store }: ApiGatewayV2Context) {
  return async (input: Model.GetApisRequest, { account, region }: Call): Promise<Model.GetApisResponse> => {
    const page = await verbs.mergedPage<V2Api>(store, [httpApis, webSocketApis], [account, region], pageOf(input));
    return shownPage(page, ({ value }) => (value.protocolType === "HTTP" ? show(value) : showWebSocketApi(value)));
  };
}
