import { expect, test } from "vitest";
import { call, NOW, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { httpSnapshots } from "../../domain/http-api.ts";

async function start() {
  const plane = startControlPlane();
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  const route = await plane.v2.CreateRoute({ ApiId, RouteKey: "GET /pets" }, call);
  return { ...plane, ApiId, RouteId: route.RouteId as string };
}

test("CreateDeployment, GetDeployment, GetDeployments by pages, UpdateDeployment, DeleteDeployment", async () => {
  const { v2, ApiId } = await start();
  const deployment = await v2.CreateDeployment({ ApiId, Description: "first" }, call);
  expect(deployment).toEqual({ AutoDeployed: false, CreatedDate: NOW, DeploymentId: "i00003", DeploymentStatus: "DEPLOYED", Description: "first" });
  const key = { ApiId, DeploymentId: "i00003" };
  expect(await v2.GetDeployment(key, call)).toEqual(deployment);
  const second = await v2.CreateDeployment({ ApiId }, call);
  const page = await v2.GetDeployments({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [deployment], NextToken: expect.any(String) });
  expect(await v2.GetDeployments({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.UpdateDeployment({ ...key, Description: "1st" }, call)).toEqual({ ...deployment, Description: "1st" });
  const { Description: _gone, ...plain } = deployment;
  expect(await v2.UpdateDeployment({ ...key, Description: "" }, call)).toEqual(plain);
  expect(await v2.DeleteDeployment(key, call)).toEqual({});
  for (const operation of [v2.GetDeployment, v2.UpdateDeployment, v2.DeleteDeployment]) {
    expect(await refusal(operation(key, call))).toBe("NotFoundException: Invalid Deployment identifier specified");
  }
});

test("CreateDeployment refuses an API without routes (github.com/mach-composer/mach-composer-cli/issues/42), and what is not there", async () => {
  const { v2, ApiId, RouteId } = await start();
  expect(await refusal(v2.CreateDeployment({ ApiId, StageName: "dev" }, call))).toBe("NotFoundException: Invalid stage identifier specified");
  expect(await refusal(v2.CreateDeployment({ ApiId, Description: "a".repeat(1025) }, call))).toBe("BadRequestException: Description must have at most 1024 characters; this one has 1025");
  await v2.DeleteRoute({ ApiId, RouteId }, call);
  expect(await refusal(v2.CreateDeployment({ ApiId }, call))).toBe("BadRequestException: Unable to deploy API because no routes exist in this API");
  expect(await v2.GetDeployments({ ApiId }, call)).toEqual({ Items: [] });
});

test("CreateDeployment points the stage that is named at it; a deployment that is shown is not deleted", async () => {
  const { v2, ApiId, published } = await start();
  await v2.CreateStage({ ApiId, StageName: "dev" }, call);
  published.length = 0;
  const { DeploymentId = "" } = await v2.CreateDeployment({ ApiId, StageName: "dev" }, call);
  expect(published).toEqual([ApiId]);
  expect((await v2.GetStage({ ApiId, StageName: "dev" }, call)).DeploymentId).toBe(DeploymentId);
  expect(await refusal(v2.DeleteDeployment({ ApiId, DeploymentId }, call))).toBe("BadRequestException: Active stages pointing to this deployment must be moved or deleted");
  const other = await v2.CreateDeployment({ ApiId }, call);
  await v2.UpdateStage({ ApiId, StageName: "dev", DeploymentId: other.DeploymentId as string }, call);
  expect(await v2.DeleteDeployment({ ApiId, DeploymentId }, call)).toEqual({});
});

test("deployments of equal definitions share a snapshot, which goes with the last of them", async () => {
  const { v2, ApiId, store } = await start();
  const made = [await v2.CreateDeployment({ ApiId }, call), await v2.CreateDeployment({ ApiId }, call)];
  for (const [place, { DeploymentId = "" }] of made.entries()) {
    expect(await store.count(httpSnapshots, {})).toBe(1);
    await v2.DeleteDeployment({ ApiId, DeploymentId }, call);
    expect(await store.count(httpSnapshots, {})).toBe(1 - place);
  }
});
