import { expect, test } from "vitest";
import { call, callOf, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const ROLE = "arn:aws:iam::123412341234:role/APIGatewayToCloudWatchLogs";
const FRESH = { throttleSettings: { rateLimit: 10_000, burstLimit: 5_000 }, features: ["UsagePlans"], apiKeyVersion: "4" };

test("GetAccount tells the limits and features of an account that nobody has changed", async () => {
  const { api } = startControlPlane();
  expect(await api.GetAccount({}, call)).toEqual(FRESH);
});

// awscli, examples of update-account
test("UpdateAccount sets the role for logs, for its account and region alone", async () => {
  const { api } = startControlPlane();
  const patchOperations = [{ op: "replace", path: "/cloudwatchRoleArn", value: ROLE }] as const;
  expect(await api.UpdateAccount({ patchOperations }, call)).toEqual({ ...FRESH, cloudwatchRoleArn: ROLE });
  expect(await api.GetAccount({}, call)).toEqual({ ...FRESH, cloudwatchRoleArn: ROLE });
  expect(await api.GetAccount({}, callOf("000000000000", "eu-west-1"))).toEqual(FRESH);
  expect(await api.GetAccount({}, callOf("111111111111", "us-east-1"))).toEqual(FRESH);
  expect(await api.UpdateAccount({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: "" }] }, call)).toEqual(FRESH);
});

test.each([
  [{ op: "add", path: "/features", value: "UsagePlans" }],
  [{ op: "replace", path: "/cloudwatchRoleArn", value: "arn:aws-cn:iam::123412341234:role/service-role/logs" }],
] as const)("UpdateAccount takes %j", async (operation) => {
  const { api } = startControlPlane();
  const answer = await api.UpdateAccount({ patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...FRESH, ...(operation.op === "replace" ? { cloudwatchRoleArn: operation.value } : {}) });
});

const UNTRUSTED =
  "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.";

// patch-operations, UpdateAccount
test.each([
  [{ op: "replace", path: "/cloudwatchRoleArn", value: "role" }, UNTRUSTED],
  [{ op: "remove", path: "/cloudwatchRoleArn" }, "Invalid patch path  '/cloudwatchRoleArn' specified for op 'remove'. Must be one of: [/features]"],
  [{ op: "add", path: "/cloudwatchRoleArn", value: ROLE }, "Invalid patch path  '/cloudwatchRoleArn' specified for op 'add'. Must be one of: [/features]"],
  [{ op: "copy", path: "/cloudwatchRoleArn", from: "/features" }, "Invalid patch path  '/cloudwatchRoleArn' specified for op 'copy'. Must be one of: []"],
  [{ op: "replace", path: "/features", value: "UsagePlans" }, "Invalid patch path  '/features' specified for op 'replace'. Must be one of: [/cloudwatchRoleArn]"],
  [{ op: "add", path: "/features", value: "Other" }, "Invalid patch value 'Other' specified for path '/features'. Must be one of: [UsagePlans]"],
  [{ op: "remove", path: "/features", value: "UsagePlans" }, "The UsagePlans feature cannot be removed"],
  [{ op: "remove", path: "/features", value: "Other" }, "Invalid patch value 'Other' specified for path '/features'. Must be one of: [UsagePlans]"],
  [{ op: "replace", path: "/throttleSettings/rateLimit", value: "1" }, "Invalid patch path  '/throttleSettings/rateLimit' specified for op 'replace'. Must be one of: [/cloudwatchRoleArn]"],
  [{ op: "replace", path: "/apiKeyVersion", value: "5" }, "Invalid patch path  '/apiKeyVersion' specified for op 'replace'. Must be one of: [/cloudwatchRoleArn]"],
] as const)("UpdateAccount refuses %j, and then changes nothing", async (operation, expected) => {
  const { api } = startControlPlane();
  const patchOperations = [{ op: "replace", path: "/cloudwatchRoleArn", value: ROLE }, operation] as const;
  expect(await refusal(api.UpdateAccount({ patchOperations }, call))).toBe(`BadRequestException: ${expected}`);
  expect(await api.GetAccount({}, call)).toEqual(FRESH);
});

test("accounts that are changed at the same moment lose no change", async () => {
  const { api } = startControlPlane();
  const replace = (value: string) => api.UpdateAccount({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value }] }, call);
  await Promise.all([replace(ROLE), ...[1, 2, 3].map(() => api.CreateVpcLink({ name: "a", targetArns: ["arn"] }, call))]);
  expect(await api.GetAccount({}, call)).toEqual({ ...FRESH, cloudwatchRoleArn: ROLE });
});
