import { expect, test } from "vitest";
import { readServiceCredentials, readServiceEndpoints } from "./aws-services.ts";
import { ConfigError } from "./config/index.ts";

test.each([
  ["sqs", "http://localhost:1/"],
  ["states", "http://localhost:2/base"],
  ["events", "http://localhost:3/"],
  ["runtime.sagemaker", "http://localhost:4/"],
  ["dynamodb", "http://localhost:9/"],
  ["new-service", "http://localhost:9/"],
])("ss-endpoints-table: %s is at %s", (service, expected) => {
  const endpoints = readServiceEndpoints({
    AWS_ENDPOINT_URL_SQS: "http://localhost:1",
    AWS_ENDPOINT_URL_SFN: "http://localhost:2/base",
    AWS_ENDPOINT_URL_CLOUDWATCH_EVENTS: "",
    AWS_ENDPOINT_URL_EVENTBRIDGE: "http://localhost:3",
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: "http://localhost:4",
    AWS_ENDPOINT_URL: "http://localhost:9",
  });
  expect(endpoints.endpoint(service)?.href).toBe(expected);
});

test("a service that the environment does not name is where AWS has it", () => {
  expect(readServiceEndpoints({ AWS_ENDPOINT_URL_SQS: "http://localhost:1" }).endpoint("sns")).toBeUndefined();
});

test.each(["localhost:1", "ftp://localhost/"])("%s is no endpoint", (value) => {
  expect(() => readServiceEndpoints({ AWS_ENDPOINT_URL_S3: value })).toThrow(
    new ConfigError(`AWS_ENDPOINT_URL_S3 is not a URL of http or https: ${value}`),
  );
});

test("requests are signed with the environment's credentials, else as the API's account", async () => {
  const signAs = (env: Readonly<Record<string, string>>) => readServiceCredentials(env).for("arn:aws:iam::123456789012:role/r", "123456789012", "us-east-1");
  expect(await signAs({})).toEqual({ accessKeyId: "123456789012", secretAccessKey: "test" });
  expect(await signAs({ AWS_ACCESS_KEY_ID: "AKID" })).toEqual({ accessKeyId: "123456789012", secretAccessKey: "test" });
  const keys = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "secret" };
  expect(await signAs(keys)).toEqual({ accessKeyId: "AKID", secretAccessKey: "secret" });
  expect(await signAs({ ...keys, AWS_SESSION_TOKEN: "token" })).toEqual({ accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" });
});
