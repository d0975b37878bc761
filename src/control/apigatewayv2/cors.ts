// CORS of an HTTP API (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
import { badRequest } from "../../domain/errors.ts";
import type { Cors } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { given } from "./context.ts";

const METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE", "*"];
const ORIGIN = /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+)$/i;
const HEADER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function corsOf(cors: Model.Cors): Cors {
  const { AllowCredentials, AllowHeaders, AllowMethods, AllowOrigins, ExposeHeaders, MaxAge } = cors;
  return given({
    allowCredentials: AllowCredentials,
    allowHeaders: AllowHeaders,
    allowMethods: AllowMethods,
    allowOrigins: AllowOrigins,
    exposeHeaders: ExposeHeaders,
    maxAge: MaxAge,
  });
}

export function showCors({ allowCredentials = false, allowHeaders, allowMethods, allowOrigins, exposeHeaders, maxAge }: Cors): Model.Cors {
  return {
    AllowCredentials: allowCredentials,
    ...given({ AllowHeaders: allowHeaders, AllowMethods: allowMethods, AllowOrigins: allowOrigins, ExposeHeaders: exposeHeaders, MaxAge: maxAge }),
  };
}

/** The words of the last refusal are quoted in github.com/aws/aws-cdk/issues/9076. @throws {ServiceError} BadRequestException */
export function checkedCors(cors: Cors): Cors {
  const { allowCredentials = false, allowHeaders = [], allowMethods = [], allowOrigins = [], exposeHeaders = [], maxAge = 0 } = cors;
  const method = allowMethods.find((each) => !METHODS.includes(each));
  if (method !== undefined) throw badRequest(`Invalid allow-method specified: ${method}. Must be one of: [${METHODS.join(", ")}]`);
  const origin = allowOrigins.find((each) => !ORIGIN.test(each));
  if (origin !== undefined) throw badRequest(`Invalid allow-origin specified: ${origin}. Must be * or a scheme, :// and a host`);
  const header = [...allowHeaders, ...exposeHeaders].find((each) => !HEADER.test(each));
  if (header !== undefined) throw badRequest(`Invalid header name specified: ${header}`);
  if (!(maxAge >= -1 && maxAge <= 86_400)) throw badRequest(`Invalid max-age specified: ${maxAge}. Must be between -1 and 86400 seconds`);
  if (allowCredentials && allowOrigins.includes("*")) throw badRequest("allow-credentials is not supported if 'allow-origin' is *");
  return cors;
}
