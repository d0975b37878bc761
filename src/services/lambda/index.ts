// The door of the Lambda service.
export { lambdaPermissions } from "./access.ts";
export { createLambda, type Lambda } from "./lambda.ts";
export type { LambdaOptions, LambdaSettings } from "./context.ts";
