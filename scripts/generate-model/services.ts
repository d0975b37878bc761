// Which services are generated, and from which packages.
import * as constraints from "./constraints.ts";
import type { ServiceConstraints } from "./constraints.ts";
import * as identity from "./identity-constraints.ts";

export interface ServiceSource {
  /** The generated file's name: `src/model/{name}.gen.ts`. */
  readonly name: string;
  /** The SDK client, a dev dependency. */
  readonly client: string;
  /** The beginning of the names that the generated file exports: `ApiGatewayOperations`, `apiGateway`. */
  readonly prefix: string;
  /** The endpoint prefix. */
  readonly service: string;
  /** The service name in a credential's scope. */
  readonly signingName: string;
  readonly constraints: ServiceConstraints;
  /** Of services that speak awsQuery; the others speak restJson1. */
  readonly query?: { readonly version: string; readonly xmlNamespace: string };
}

export const services: readonly ServiceSource[] = [
  {
    name: "apigateway",
    client: "@aws-sdk/client-api-gateway",
    prefix: "ApiGateway",
    service: "apigateway",
    signingName: "apigateway",
    constraints: constraints.apigateway,
  },
  {
    name: "apigatewayv2",
    client: "@aws-sdk/client-apigatewayv2",
    prefix: "ApiGatewayV2",
    service: "apigateway",
    signingName: "apigateway",
    constraints: constraints.apigatewayv2,
  },
  {
    name: "apigatewaymanagementapi",
    client: "@aws-sdk/client-apigatewaymanagementapi",
    prefix: "ApiGatewayManagementApi",
    service: "execute-api",
    signingName: "execute-api",
    constraints: constraints.apigatewaymanagementapi,
  },
  {
    name: "lambda",
    client: "@aws-sdk/client-lambda",
    prefix: "Lambda",
    service: "lambda",
    signingName: "lambda",
    constraints: constraints.lambda,
  },
  {
    name: "iam",
    client: "@aws-sdk/client-iam",
    prefix: "Iam",
    service: "iam",
    signingName: "iam",
    constraints: identity.iam,
    query: { version: "2010-05-08", xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
  },
  {
    name: "sts",
    client: "@aws-sdk/client-sts",
    prefix: "Sts",
    service: "sts",
    signingName: "sts",
    constraints: identity.sts,
    query: { version: "2011-06-15", xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  },
];
