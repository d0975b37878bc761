// Segments of paths, as they stand for names.

/** A segment without percent-encoding; as it is when it is not well encoded. */
export function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
