// Who calls while an API is deployed is always answered; when a worker dies, only those go without whom it served just then.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { measureDeployments } from "../../bench/deployments.ts";

// The connections of a process are found in /proc.
test.runIf(process.platform === "linux")("no request fails but those that a killed worker held", { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-deployments-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const plan = { apis: 20, workers: 2, updates: 5, deployments: 20, connections: 8 };
  const { live, deploying, killing } = await measureDeployments(plan, directory, () => undefined);
  expect(live.longest).toBeGreaterThan(0);
  expect(deploying).toEqual({ deployments: 20, answered: expect.any(Number), failed: 0 });
  expect(deploying.answered).toBeGreaterThan(20);
  expect(killing.othersFailed).toBe(0);
  // The worker with the most of eight connections has four at least.
  expect(killing.held).toBeGreaterThanOrEqual(4);
  expect(killing.failed).toBeLessThanOrEqual(killing.held);
});
