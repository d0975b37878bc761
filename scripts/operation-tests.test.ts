import { expect, test } from "vitest";
import { foremost, operationsIn } from "./operation-tests.ts";

const services = [
  { service: "apigateway", client: "@aws-sdk/client-api-gateway", folder: "src/control/apigateway/", harnesses: ["/harness/control-plane.ts"] },
  { service: "apigatewayv2", client: "@aws-sdk/client-apigatewayv2", folder: "src/control/apigatewayv2/" },
];

test.each<[string, string, readonly string[]]>([
  ["test/a.test.ts", 'import { GetApiCommand } from "@aws-sdk/client-apigatewayv2";\nnew GetApiCommand({})', ["apigatewayv2 GetApi"]],
  ["test/a.test.ts", 'import {\n  type X,\n  GetStageCommand,\n} from "@aws-sdk/client-api-gateway";\nnew GetStageCommand({})', ["apigateway GetStage"]],
  ["test/a.test.ts", 'import { GetStageCommand } from "@aws-sdk/client-api-gateway";', []],
  ["test/a.test.ts", 'import { GetStageCommand } from "elsewhere";\nnew GetStageCommand({})', []],
  ["test/a.test.ts", 'import { call } from "../harness/control-plane.ts";\nawait api.GetStage({}, call)', ["apigateway GetStage"]],
  ["test/a.test.ts", "await api.GetStage({}, call)", []],
  ["src/control/apigateway/stage.test.ts", "await api.GetStage({}, call); JSON.stringify(a)", ["apigateway GetStage"]],
  ["src/control/apigatewayv2/stage.test.ts", "await api.GetStage({}, call)", ["apigatewayv2 GetStage"]],
  ["src/control/apigatewayv2/stage.test.ts", 'import { call } from "../harness/control-plane.ts";\nawait api.GetStage({}, call)', ["apigatewayv2 GetStage"]],
  ["src/control/apigatewayv2/stage.test.ts", "for (const each of [v2.GetStage, v2.GetApi]) await each({}, call)", ["apigatewayv2 GetStage", "apigatewayv2 GetApi"]],
])("%s: %j", (file, source, expected) => {
  expect([...operationsIn(file, source, services)]).toEqual(expected);
});

test("of all files, those that are most about an operation are named", () => {
  const tests = new Map([
    ["apigateway GetStage", ["src/a/lists.test.ts", "src/a/stage.test.ts", "test/s/many.test.ts", "test/s/stages.test.ts"]],
    ["apigateway GetExport", ["src/a/lists.test.ts", "src/a/stage.test.ts"]],
    ["apigateway GetModel", ["src/a/stage.test.ts"]],
  ]);
  expect(foremost(tests, "apigateway", "GetStage")).toEqual(["src/a/stage.test.ts", "test/s/stages.test.ts"]);
  expect(foremost(tests, "apigateway", "GetExport")).toEqual(["src/a/lists.test.ts"]);
  expect(foremost(tests, "apigateway", "GetNothing")).toEqual([]);
});
