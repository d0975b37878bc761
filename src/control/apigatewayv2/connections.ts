// The management API of WebSocket APIs where its caller names no API: connections are those of an API's stage, whose address
// gateway/websocket/callbacks.ts answers under. Clients without one, whose endpoint was not set, are told what AWS tells those whose
// endpoint lacks the stage (github.com/aws/aws-sdk-php/issues/1955).
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { ApiGatewayManagementApiOperations } from "../../model/apigatewaymanagementapi.gen.ts";
import type { Handlers } from "../../model/table.ts";

const forbidden = (): Promise<never> => Promise.reject(new ServiceError("ForbiddenException", "Forbidden"));

export const connectionHandlers: Handlers<ApiGatewayManagementApiOperations, Call> = {
  PostToConnection: forbidden,
  GetConnection: forbidden,
  DeleteConnection: forbidden,
};
