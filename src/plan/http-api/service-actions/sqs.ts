// SQS-SendMessage and the like, by the query protocol: AWS answers with the XML of that protocol
// (github.com/aws-samples/serverless-patterns, apigw-http-api-sqs-lambda-sls, shows it;
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests.html).
import { type ActionParameters, formRequest, listParameter, mapParameter, type ServiceAction, type ServiceActions } from "./action.ts";

type Pairs = readonly (readonly [name: string, value: string | undefined])[];

const action = (name: string, pairsOf: (parameters: ActionParameters) => Pairs): ServiceAction => ({
  service: "sqs",
  hostPrefix: "",
  encode: (parameters) => formRequest(name, "2012-11-05", [["QueueUrl", parameters["QueueUrl"]], ...pairsOf(parameters)]),
});

const plain = (parameters: ActionParameters, ...names: readonly string[]): Pairs => names.map((name) => [name, parameters[name]] as const);

/** `AttributeName.1=All&AttributeName.2=...` */
const numbered = (list: readonly string[] | undefined, name: string): Pairs => (list ?? []).map((item, i) => [`${name}.${i + 1}`, item] as const);

/** `MessageAttribute.1.Name=...&MessageAttribute.1.Value.DataType=...` */
const attributes = (parameters: ActionParameters, parameter: string, name: string): Pairs =>
  (mapParameter(parameters, parameter) ?? []).flatMap(([key, value], i) => [
    [`${name}.${i + 1}.Name`, key] as const,
    ...Object.entries(value).map(([member, text]) => [`${name}.${i + 1}.Value.${member}`, text] as const),
  ]);

export const SQS_ACTIONS: ServiceActions = {
  "SQS-SendMessage": action("SendMessage", (parameters) => [
    ...plain(parameters, "MessageBody", "DelaySeconds", "MessageDeduplicationId", "MessageGroupId"),
    ...attributes(parameters, "MessageAttributes", "MessageAttribute"),
    ...attributes(parameters, "MessageSystemAttributes", "MessageSystemAttribute"),
  ]),
  "SQS-ReceiveMessage": action("ReceiveMessage", (parameters) => [
    ...plain(parameters, "MaxNumberOfMessages", "ReceiveRequestAttemptId", "VisibilityTimeout", "WaitTimeSeconds"),
    ...numbered(listParameter(parameters, "AttributeNames"), "AttributeName"),
    ...numbered(listParameter(parameters, "MessageAttributeNames"), "MessageAttributeName"),
  ]),
  "SQS-DeleteMessage": action("DeleteMessage", (parameters) => plain(parameters, "ReceiptHandle")),
  "SQS-PurgeQueue": action("PurgeQueue", () => []),
};
