import { expect, test } from "vitest";
import { createGuard } from "./guard.ts";

const guard = createGuard({ allowedHosts: ["gatehouse.internal", "10.0.0.7", "[fd00::1]"] });

// Which hosts may be called: loopback names and addresses, and those that are configured. Nothing else, since any other
// name may be made to resolve to this machine (DNS rebinding).
test.each([
  ["localhost", true],
  ["localhost:4566", true],
  ["LOCALHOST:4566", true],
  ["localhost.", true],
  ["a1b2c3.execute-api.us-east-1.localhost:4566", true],
  ["localhost.localstack.cloud:4566", true],
  ["apigateway.us-east-1.localhost.localstack.cloud:4566", true],
  ["127.0.0.1", true],
  ["127.0.0.1:4566", true],
  ["127.255.0.3:1", true],
  ["[::1]:4566", true],
  ["[::1]", true],
  ["gatehouse.internal", true],
  ["Gatehouse.Internal:80", true],
  ["10.0.0.7:4566", true],
  ["[fd00::1]:4566", true],
  ["", false],
  ["evil.example", false],
  ["localhost.evil.example", false],
  ["evillocalhost", false],
  ["evil-localhost.localstack.cloud", false],
  ["localstack.cloud", false],
  ["127.0.0.1.evil.example", false],
  ["127.1", false],
  ["127.0.0.256", false],
  ["0177.0.0.1", false],
  ["2130706433", false],
  ["0.0.0.0", false],
  ["10.0.0.8", false],
  ["169.254.169.254", false],
  ["[::]", false],
  ["::1", false],
  ["[::ffff:127.0.0.1]", false],
  ["apigateway.us-east-1.amazonaws.com", false],
  ["sub.gatehouse.internal", false],
  ["user@localhost", false],
  ["localhost:", false],
  ["localhost:port", false],
  ["localhost:123456", false],
  ["localhost evil.example", false],
  ["localhost/evil", false],
])("Host %j: %s", (host, allowed) => {
  expect(guard({ headers: ["Host", host], encrypted: false }) === undefined).toBe(allowed);
});

test.each([
  ["no Host", [], false],
  ["two Hosts", ["Host", "localhost", "host", "localhost"], false],
  ["the console's own origin", ["Host", "localhost:4566", "Origin", "http://localhost:4566"], true],
  ["another port", ["Host", "localhost:4566", "Origin", "http://localhost:3000"], false],
  ["another scheme", ["Host", "localhost:4566", "Origin", "https://localhost:4566"], false],
  ["another name of this machine", ["Host", "localhost:4566", "Origin", "http://127.0.0.1:4566"], false],
  ["an opaque origin", ["Host", "localhost", "Origin", "null"], false],
  ["a foreign origin", ["Host", "localhost", "Origin", "http://evil.example"], false],
  ["one of two origins foreign", ["Host", "localhost", "Origin", "http://localhost", "Origin", "http://evil.example"], false],
  ["a page's own request", ["Host", "localhost", "Sec-Fetch-Site", "same-origin"], true],
  ["typed by the user", ["Host", "localhost", "Sec-Fetch-Site", "none"], true],
  ["another site's page", ["Host", "localhost", "sec-fetch-site", "cross-site"], false],
  ["the same site's page", ["Host", "localhost", "Sec-Fetch-Site", "same-site"], false],
])("%s: %j %s", (_name, headers, allowed) => {
  expect(guard({ headers, encrypted: false }) === undefined).toBe(allowed);
});

test("over TLS the own origin is https", () => {
  expect(guard({ headers: ["Host", "localhost", "Origin", "https://localhost"], encrypted: true })).toBeUndefined();
});

test("says what is wrong and what to do", () => {
  expect(guard({ headers: ["Host", "evil.example"], encrypted: false })).toBe(
    "The host 'evil.example' is not allowed here: call a loopback name, or add it to --allowed-hosts.",
  );
});

test("where requests have to be signed, any valid Host will do, and foreign pages are refused all the same", () => {
  const any = createGuard({ allowedHosts: "any" });
  expect(any({ headers: ["Host", "gatehouse.example.com:4566"], encrypted: true })).toBeUndefined();
  expect(any({ headers: ["Host", "a b"], encrypted: true })).toBe("The request needs one valid Host header.");
  expect(any({ headers: ["Host", "example.com", "Origin", "https://evil.example"], encrypted: true })).toBe("Requests from web pages of another origin are refused.");
  expect(any({ headers: ["Host", "example.com", "Sec-Fetch-Site", "cross-site"], encrypted: true })).toBe("Requests from web pages of another site are refused.");
});
