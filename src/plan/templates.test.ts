import { describe, expect, it } from "vitest";
import { compileRequestTemplates, compileResponseTemplates, UNSUPPORTED } from "./templates.ts";

const JSON_TEMPLATE = { "application/json": "{}" };
const XML_TEMPLATE = { "application/xml": "<a/>" };
const [MATCH, TEMPLATES, NEVER] = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"] as const;
const [TRANSFORMED, PASSED, REFUSED] = ["transformed", "passed", "415"];

describe("integration-passthrough-behaviors: the payload of a request", () => {
  it.each([
    // The page's first example: a template for application/json. An absent Content-Type is application/json.
    [JSON_TEMPLATE, "application/json", MATCH, TRANSFORMED],
    [JSON_TEMPLATE, "application/json", TEMPLATES, TRANSFORMED],
    [JSON_TEMPLATE, "application/json", NEVER, TRANSFORMED],
    [JSON_TEMPLATE, "application/xml", MATCH, PASSED],
    [JSON_TEMPLATE, "application/xml", TEMPLATES, REFUSED],
    [JSON_TEMPLATE, "application/xml", NEVER, REFUSED],
    // The second: a template for application/xml.
    [XML_TEMPLATE, "application/json", MATCH, PASSED],
    [XML_TEMPLATE, "application/json", TEMPLATES, REFUSED],
    [XML_TEMPLATE, "application/json", NEVER, REFUSED],
    [XML_TEMPLATE, "application/xml", MATCH, TRANSFORMED],
    [XML_TEMPLATE, "application/xml", TEMPLATES, TRANSFORMED],
    [XML_TEMPLATE, "application/xml", NEVER, TRANSFORMED],
    // No template at all.
    [undefined, "application/json", MATCH, PASSED],
    [undefined, "application/json", TEMPLATES, PASSED],
    [undefined, "application/json", NEVER, REFUSED],
  ])("templates %j, %s, %s: %s", (templates, mediaType, behavior, expected) => {
    const chosen = compileRequestTemplates(templates, behavior).choose(mediaType);
    const outcome = chosen === undefined ? PASSED : chosen === UNSUPPORTED ? REFUSED : TRANSFORMED;
    expect(outcome).toBe(expected);
  });

  it("matches the media type of the template's key in any case", () => {
    expect(compileRequestTemplates({ "Application/XML": "<b/>" }, NEVER).choose("application/xml")).toMatchObject({ constant: Buffer.from("<b/>") });
  });
});

describe("request-response-data-mappings: the payload of a response", () => {
  const both = { "application/xml": "<a/>", "text/plain": "a" };

  it.each([
    ["text/plain", both, "text/plain"],
    ["application/json", both, "application/xml"],
    ["*/*", both, "application/xml"],
    ["text/plain", { ...both, "text/plain": "" }, undefined],
    ["text/plain", { ...both, "text/plain": null }, undefined],
    ["text/plain", undefined, undefined],
  ])("for Accept %s of %j is made by the template for %s", (accept, templates, expected) => {
    expect(compileResponseTemplates(templates).choose(accept)?.contentType).toBe(expected);
  });
});
