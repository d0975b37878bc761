// The file that an operator keeps sampling rules in.
import { readFileSync } from "node:fs";
import { parseSamplingRules, type SamplingRule, SamplingRulesError } from "./sampling-rules.ts";

/** @throws {SamplingRulesError} with one line that names the file */
export function readSamplingRules(path: string): readonly SamplingRule[] {
  try {
    return parseSamplingRules(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new SamplingRulesError(`cannot read sampling rules from ${path}: ${(error as Error).message.split("\n")[0]}`);
  }
}
