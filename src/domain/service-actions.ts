// The service actions of first-class integrations and their parameters
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html).

export interface ServiceAction {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** By `integrationSubtype`. */
export const SERVICE_ACTIONS: Readonly<Record<string, ServiceAction>> = {
  "EventBridge-PutEvents": {
    required: ["Detail", "DetailType", "Source"],
    optional: ["Time", "EventBusName", "Resources", "Region", "TraceHeader"],
  },
  "SQS-SendMessage": {
    required: ["QueueUrl", "MessageBody"],
    optional: ["DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes", "Region"],
  },
  "SQS-ReceiveMessage": {
    required: ["QueueUrl"],
    optional: [
      "AttributeNames",
      "MaxNumberOfMessages",
      "MessageAttributeNames",
      "ReceiveRequestAttemptId",
      "VisibilityTimeout",
      "WaitTimeSeconds",
      "Region",
    ],
  },
  "SQS-DeleteMessage": { required: ["ReceiptHandle", "QueueUrl"], optional: ["Region"] },
  "SQS-PurgeQueue": { required: ["QueueUrl"], optional: ["Region"] },
  "AppConfig-GetConfiguration": {
    required: ["Application", "Environment", "Configuration", "ClientId"],
    optional: ["ClientConfigurationVersion", "Region"],
  },
  "Kinesis-PutRecord": {
    required: ["StreamName", "Data", "PartitionKey"],
    optional: ["SequenceNumberForOrdering", "ExplicitHashKey", "Region"],
  },
  "StepFunctions-StartExecution": { required: ["StateMachineArn"], optional: ["Name", "Input", "Region"] },
  "StepFunctions-StartSyncExecution": { required: ["StateMachineArn"], optional: ["Name", "Input", "Region", "TraceHeader"] },
  "StepFunctions-StopExecution": { required: ["ExecutionArn"], optional: ["Cause", "Error", "Region"] },
};
