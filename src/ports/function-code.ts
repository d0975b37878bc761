// Where deployment packages of functions are kept: the archive as it was uploaded, durably, and its files unpacked.

/** One entry of a package, in an order in which every directory and file comes before the links that name it. */
export type CodeFile =
  | { readonly type: "directory"; readonly path: string }
  | {
      readonly type: "file";
      /** Relative, separated by `/`, without `.` or `..`, and below no link. */
      readonly path: string;
      readonly executable: boolean;
      /** Read at most once, before the next entry is asked for. Throws when the content is not what the archive promised. */
      readonly content: AsyncIterable<Uint8Array>;
    }
  /** A symbolic link whose target is inside the package. */
  | { readonly type: "link"; readonly path: string; readonly target: string };

/** Packages by the SHA-256 of their archive, in hexadecimal. All calls may be made concurrently. */
export interface FunctionCode {
  /**
   * Unpacks the package and keeps its archive. Durable when it resolves; when it rejects (as it does when reading `files`
   * throws), nothing is left behind. Saving a package that is kept already changes nothing and reads no files.
   */
  save(sha256: string, archive: Uint8Array, files: AsyncIterable<CodeFile>): Promise<void>;
  /** The archive, checked against its hash; undefined when it is not kept or not what it was. */
  archive(sha256: string): Promise<Buffer | undefined>;
  /** The absolute path of the unpacked files, or undefined when they are not unpacked (any more): see {@link unpack}. */
  directory(sha256: string): Promise<string | undefined>;
  /** Unpacks the files of a kept package again. Gives the absolute path. */
  unpack(sha256: string, files: AsyncIterable<CodeFile>): Promise<string>;
  /** The hashes of all packages that are kept. */
  list(): Promise<readonly string[]>;
  /** Removes the archive and the unpacked files; nothing happens when there are none. */
  remove(sha256: string): Promise<void>;
  /** Whether there is a local directory at this absolute path: a developer's own code. */
  isDirectory(path: string): Promise<boolean>;
  /** Whether a local directory is, or lies in, one that no function may read: Gatehouse's data, the user's keys. */
  isProtected(path: string): Promise<boolean>;
  /** Removes what does not outlive the process. */
  close(): Promise<void>;
}
