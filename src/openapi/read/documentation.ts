// The documentation parts of a document, told like the rest of what it defines.
import { EXTENSIONS } from "../extensions.ts";
import { DocumentationError, documentationPartsIn, type ReadDocumentation } from "../read-documentation.ts";
import { isObject, type Reading } from "./spot.ts";

/** @param prefix what is before each path that the document has */
export function readDocumentation(reading: Reading, prefix: string): ReadDocumentation["parts"] {
  const { root, member } = reading;
  const extension = member(root, EXTENSIONS.documentation);
  const where = extension ?? root;
  try {
    const { parts, warnings } = documentationPartsIn(isObject(root.value) ? root.value : {});
    for (const warning of warnings) reading.report("warning", warning, where);
    if (extension !== undefined) return parts;
    return parts.map(({ location, ...part }) => {
      return { location: location.path === undefined ? location : { ...location, path: prefix + location.path }, ...part };
    });
  } catch (error) {
    if (!(error instanceof DocumentationError)) throw error;
    reading.report("error", error.message, where);
    return [];
  }
}
