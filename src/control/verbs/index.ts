// The door of the verbs that every resource of a control plane is made of.
export { type Merging, merging, type MergeRules, taken, takenEntries, takenOrGone } from "./merge.ts";
export { type ListedPage, mergedPage, page, pageOf, type PageRequest, selectedPage } from "./page.ts";
export { type Operand, type PatchOperation, patching, type PatchRules, type Step } from "./patch.ts";
export { dropEntry, entries, items, set, setEntry, unset, within } from "./patch-steps.ts";
export { boolean, integer, number, oneOf, optional, optionalText, parseJson, someText, stringMap, text } from "./patch-values.ts";
export { type Decision, type Operation, reading, removing, writing } from "./write.ts";
