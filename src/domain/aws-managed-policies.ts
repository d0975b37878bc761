// The managed policies of AWS's own that API Gateway's and Lambda's guides name: they exist in every account, read-only.
// Documents and dates as on https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html.
import { createHash } from "node:crypto";
import type { PolicyRecord } from "./identity-records.ts";

interface Row {
  readonly name: string;
  readonly path?: string;
  readonly description: string;
  readonly created: string;
  readonly edited?: string;
  readonly version?: string;
  readonly actions: readonly string[] | string;
  readonly resource?: string;
  readonly sid?: string;
}

const LOG_WRITES = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

const ROWS: readonly Row[] = [
  { name: "AdministratorAccess", description: "Provides full access to AWS services and resources.", created: "2015-02-06T18:39Z", actions: "*" },
  {
    name: "AmazonAPIGatewayAdministrator",
    description: "Provides full access to create/edit/delete APIs in Amazon API Gateway via the AWS Management Console.",
    created: "2015-07-09T17:34Z",
    actions: ["apigateway:*"],
    resource: "arn:aws:apigateway:*::/*",
  },
  {
    name: "AmazonAPIGatewayInvokeFullAccess",
    description: "Provides full access to invoke APIs in Amazon API Gateway.",
    created: "2015-07-09T17:36Z",
    edited: "2018-12-18T18:25Z",
    version: "v2",
    actions: ["execute-api:Invoke", "execute-api:ManageConnections"],
    resource: "arn:aws:execute-api:*:*:*",
  },
  {
    name: "AmazonAPIGatewayPushToCloudWatchLogs",
    path: "/service-role/",
    description: "Allows API Gateway to push logs to user's account.",
    created: "2015-11-11T23:41Z",
    actions: [
      "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents",
      "logs:GetLogEvents", "logs:FilterLogEvents",
    ],
  },
  {
    name: "AmazonKinesisFullAccess",
    description: "Provides full access to all streams via the AWS Management Console.",
    created: "2015-02-06T18:40Z",
    actions: "kinesis:*",
  },
  {
    name: "AmazonKinesisReadOnlyAccess",
    description: "Provides read only access to all streams via the AWS Management Console.",
    created: "2015-02-06T18:40Z",
    actions: ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"],
  },
  {
    name: "AmazonS3ReadOnlyAccess",
    description: "Provides read only access to all buckets via the AWS Management Console.",
    created: "2015-02-06T18:40Z",
    edited: "2023-08-10T21:31Z",
    version: "v3",
    actions: ["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
  },
  {
    name: "AWSLambdaBasicExecutionRole",
    path: "/service-role/",
    description: "Provides write permissions to CloudWatch Logs.",
    created: "2015-04-09T15:03Z",
    actions: LOG_WRITES,
  },
  {
    name: "AWSLambdaVPCAccessExecutionRole",
    path: "/service-role/",
    description:
      "Provides minimum permissions for a Lambda function to execute while accessing a resource within a VPC - " +
      "create, describe, delete network interfaces and write permissions to CloudWatch Logs.",
    created: "2016-02-11T23:15Z",
    edited: "2024-01-05T22:38Z",
    version: "v3",
    actions: [
      ...LOG_WRITES, "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
    ],
    sid: "AWSLambdaVPCAccessExecutionPermissions",
  },
];

function toRecord({ name, path = "/", description, created, edited = created, version = "v1", actions, resource = "*", sid }: Row): PolicyRecord {
  const statement = { ...(sid !== undefined && { Sid: sid }), Effect: "Allow", Action: actions, Resource: resource };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, undefined, 2);
  return {
    account: "aws",
    name,
    path,
    // AWS's own ids are not printed on its pages; these stay the same.
    id: `ANPA${createHash("sha256").update(name).digest("hex").toUpperCase().replaceAll(/[0189]/g, "Z").slice(0, 17)}`,
    description,
    createDate: Date.parse(created),
    updateDate: Date.parse(edited),
    tags: {},
    versions: [{ id: version, document, createDate: Date.parse(edited) }],
    defaultVersion: version,
    lastVersion: Number(version.slice(1)),
  };
}

export const awsManagedPolicies: readonly PolicyRecord[] = ROWS.map(toRecord);

const byName = new Map(awsManagedPolicies.map((policy) => [policy.name, policy]));

export const awsManagedPolicy = (name: string): PolicyRecord | undefined => byName.get(name);
