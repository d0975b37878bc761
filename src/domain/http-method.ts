// The HTTP methods that APIs have.

/**
 * All that `ANY` stands for, in the order of AWS's messages
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html for REST APIs,
 * http-api-logging-variables.html for HTTP APIs).
 */
export const HTTP_METHODS: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"]);

/** The HTTP methods of the requests that a declared method takes. */
export const methodsOf = (declared: string): readonly string[] => (declared === "ANY" ? [...HTTP_METHODS] : [declared]);
