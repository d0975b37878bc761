// Why an archive is not unpacked.

/** The archive is not one that can be unpacked safely. The message says why, for the operator's log. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";
}

/** The files would take more room than allowed. */
export class ArchiveTooLarge extends Error {
  override readonly name = "ArchiveTooLarge";
}
