import { describe, expect, it } from "vitest";
import type { RequestFacts } from "./facts.ts";
import type { ParameterMapping } from "./parameter-mapping.ts";
import { compileServiceTarget } from "./service-target.ts";

const facts = {} as RequestFacts;

const mapped = (values: Readonly<Record<string, string>>): ReadonlyMap<string, ParameterMapping<RequestFacts>> =>
  new Map(Object.entries(values).map(([name, value]) => [name, { name, lowerCaseName: name, value: () => value }]));

/** Where a URI leads, as a URL. */
function url(uri: string, values: Readonly<Record<string, string>> = {}): string {
  const compiled = compileServiceTarget(uri, mapped(values));
  if (typeof compiled === "string") return compiled;
  const query = compiled.target.query(facts);
  return `${compiled.target.origin}${compiled.target.path(facts)}${query === "" ? "" : `?${query}`}`;
}

describe("the URI of an AWS service integration", () => {
  it.each([
    ["arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue", "https://sqs.us-east-1.amazonaws.com/123456789012/queue"],
    // The log in github.com/epsagon/epsagon-node/issues/451 shows https://sns.region.amazonaws.com// for it.
    ["arn:aws:apigateway:eu-west-1:sns:path//", "https://sns.eu-west-1.amazonaws.com//"],
    ["arn:aws:apigateway:us-west-2:s3:path/{bucket}/{object}", "https://s3.us-west-2.amazonaws.com/b/folder%2Fname"],
    ["arn:aws:apigateway:us-west-2:s3:path/{bucket}?prefix={object}&max-keys=1", "https://s3.us-west-2.amazonaws.com/b?prefix=folder%2Fname&max-keys=1"],
    ["arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", "https://dynamodb.us-east-1.amazonaws.com/?Action=PutItem"],
    [
      "arn:aws:apigateway:us-west-2:s3:action/GetObject&Bucket={bucket}&Key={object}",
      "https://s3.us-west-2.amazonaws.com/?Action=GetObject&Bucket=b&Key=folder%2Fname",
    ],
    ["arn:aws:apigateway:us-east-1:runtime.sagemaker:path//endpoints/x/invocations", "https://runtime.sagemaker.us-east-1.amazonaws.com//endpoints/x/invocations"],
    ["arn:aws:apigateway:us-east-1:a1b2-ats.iotdata:path/topics/t", "https://a1b2-ats.iot.us-east-1.amazonaws.com/topics/t"],
    ["arn:aws-cn:apigateway:cn-north-1:sqs:path/1/q", "https://sqs.cn-north-1.amazonaws.com.cn/1/q"],
    ["arn:aws:apigateway:us-east-1:iam:action/ListUsers&Version=2010-05-08", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"],
    ["arn:aws:apigateway:us-east-1:sqs:path/{account}/q", "No mapping for the path variable account of arn:aws:apigateway:us-east-1:sqs:path/{account}/q"],
    ["arn:aws:apigateway:us-east-1:sqs:", "Invalid service in the URI arn:aws:apigateway:us-east-1:sqs:"],
  ])("%s is %s", (uri, expected) => {
    expect(url(uri, { bucket: "b", object: "folder%2Fname" })).toBe(expected);
  });

  it("lets no value of an action's parameter make another parameter", () => {
    const uri = "arn:aws:apigateway:us-east-1:sns:action/Publish&Message={m}";
    expect(url(uri, { m: "a&TopicArn=b+c d#e" })).toBe("https://sns.us-east-1.amazonaws.com/?Action=Publish&Message=a%26TopicArn%3Db%2Bc%20d%23e");
  });

  it("sends S3 paths in the one encoding that S3 signs", () => {
    expect(url("arn:aws:apigateway:us-east-1:s3:path/{bucket}/{object}", { bucket: "b", object: "a=1,(x)!" })).toBe(
      "https://s3.us-east-1.amazonaws.com/b/a%3D1%2C%28x%29%21",
    );
  });

  it.each([
    ["us-east-1:sqs:path/1/q", "sqs", "us-east-1", undefined],
    ["us-east-1:runtime.sagemaker:path/x", "sagemaker", "us-east-1", undefined],
    ["us-east-1:email:action/SendEmail", "ses", "us-east-1", undefined],
    ["eu-west-1:iam:action/ListUsers", "iam", "us-east-1", undefined],
    ["us-east-1:a1b2-ats.iotdata:path/topics/t", "iotdata", "us-east-1", undefined],
    ["eu-west-1:metering.marketplace:action/MeterUsage", "aws-marketplace", "eu-west-1", "AWSMPMeteringService.MeterUsage application/x-amz-json-1.1"],
    ["us-east-1:dynamodb:action/GetItem", "dynamodb", "us-east-1", "DynamoDB_20120810.GetItem application/x-amz-json-1.0"],
    ["us-east-1:kinesis:action/PutRecord", "kinesis", "us-east-1", "Kinesis_20131202.PutRecord application/x-amz-json-1.1"],
    ["us-east-1:states:action/StartExecution", "states", "us-east-1", "AWSStepFunctions.StartExecution application/x-amz-json-1.0"],
    ["us-east-1:dynamodb:path/", "dynamodb", "us-east-1", undefined],
  ])("%s is signed for %s in %s, its JSON action being %s", (uri, signingName, signingRegion, action) => {
    const target = compileServiceTarget(`arn:aws:apigateway:${uri}`, mapped({}));
    if (typeof target === "string") throw new Error(target);
    const { json } = target;
    expect([target.signingName, target.signingRegion, json && `${json.target} ${json.contentType}`]).toEqual([signingName, signingRegion, action]);
  });
});
