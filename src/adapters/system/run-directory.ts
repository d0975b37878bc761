// A temporary directory of this run's own. A run that was killed cannot tidy up, so the next one does.
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RunDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes the directory under `parent`, and removes those of runs that are over. Others may pass through it, not list it. */
export async function openRunDirectory(parent: string = tmpdir()): Promise<RunDirectory> {
  const path = await mkdtemp(join(parent, `gatehouse-${process.pid}-`));
  await chmod(path, 0o711);
  await removeFormerRuns(parent);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function removeFormerRuns(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^gatehouse-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's, when it cannot be removed: that is for its owner to do.
    await rm(join(parent, name), { recursive: true, force: true }).catch((error: unknown) => {
      if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
