import { expect, test } from "vitest";
import { callbackTarget } from "./callback-target.ts";

const ID = "L0SM9cOFvHcCIhw=";

test.each([
  ["/@connections/L0SM9cOFvHcCIhw=", "POST", { connectionId: ID, operation: "PostToConnection" }],
  // As the SDK for JavaScript sends it.
  ["/@connections/L0SM9cOFvHcCIhw%3D", "GET", { connectionId: ID, operation: "GetConnection" }],
  // apigateway-how-to-call-websocket-api-connections: "You need to URL-encode the command".
  ["/%40connections/L0SM9cOFvHcCIhw%3D", "DELETE", { connectionId: ID, operation: "DeleteConnection" }],
  ["/@connections/%", "POST", { connectionId: "%", operation: "PostToConnection" }],
  ["/@connections/constructor", "constructor", { connectionId: "constructor", operation: undefined }],
  ["/@connections/x", "PUT", { connectionId: "x", operation: undefined }],
])("%s, by %s", (path, method, target) => {
  expect(callbackTarget(path, method)).toEqual(target);
});

test.each(["/", "", "/@connections", "/@connections/", "/@connections/x/", "/@connections/x/y", "/connections/x", "@connections/x", "//@connections/x"])("%j is no callback", (path) => {
  expect(callbackTarget(path, "POST")).toBeUndefined();
});
