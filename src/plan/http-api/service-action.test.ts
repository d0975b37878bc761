// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
import { describe, expect, it } from "vitest";
import { httpStage } from "../../../test/harness/http-api.ts";
import { SERVICE_ACTIONS } from "../../domain/service-actions.ts";
import type { HttpIntegration } from "../../domain/http-api.ts";
import type { HttpFacts } from "./facts.ts";
import type { HttpIntegrationPlan } from "./integration.ts";
import type { ServiceCall } from "./service-action.ts";
import { ACTIONS } from "./service-actions/index.ts";

const ROLE = "arn:aws:iam::123456789012:role/gateway";

interface Asked {
  readonly headers?: readonly string[];
  readonly body?: string;
}

function planOf(integrationSubtype: string, parts: Partial<HttpIntegration>): { plan: HttpIntegrationPlan; facts: (asked: Asked) => HttpFacts } {
  const integration = { integrationType: "AWS_PROXY", integrationSubtype, credentialsArn: ROLE, ...parts } as const;
  const stage = httpStage({ routes: { "POST /things/{id}": { integration } }, stage: { stageVariables: { queue: "pets", region: "eu-west-1" } } });
  const routed = stage.route("/things/a%20b", "POST");
  if (routed === undefined) throw new Error("no such route");
  const facts = ({ headers = [], body = "" }: Asked) => ({
    stage,
    route: routed.route,
    pathValues: routed.pathValues,
    headers,
    rawQuery: "",
    query: undefined,
    body: Buffer.from(body),
    requestDocument: undefined,
    requestId: "ERERESIiQzOERFU=",
  });
  return { plan: routed.route.integration, facts: (asked) => facts(asked) as unknown as HttpFacts };
}

/** The call of a request to an action; or, as a text, why there is none. */
function callOf(subtype: string, requestParameters: Record<string, string>, asked: Asked = {}): ServiceCall | string {
  const { plan, facts } = planOf(subtype, { requestParameters });
  if (plan.type !== "SERVICE_ACTION") throw new Error(`not a service action: ${JSON.stringify(plan)}`);
  return plan.call(facts(asked));
}

const json = (service: string, version: string, target: string, body: object, host = `${service}.us-east-1.amazonaws.com`): ServiceCall => ({
  method: "POST",
  target: "/",
  headers: ["X-Amz-Target", target, "Content-Type", `application/x-amz-json-${version}`],
  body: JSON.stringify(body),
  service,
  address: { host, signingName: service, signingRegion: "us-east-1" },
});

const sqs = (body: string): ServiceCall => ({
  method: "POST",
  target: "/",
  headers: ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"],
  body,
  service: "sqs",
  address: { host: "sqs.us-east-1.amazonaws.com", signingName: "sqs", signingRegion: "us-east-1" },
});

const QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/pets";
const QUEUE_PAIR = "QueueUrl=https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F123456789012%2Fpets";

it("knows the actions of the reference, and no others", () => {
  expect(Object.keys(ACTIONS).toSorted()).toEqual(Object.keys(SERVICE_ACTIONS).toSorted());
});

