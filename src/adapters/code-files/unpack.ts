// Writes a package's files into a new directory.
import { mkdir, open, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CodeFile } from "../../ports/function-code.ts";

/**
 * Makes the directory and everything in it. Files can be read by everyone and written by no one, whatever the archive's
 * own modes are; of those only "executable" is kept.
 */
export async function unpackInto(directory: string, files: AsyncIterable<CodeFile>): Promise<void> {
  await mkdir(directory, { mode: 0o755 });
  const made = new Set([directory]);
  const makeDirectory = async (path: string): Promise<void> => {
    if (made.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o755 });
    made.add(path);
  };
  for await (const entry of files) {
    const path = join(directory, entry.path);
    if (entry.type === "directory") {
      await makeDirectory(path);
      continue;
    }
    await makeDirectory(dirname(path));
    if (entry.type === "link") await symlink(entry.target, path);
    else await writeNew(path, entry.executable ? 0o555 : 0o444, entry.content);
  }
}

/** `wx` fails when anything stands at the path already, a link too. */
async function writeNew(path: string, mode: number, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}
