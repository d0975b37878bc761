// StepFunctions-StartExecution and the like (https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html).
import { jsonRequest, type ServiceActions } from "./action.ts";

export const STEP_FUNCTIONS_ACTIONS: ServiceActions = {
  "StepFunctions-StartExecution": {
    service: "states",
    hostPrefix: "",
    encode: ({ Input, Name, StateMachineArn }) => jsonRequest("states", "StartExecution", { stateMachineArn: StateMachineArn, name: Name, input: Input }),
  },
  // Synchronous executions have an endpoint of their own.
  "StepFunctions-StartSyncExecution": {
    service: "states",
    hostPrefix: "sync-",
    encode: ({ Input, Name, StateMachineArn, TraceHeader }) =>
      jsonRequest("states", "StartSyncExecution", { stateMachineArn: StateMachineArn, name: Name, input: Input, traceHeader: TraceHeader }),
  },
  "StepFunctions-StopExecution": {
    service: "states",
    hostPrefix: "",
    encode: ({ Cause, Error: error, ExecutionArn }) => jsonRequest("states", "StopExecution", { executionArn: ExecutionArn, cause: Cause, error }),
  },
};