describe("the call of", () => {
  it.each<[string, Record<string, string>, Asked, ServiceCall]>([
    [
      "EventBridge-PutEvents",
      { Detail: "$request.body.detail", DetailType: "order", Source: "shop" },
      { body: '{"detail":{"id":1,"note":"\\"é\\""}}' },
      json("events", "1.1", "AWSEvents.PutEvents", { Entries: [{ Detail: '{"id":1,"note":"\\"é\\""}', DetailType: "order", Source: "shop" }] }),
    ],
    [
      "EventBridge-PutEvents",
      { Detail: "$request.body", DetailType: "$request.header.type", Source: "shop", EventBusName: "bus", Resources: "arn:a, arn:b", Time: "2020-03-04T19:15:17Z", TraceHeader: "Root=1" },
      { headers: ["Type", "t"], body: "{}" },
      json("events", "1.1", "AWSEvents.PutEvents", {
        Entries: [{ Detail: "{}", DetailType: "t", EventBusName: "bus", Resources: ["arn:a", "arn:b"], Source: "shop", Time: 1583349317, TraceHeader: "Root=1" }],
      }),
    ],
    [
      "EventBridge-PutEvents",
      { Detail: "{}", DetailType: "t", Source: "s", Resources: '["arn:a"]', Time: "1583349317.5" },
      {},
      json("events", "1.1", "AWSEvents.PutEvents", { Entries: [{ Detail: "{}", DetailType: "t", Resources: ["arn:a"], Source: "s", Time: 1583349317.5 }] }),
    ],
    // http-api-develop-integrations-aws-services: the page's example
    [
      "SQS-SendMessage",
      { QueueUrl: "$request.header.queueUrl", MessageBody: "$request.body.message" },
      { headers: ["queueurl", QUEUE], body: '{"message":"a&b=c é+"}' },
      sqs(`Action=SendMessage&Version=2012-11-05&${QUEUE_PAIR}&MessageBody=a%26b%3Dc%20%C3%A9%2B`),
    ],
    [
      "SQS-SendMessage",
      {
        QueueUrl: QUEUE,
        MessageBody: "$request.body",
        DelaySeconds: "5",
        MessageDeduplicationId: "$context.requestId",
        MessageGroupId: "$stageVariables.queue",
        // github.com/aws-samples/serverless-patterns, custom-http-headers-to-sqs-message-attributes-using-http-api-gateway
        MessageAttributes: '{ "Agent": { "DataType": "String", "StringValue": "${request.header.agent}" }, "Raw": {"DataType":"Binary","BinaryValue":"AAE="} }',
        MessageSystemAttributes: '{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=${context.requestId}"}}',
      },
      { headers: ["Agent", "x"], body: "hello" },
      sqs(
        [
          "Action=SendMessage&Version=2012-11-05",
          QUEUE_PAIR,
          "MessageBody=hello&DelaySeconds=5&MessageDeduplicationId=ERERESIiQzOERFU%3D&MessageGroupId=pets",
          "MessageAttribute.1.Name=Agent&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=x",
          "MessageAttribute.2.Name=Raw&MessageAttribute.2.Value.DataType=Binary&MessageAttribute.2.Value.BinaryValue=AAE%3D",
          "MessageSystemAttribute.1.Name=AWSTraceHeader&MessageSystemAttribute.1.Value.DataType=String&MessageSystemAttribute.1.Value.StringValue=Root%3DERERESIiQzOERFU%3D",
        ].join("&"),
      ),
    ],
    ["SQS-ReceiveMessage", { QueueUrl: QUEUE }, {}, sqs(`Action=ReceiveMessage&Version=2012-11-05&${QUEUE_PAIR}`)],
    [
      "SQS-ReceiveMessage",
      { QueueUrl: QUEUE, AttributeNames: "All", MessageAttributeNames: '["a","b.*"]', MaxNumberOfMessages: "10", VisibilityTimeout: "0", WaitTimeSeconds: "1", ReceiveRequestAttemptId: "r" },
      {},
      sqs(
        `Action=ReceiveMessage&Version=2012-11-05&${QUEUE_PAIR}&MaxNumberOfMessages=10&ReceiveRequestAttemptId=r&VisibilityTimeout=0&WaitTimeSeconds=1&AttributeName.1=All&MessageAttributeName.1=a&MessageAttributeName.2=b.*`,
      ),
    ],
    ["SQS-DeleteMessage", { QueueUrl: QUEUE, ReceiptHandle: "$request.path.id" }, {}, sqs(`Action=DeleteMessage&Version=2012-11-05&${QUEUE_PAIR}&ReceiptHandle=a%20b`)],
    ["SQS-PurgeQueue", { QueueUrl: QUEUE }, {}, sqs(`Action=PurgeQueue&Version=2012-11-05&${QUEUE_PAIR}`)],
    [
      "AppConfig-GetConfiguration",
      { Application: "$request.path.id", Environment: "prod/eu", Configuration: "flags", ClientId: "me & you" },
      {},
      {
        method: "GET",
        target: "/applications/a%20b/environments/prod%2Feu/configurations/flags?client_id=me%20%26%20you",
        headers: [],
        body: undefined,
        service: "appconfig",
        address: { host: "appconfig.us-east-1.amazonaws.com", signingName: "appconfig", signingRegion: "us-east-1" },
      },
    ],
    [
      "AppConfig-GetConfiguration",
      { Application: "a", Environment: "e", Configuration: "c", ClientId: "i", ClientConfigurationVersion: "3" },
      {},
      {
        method: "GET",
        target: "/applications/a/environments/e/configurations/c?client_id=i&client_configuration_version=3",
        headers: [],
        body: undefined,
        service: "appconfig",
        address: { host: "appconfig.us-east-1.amazonaws.com", signingName: "appconfig", signingRegion: "us-east-1" },
      },
    ],
    [
      "Kinesis-PutRecord",
      { StreamName: "events", Data: "$request.body", PartitionKey: "$request.path.id" },
      { body: "héllo" },
      json("kinesis", "1.1", "Kinesis_20131202.PutRecord", { StreamName: "events", Data: Buffer.from("héllo").toString("base64"), PartitionKey: "a b" }),
    ],
    [
      "Kinesis-PutRecord",
      { StreamName: "events", Data: "x", PartitionKey: "k", SequenceNumberForOrdering: "1", ExplicitHashKey: "2" },
      {},
      json("kinesis", "1.1", "Kinesis_20131202.PutRecord", { StreamName: "events", Data: "eA==", PartitionKey: "k", ExplicitHashKey: "2", SequenceNumberForOrdering: "1" }),
    ],
    [
      "StepFunctions-StartExecution",
      { StateMachineArn: "arn:m", Name: "$context.requestId", Input: "$request.body" },
      { body: '{"a":1}' },
      json("states", "1.0", "AWSStepFunctions.StartExecution", { stateMachineArn: "arn:m", name: "ERERESIiQzOERFU=", input: '{"a":1}' }),
    ],
    [
      "StepFunctions-StartSyncExecution",
      { StateMachineArn: "arn:m", TraceHeader: "Root=1" },
      {},
      json("states", "1.0", "AWSStepFunctions.StartSyncExecution", { stateMachineArn: "arn:m", traceHeader: "Root=1" }, "sync-states.us-east-1.amazonaws.com"),
    ],
    [
      "StepFunctions-StopExecution",
      { ExecutionArn: "$request.body.arn", Cause: "because", Error: "E" },
      { body: '{"arn":"arn:x"}' },
      json("states", "1.0", "AWSStepFunctions.StopExecution", { executionArn: "arn:x", cause: "because", error: "E" }),
    ],
  ])("%s with %j", (subtype, parameters, asked, expected) => expect(callOf(subtype, parameters, asked)).toEqual(expected));
});

