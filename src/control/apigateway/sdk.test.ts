import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const { api } = startControlPlane();

test("GetSdkTypes has AWS's six (model: GetSdkRequest.sdkType)", async () => {
  const { items = [] } = await api.GetSdkTypes({}, call);
  expect(items.map(({ id, friendlyName }) => [id, friendlyName])).toEqual([
    ["android", "Android"],
    ["java", "Java"],
    ["javascript", "JavaScript"],
    ["objectivec", "iOS (Objective-C)"],
    ["ruby", "Ruby"],
    ["swift", "iOS (Swift)"],
  ]);
  for (const type of items) expect(await api.GetSdkType({ id: type.id as string }, call)).toEqual(type);
});

test("GetSdkType tells what a type asks for", async () => {
  expect(await api.GetSdkType({ id: "ruby" }, call)).toEqual({
    id: "ruby",
    friendlyName: "Ruby",
    description: "Ruby SDK generator for API Gateway APIs",
    configurationProperties: [
      { name: "service.name", friendlyName: "Service Name", description: "Name of the service which is used to derive the name for your client", required: true },
      { name: "ruby.gem-name", friendlyName: "Ruby Gem Name", description: "Name of the Ruby gem your code will be generated under", required: false },
      { name: "ruby.gem-version", friendlyName: "Ruby Gem Version", description: "Version number for your service gem. Defaults to 1.0.0", required: false },
    ],
  });
  expect(await api.GetSdkType({ id: "javascript" }, call)).toEqual({ id: "javascript", friendlyName: "JavaScript", configurationProperties: [] });
  expect(await refusal(api.GetSdkType({ id: "python" }, call))).toBe("NotFoundException: Invalid SDK Type identifier specified");
});

// how-to-generate-sdk-cli has the parameters of Android and Ruby; the model of GetSdkRequest those of iOS.
test.each([
  ["android", {}, "Missing required parameter for SDK type android: groupId"],
  ["android", { groupId: "com.mycompany", invokerPackage: "com.mycompany.sdk", artifactId: "sdk" }, "Missing required parameter for SDK type android: artifactVersion"],
  [
    "android",
    { groupId: "com.mycompany", invokerPackage: "com.mycompany.sdk", artifactId: "sdk", artifactVersion: "0.0.1" },
    "Gatehouse has not built the generator of Android SDKs yet.",
  ],
  ["java", { "service.name": "Pets" }, "Missing required parameter for SDK type java: java.package-name"],
  ["java", { "service.name": "Pets", "java.package-name": "com.pets" }, "Gatehouse has not built the generator of Java SDKs yet."],
  ["javascript", undefined, "Gatehouse has not built the generator of JavaScript SDKs yet."],
  ["objectivec", { classPrefix: "" }, "Missing required parameter for SDK type objectivec: classPrefix"],
  ["swift", { classPrefix: "P" }, "Gatehouse has not built the generator of iOS (Swift) SDKs yet."],
  ["ruby", { "service.name": "Pets" }, "Gatehouse has not built the generator of Ruby SDKs yet."],
  ["python", {}, "Invalid SDK type specified: python. Must be one of: [android, java, javascript, objectivec, ruby, swift]"],
  ["toString", {}, "Invalid SDK type specified: toString. Must be one of: [android, java, javascript, objectivec, ruby, swift]"],
])("GetSdk of %s with %j is refused", async (sdkType, parameters, expected) => {
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  expect(await refusal(api.GetSdk({ restApiId, stageName: "prod", sdkType, ...(parameters && { parameters }) }, call))).toBe(`BadRequestException: ${expected}`);
});

test("GetSdk needs the API and the stage", async () => {
  const { restApiId } = await petStore(api);
  expect(await refusal(api.GetSdk({ restApiId, stageName: "prod", sdkType: "javascript" }, call))).toBe("NotFoundException: Invalid stage identifier specified");
  expect(await refusal(api.GetSdk({ restApiId: "none", stageName: "prod", sdkType: "javascript" }, call))).toBe(
    "NotFoundException: Invalid API identifier specified 000000000000:none",
  );
});
