// What is AWS's services' own about the wire: spread one into the options of createService.
import { badRequest } from "../domain/errors.ts";
import type { Dialect } from "./service.ts";
import { badRequestWording, inputWording, plainWording, queryWording } from "./wording.ts";

export const apiGatewayDialect: Dialect = {
  wording: inputWording,
  // Definition files
  // (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html).
  payloadLimit: 6 * 1024 * 1024,
  // aws/aws-sdk-js#2588: a PUT whose body was left out instead of `{}` was refused with these words.
  missingBody: () => badRequest("Invalid request input"),
};

export const apiGatewayV2Dialect: Dialect = { wording: badRequestWording };

export const lambdaDialect: Dialect = {
  wording: plainWording,
  // The sizes that Lambda names when it refuses larger requests: a zip file of 50 MB in Base64, and a payload of 6 MB
  // (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
  bodyLimit: 70_167_211,
  payloadLimit: 6_291_456,
  payloadType: "application/json",
  // The permission's name, not the operation's: "Request must be smaller than 6291456 bytes for the InvokeFunction operation".
  operationNames: { Invoke: "InvokeFunction" },
};

/** IAM and STS. Their forms hold policies of some kilobytes at most. */
export const identityDialect: Dialect = { wording: queryWording, bodyLimit: 1024 * 1024 };