describe("the region", () => {
  it.each([
    ["eu-central-1", "kinesis.eu-central-1.amazonaws.com", "eu-central-1"],
    ["$stageVariables.region", "kinesis.eu-west-1.amazonaws.com", "eu-west-1"],
    ["$request.header.region", "kinesis.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ])("of the parameter %s is called", (Region, host, signingRegion) => {
    const call = callOf("Kinesis-PutRecord", { StreamName: "s", Data: "d", PartitionKey: "k", Region }, { headers: ["Region", "cn-north-1"] });
    expect(call).toMatchObject({ address: { host, signingName: "kinesis", signingRegion }, body: '{"StreamName":"s","Data":"ZA==","PartitionKey":"k"}' });
  });

  it.each(["evil.example/", "x@evil.example", "us-east-1.evil.example", ""])("%j is none, and nothing is called", (region) => {
    expect(callOf("SQS-PurgeQueue", { QueueUrl: QUEUE, Region: "$request.header.region" }, { headers: ["Region", region] })).toBe(`Invalid Region: ${region}`);
  });
});

describe("there is no call", () => {
  const unresolved = (name: string, source: string) =>
    `Unable to resolve property ${name} from source ${source}. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.`;

  it.each<[string, Record<string, string>, string]>([
    ["SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "$request.body.message" }, unresolved("MessageBody", "$request.body.message")],
    // https://github.com/hashicorp/terraform-provider-aws/issues/19443: parameters that are not required as well
    ["SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "a", MessageAttributes: "$context.authorizer" }, unresolved("MessageAttributes", "$context.authorizer")],
    ["SQS-SendMessage", { QueueUrl: "$request.header.queue", MessageBody: "a" }, unresolved("QueueUrl", "$request.header.queue")],
    ["SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "a", MessageAttributes: "many" }, "The parameter MessageAttributes has to be JSON"],
    ["SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "a", MessageAttributes: "[1]" }, "The parameter MessageAttributes has to be a JSON object"],
    ["SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "a", MessageAttributes: '{"a":{"b":1}}' }, "The parameter MessageAttributes has to be an object of objects with texts"],
    ["SQS-ReceiveMessage", { QueueUrl: QUEUE, AttributeNames: "[1]" }, "The parameter AttributeNames has to be a list of texts"],
    ["EventBridge-PutEvents", { Detail: "a", DetailType: "b", Source: "c", Time: "soon" }, "The parameter Time has to be a time"],
    ["AppConfig-GetConfiguration", { Application: "..", Environment: "e", Configuration: "c", ClientId: "i" }, "The parameter Application has to be the name or the id of one"],
    ["AppConfig-GetConfiguration", { Application: "a", Environment: "$request.body", Configuration: "c", ClientId: "i" }, "The parameter Environment has to be the name or the id of one"],
  ])("of %s with %j", (subtype, parameters, reason) => expect(callOf(subtype, parameters)).toBe(reason));
});

it.each<[string, Partial<HttpIntegration>, string]>([
  ["SNS-Publish", {}, "Operation: SNS-Publish is not supported"],
  ["toString", {}, "Operation: toString is not supported"],
  ["SQS-PurgeQueue", { credentialsArn: "arn:aws:iam::*:user/*" }, "Gatehouse has not built integrations with their caller's credentials"],
  ["SQS-PurgeQueue", { requestParameters: { QueueUrl: "$nothing" } }, "Invalid source: $nothing specified for destination: QueueUrl"],
])("%s with %j cannot work", (subtype, parts, reason) => expect(planOf(subtype, parts).plan).toEqual({ type: "BROKEN", reason }));

it("takes stage variables in the role, and the integration's timeout", () => {
  const { plan } = planOf("SQS-PurgeQueue", { credentialsArn: "arn:aws:iam::123456789012:role/${stageVariables.queue}", timeoutInMillis: 1000 });
  expect(plan).toMatchObject({ type: "SERVICE_ACTION", roleArn: "arn:aws:iam::123456789012:role/pets", timeoutMs: 1000 });
});
