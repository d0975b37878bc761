// The door of STS.
export { stsPermissions } from "./access.ts";
export { createSts, type Sts } from "./sts.ts";
