// What a definition that is imported hands over: a resource policy, and roles. It is read as text, before anything of it is parsed.

export interface Handed {
  readonly policy: boolean;
  /** ARNs, or `*` where the text may write them in other ways. */
  readonly roles: readonly string[];
}

/** Escapes with which JSON and YAML can write any letter otherwise, or break a word in two. */
const ESCAPES = /\\(?:[uUx\r\n]|$)/;
const ROLES = /arn:aws[a-z-]*:iam::(?!\*:user)[^"'\s,]+/g;

/** What a document may hand over: rather too much than too little. @param body bytes, or text */
export function handedOver(body: unknown): Handed {
  if (body === undefined || body === null) return { policy: false, roles: [] };
  const text = textOf(body);
  if (text === undefined || ESCAPES.test(text)) return { policy: true, roles: ["*"] };
  const plain = text.replaceAll("\\/", "/");
  const roles = [...new Set(plain.match(ROLES))];
  return { policy: plain.includes("x-amazon-apigateway-policy"), roles: roles.length > MOST_ROLES ? ["*"] : roles };
}

/** So many roles are asked about one by one. */
const MOST_ROLES = 100;

function textOf(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8") : undefined;
}
