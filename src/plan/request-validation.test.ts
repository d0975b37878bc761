import { describe, expect, it } from "vitest";
import { API_ID, planOf, snapshotOf } from "../../test/harness/rest-api.ts";
import type { MethodParts } from "../../test/harness/rest-api.ts";
import { modelUrl } from "../domain/data-model.ts";
import type { RestApiSnapshot } from "../domain/rest-api.ts";
import { checkSnapshot } from "./check.ts";

const model = (name: string, schema: unknown, contentType = "application/json") => ({
  id: name,
  name,
  contentType,
  schema: typeof schema === "string" ? schema : JSON.stringify(schema),
});
const validators = (body: boolean, parameters: boolean) => [{ id: "v", validateRequestBody: body, validateRequestParameters: parameters }];
const pet: MethodParts = { requestValidatorId: "v", requestModels: { "application/json": "Pet" }, requestParameters: { "method.request.header.h": true } };

describe("a method is refused at deployment", () => {
  it.each<[reason: string, snapshot: Partial<RestApiSnapshot>]>([
    ["uses the request validator v, which does not exist", {}],
    ["uses the model Pet, which does not exist", { requestValidators: validators(true, false) }],
    [
      'uses the model Pet, whose schema is invalid: $ref: "#/definitions/none" leads to no schema at #/$ref',
      { requestValidators: validators(true, false), models: [model("Pet", { $ref: "#/definitions/none" })] },
    ],
    [
      `uses the model Pet, whose schema is invalid: $ref: "${modelUrl(API_ID, "None")}" leads to no schema at #/items/$ref`,
      { requestValidators: validators(true, false), models: [model("Pet", { items: { $ref: modelUrl(API_ID, "None") } })] },
    ],
    [
      `uses the model Pet, whose schema is invalid: $ref: "${modelUrl("another1id", "Dog")}" leads to no schema at #/$ref`,
      { requestValidators: validators(true, false), models: [model("Pet", { $ref: modelUrl("another1id", "Dog") }), model("Dog", {})] },
    ],
    [
      'uses the model Pet, whose schema is invalid: type: "pet" is no type (array, boolean, integer, null, number, object, string) at #/type',
      { requestValidators: validators(true, false), models: [model("Pet", { type: "pet" })] },
    ],
  ])("when it %s", (reason, snapshot) => {
    expect(checkSnapshot(snapshotOf({ "POST /pets": pet }, snapshot))).toEqual([`Method POST of resource /pets ${reason}.`]);
  });

  it("when its model's schema is no JSON, or has a pattern that cannot be used", () => {
    const reasons = (schema: unknown) =>
      checkSnapshot(snapshotOf({ "POST /pets": pet }, { requestValidators: validators(true, false), models: [model("Pet", schema)] }));
    expect(reasons("{")).toEqual([expect.stringMatching(/^Method POST of resource \/pets uses the model Pet, whose schema is invalid: .*JSON/)]);
    expect(reasons({ pattern: "(?=a)" })).toEqual([expect.stringContaining('"(?=a)" cannot be used as a pattern')]);
  });

  it("but not for models that nobody validates against", () => {
    const broken = { models: [model("Pet", { $ref: "#/none" })] };
    expect(checkSnapshot(snapshotOf({ "POST /pets": pet }, { requestValidators: validators(false, true), ...broken }))).toEqual([]);
    expect(checkSnapshot(snapshotOf({ "POST /pets": { requestModels: { "application/json": "Pet" } } }, broken))).toEqual([]);
  });
});

describe("what a method does not need costs it nothing", () => {
  const validationOf = (method: MethodParts, snapshot: Partial<RestApiSnapshot>) => planOf({ "POST /": method }, { snapshot }).route("/", "POST")?.method.validation;
  const models = [model("Pet", { type: "object" }), model("Xsd", "<xs:schema/>", "application/xml"), { id: "n", name: "None", contentType: "application/json" }];

  it.each<[what: string, method: MethodParts, snapshot: Partial<RestApiSnapshot>]>([
    ["no validator", { ...pet, requestValidatorId: "" }, { models, requestValidators: validators(true, true) }],
    ["a validator of nothing", pet, { models, requestValidators: validators(false, false) }],
    ["a validator of parameters that are all optional", { ...pet, requestParameters: { "method.request.header.h": false } }, { models, requestValidators: validators(false, true) }],
    ["a validator of bodies without models", { requestValidatorId: "v" }, { models, requestValidators: validators(true, true) }],
    ["a model that is no JSON schema", { ...pet, requestModels: { "application/xml": "Xsd" } }, { models, requestValidators: validators(true, false) }],
    ["a model without a schema", { ...pet, requestModels: { "application/json": "None" } }, { models, requestValidators: validators(true, false) }],
  ])("%s", (_, method, snapshot) => {
    expect(validationOf(method, snapshot)).toBeUndefined();
  });
});

it("a model's whole numbers past 2^53 keep all their digits", () => {
  const models = [model("Pet", '{"maximum":9007199254740993}')];
  const plan = planOf({ "POST /": { ...pet, requestParameters: {} } }, { snapshot: { models, requestValidators: validators(true, false) } });
  const validate = plan.route("/", "POST")?.method.validation?.body?.choose("application/json");
  expect(validate?.(Buffer.from("9007199254740993"))).toBeUndefined();
  expect(validate?.(Buffer.from("9007199254740994"))).toBe(
    "[numeric instance is greater than the required maximum (maximum: 9007199254740993, found: 9007199254740994)]",
  );
});
