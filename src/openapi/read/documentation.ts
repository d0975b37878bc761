// The documentation parts of a document, told like the rest of what it defines.
import { EXTENSIONS } from "../extensions.ts";
import { DocumentationError, documentationPartsIn, type ReadDocumentation } from "../read-documentation.ts";
import { isObject, type Reading } from "./spot.ts";

export function readDocumentation(reading: Reading): ReadDocumentation["parts"] {
  const { root, member } = reading;
  const where = member(root, EXTENSIONS.documentation) ?? root;
  try {
    const { parts, warnings } = documentationPartsIn(isObject(root.value) ? root.value : {});
    for (const warning of warnings) reading.report("warning", warning, where);
    return parts;
  } catch (error) {
    if (!(error instanceof DocumentationError)) throw error;
    reading.report("error", error.message, where);
    return [];
  }
}
