import { expect, test } from "vitest";
import { apiGateway } from "../model/apigateway.gen.ts";
import { apiGatewayV2 } from "../model/apigatewayv2.gen.ts";
import { lambda } from "../model/lambda.gen.ts";
import type { OperationTable } from "../model/table.ts";
import { parseQuery, splitTarget } from "./query.ts";
import { createRouter } from "./route.ts";

function find(table: OperationTable, method: string, target: string) {
  const { path, search } = splitTarget(target);
  const route = createRouter(table)(method, path, parseQuery(search));
  return route && { operation: route.operation.name, labels: Object.fromEntries(route.labels) };
}

test.each([
  [apiGateway, "GET", "/restapis", "GetRestApis", {}],
  [apiGateway, "GET", "/restapis/", "GetRestApis", {}],
  [apiGateway, "POST", "/restapis", "CreateRestApi", {}],
  [apiGateway, "POST", "/restapis?mode=import", "ImportRestApi", {}],
  [apiGateway, "POST", "/restapis?failonwarnings=true&mode=import", "ImportRestApi", {}],
  [apiGateway, "POST", "/restapis?mode=other", "CreateRestApi", {}],
  [apiGateway, "POST", "/apikeys?mode=import&format=csv", "ImportApiKeys", {}],
  [apiGateway, "GET", "/restapis/a%2Fb", "GetRestApi", { restApiId: "a%2Fb" }],
  [apiGateway, "GET", "/account", "GetAccount", {}],
  [
    apiGateway, "PUT", "/restapis/a/resources/b/methods/GET/integration/responses/200", "PutIntegrationResponse",
    { restApiId: "a", resourceId: "b", httpMethod: "GET", statusCode: "200" },
  ],
  [apiGateway, "GET", "/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa", "GetTags", { resourceArn: "arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa" }],
  [apiGatewayV2, "GET", "/v2/apis/a/routes/b", "GetRoute", { ApiId: "a", RouteId: "b" }],
  [lambda, "POST", "/2015-03-31/functions/f/invocations", "Invoke", { FunctionName: "f" }],
  [lambda, "GET", "/2015-03-31/functions/", "ListFunctions", {}],
] as const)("%#: %s %s %s", (table, method, target, operation, labels) => {
  expect(find(table, method, target)).toEqual({ operation, labels });
});

test.each([
  [apiGateway, "GET", "/"],
  [apiGateway, "GET", ""],
  [apiGateway, "GET", "//restapis"],
  [apiGateway, "GET", "/restapis//resources"],
  [apiGateway, "GET", "/restapis/a/b/c/d/e/f/g/h/i/j"],
  [apiGateway, "HEAD", "/restapis"],
  [apiGateway, "get", "/restapis"],
  [apiGateway, "GET", "/RestApis"],
  [apiGateway, "__proto__", "/restapis"],
  [apiGateway, "GET", "/constructor"],
  [apiGateway, "GET", "*"],
] as const)("%#: %s %s %s is no operation", (table, method, target) => {
  expect(find(table, method, target)).toBeUndefined();
});

test("literals win over labels, labels over greedy labels, and a literal that leads nowhere is given up", () => {
  const operation = (name: string, uri: string) => [name, { name, method: "GET", uri, status: 200, input: "I", output: "O" }] as const;
  const table: OperationTable = {
    service: "s", signingName: "s", protocol: "restJson1", shapes: {},
    operations: Object.fromEntries([
      operation("Greedy", "/a/{rest+}"), operation("Label", "/a/{x}"), operation("Literal", "/a/b"), operation("Deep", "/a/{x}/c"),
    ]),
  };
  expect(find(table, "GET", "/a/b")).toEqual({ operation: "Literal", labels: {} });
  expect(find(table, "GET", "/a/x")).toEqual({ operation: "Label", labels: { x: "x" } });
  expect(find(table, "GET", "/a/b/c")).toEqual({ operation: "Deep", labels: { x: "b" } });
  expect(find(table, "GET", "/a/b/d")).toEqual({ operation: "Greedy", labels: { rest: "b/d" } });
});

test("every operation is found at its own template", () => {
  for (const table of [apiGateway, apiGatewayV2, lambda]) {
    for (const { name, method, uri } of Object.values(table.operations)) {
      const target = uri.replace(/\{\w+\+?\}/g, "x");
      expect(find(table, method, target)?.operation, `${method} ${uri}`).toBe(name);
    }
  }
});
