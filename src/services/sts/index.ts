// The door of STS.
export { createSts, type Sts } from "./sts.ts";
