// What rows of the table are made of: the operations that a path has, and the words in which values are refused.
export const POLICY = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}';
/** How the page names a method of a stage. */
export const METHOD = "/{resourcePath}/{httpMethod}";

export const ALL = ["add", "replace", "remove"] as const;
export const REPLACE = ["replace"] as const;
export const CHANGE = ["add", "replace"] as const;
export const ADD_REMOVE = ["add", "remove"] as const;
export const REMOVE = ["remove"] as const;
export const ADD = ["add"] as const;

export const BOOLEAN = { "~": "Must be true or false", "": "Must be true or false" };
export const NON_EMPTY = { "": "Must be non-empty" };
export const oneOf = (words: string) => ({ "~": `Must be one of: [${words}]` });
export const integer = (min: number, max: number) => ({ "~": `Must be an integer between ${min} and ${max}`, [max + 1]: `Must be an integer between ${min} and ${max}` });
export const number = (min: number, max: number) => ({ "~": `Must be a number between ${min} and ${max}`, [max + 1]: `Must be a number between ${min} and ${max}` });
export const MAPPING = { "~": "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ~]", ...NON_EMPTY };
export const BAD_POLICY = { "~": "Invalid policy document. Please check the policy syntax and ensure that Principals are valid." };
const ENHANCED = ["1_3_2025_09", "1_3_FIPS_2025_09", "1_2_PFS_PQ_2025_09", "1_2_FIPS_PQ_2025_09", "1_2_FIPS_PFS_PQ_2025_09", "1_2_PQ_2025_09", "1_2_2021_06", "2025_EDGE"];
const POLICIES = ["TLS_1_0", "TLS_1_2", ...ENHANCED.map((name) => `SecurityPolicy_TLS13_${name}`), "SecurityPolicy_TLS12_PFS_2025_EDGE", "SecurityPolicy_TLS12_2018_EDGE"];
export const SECURITY_POLICIES = oneOf(POLICIES.join(", "));
export const MOST = 2 ** 31 - 1;
