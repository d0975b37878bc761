// The door of the control planes: what each operation of each service means.
export { type ApiGatewayParts, createApiGateway } from "./apigateway/index.ts";
