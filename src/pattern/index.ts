// Regular expressions by Java's rules that cannot hang: they are translated for RE2, which runs in linear time.
export type { JavaMatch, JavaPattern, PatternEngine } from "./java-pattern.ts";
export { compilePattern, compileSearch, createPatternEngine, PatternError } from "./java-pattern.ts";
