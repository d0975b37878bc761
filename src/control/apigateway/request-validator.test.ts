import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const NOT_FOUND = "NotFoundException: Invalid Request Validator identifier specified";

async function start() {
  const { api } = startControlPlane();
  const found = await petStore(api);
  const { restApiId } = found;
  const validator = await api.CreateRequestValidator({ restApiId, name: "body", validateRequestBody: true }, call);
  return { api, ...found, validator, key: { restApiId, requestValidatorId: validator.id as string } };
}

test("CreateRequestValidator, GetRequestValidator, GetRequestValidators by pages, DeleteRequestValidator", async () => {
  const { api, restApiId, validator, key } = await start();
  expect(validator).toEqual({ id: "i00006", name: "body", validateRequestBody: true, validateRequestParameters: false });
  expect(await api.GetRequestValidator(key, call)).toEqual(validator);
  const second = await api.CreateRequestValidator({ restApiId }, call);
  expect(second).toEqual({ id: "i00007", validateRequestBody: false, validateRequestParameters: false });
  const page = await api.GetRequestValidators({ restApiId, limit: 1 }, call);
  expect(page).toEqual({ items: [validator], position: expect.any(String) });
  expect(await api.GetRequestValidators({ restApiId, position: page.position as string }, call)).toEqual({ items: [second] });
  expect(await api.DeleteRequestValidator(key, call)).toEqual({});
  expect(await refusal(api.GetRequestValidator(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateRequestValidator(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteRequestValidator(key, call))).toBe(NOT_FOUND);
});

test("names are unique within an API", async () => {
  const { api, restApiId, key } = await start();
  const expected = "ConflictException: Request Validator name must be unique";
  expect(await refusal(api.CreateRequestValidator({ restApiId, name: "body" }, call))).toBe(expected);
  await api.CreateRequestValidator({ restApiId, name: "other" }, call);
  const rename = (value: string) => api.UpdateRequestValidator({ ...key, patchOperations: [{ op: "replace", path: "/name", value }] }, call);
  expect(await refusal(rename("other"))).toBe(expected);
  expect((await rename("body")).name).toBe("body");
  const elsewhere = await petStore(api);
  expect((await api.CreateRequestValidator({ restApiId: elsewhere.restApiId, name: "body" }, call)).name).toBe("body");
});

test("an API has 20 request validators", async () => {
  const { api, restApiId } = await start();
  for (let i = 1; i < 20; i++) await api.CreateRequestValidator({ restApiId }, call);
  expect(await refusal(api.CreateRequestValidator({ restApiId }, call))).toBe(
    "LimitExceededException: Maximum number of Request Validators for this API has been reached.  Please contact AWS if you need additional Request Validators.",
  );
});

test.each([
  [{ op: "replace", path: "/name", value: "all" }, { name: "all" }],
  [{ op: "replace", path: "/name", value: "" }, { name: undefined }],
  [{ op: "replace", path: "/validateRequestBody", value: "false" }, { validateRequestBody: false }],
  [{ op: "replace", path: "/validateRequestParameters", value: "true" }, { validateRequestParameters: true }],
] as const)("UpdateRequestValidator: %j", async (operation, changed) => {
  const { api, validator, key } = await start();
  const answer = await api.UpdateRequestValidator({ ...key, patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...validator, ...changed });
  expect(await api.GetRequestValidator(key, call)).toEqual(answer);
});

test.each([
  [{ op: "replace", path: "/validateRequestBody", value: "yes" }, "BadRequestException: Invalid patch value 'yes' specified for path '/validateRequestBody'. Must be true or false"],
  [{ op: "replace", path: "/id", value: "x" }, "BadRequestException: Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/name, /validateRequestBody, /validateRequestParameters]"],
  [{ op: "remove", path: "/name" }, "BadRequestException: Invalid patch path  '/name' specified for op 'remove'. Must be one of: []"],
] as const)("UpdateRequestValidator refuses %j", async (operation, expected) => {
  const { api, validator, key } = await start();
  const patchOperations = [{ op: "replace", path: "/name", value: "new" }, operation] as const;
  expect(await refusal(api.UpdateRequestValidator({ ...key, patchOperations }, call))).toBe(expected);
  expect(await api.GetRequestValidator(key, call)).toEqual(validator);
});

test("a validator that a method uses is not deleted", async () => {
  const { api, restApiId, rootId, key, method } = await start();
  const { requestValidatorId } = key;
  const root = { restApiId, resourceId: rootId, httpMethod: "ANY" };
  expect((await api.PutMethod({ ...root, authorizationType: "NONE", requestValidatorId }, call)).requestValidatorId).toBe(requestValidatorId);
  expect(await refusal(api.DeleteRequestValidator(key, call))).toBe("ConflictException: Cannot delete Request Validator 'body', is referenced in method: ANY//");
  const set = (value: string) => ({ patchOperations: [{ op: "replace", path: "/requestValidatorId", value }] as const });
  expect((await api.UpdateMethod({ ...method, ...set(requestValidatorId) }, call)).requestValidatorId).toBe(requestValidatorId);
  await api.DeleteMethod(root, call);
  await api.UpdateRequestValidator({ ...key, patchOperations: [{ op: "replace", path: "/name", value: "" }] }, call);
  expect(await refusal(api.DeleteRequestValidator(key, call))).toBe("ConflictException: Cannot delete Request Validator 'i00006', is referenced in method: GET//pets");
  expect((await api.UpdateMethod({ ...method, ...set("") }, call)).requestValidatorId).toBeUndefined();
  expect(await api.DeleteRequestValidator(key, call)).toEqual({});
});

test("methods use validators of their own API alone", async () => {
  const { api, key } = await start();
  const other = await petStore(api);
  const patchOperations = [{ op: "replace", path: "/requestValidatorId", value: key.requestValidatorId }] as const;
  expect(await refusal(api.UpdateMethod({ ...other.method, patchOperations }, call))).toBe("BadRequestException: Invalid Request Validator identifier specified");
});
