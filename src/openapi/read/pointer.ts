// JSON pointers (RFC 6901).

export const joined = (pointer: string, token: string): string => `${pointer}/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`;

export const pointerTokens = (pointer: string): readonly string[] =>
  pointer === "" ? [] : pointer.slice(1).split("/").map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
