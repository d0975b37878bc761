// The door of the adapter that invokes functions of a real Lambda.
export { createRemoteLambda, type RemoteLambdaOptions } from "./remote-lambda.ts";
