// Reads a request's AWS authorization, from its header or from a presigned URL, without verifying the signature.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
import { createHash } from "node:crypto";

export type SigningAlgorithm = "AWS4-HMAC-SHA256" | "AWS4-ECDSA-P256-SHA256";

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20150830` */
  readonly date: string;
  /** Absent with SigV4a, whose scope names none: its requests carry a set of regions they are valid in. */
  readonly region?: string;
  readonly service: string;
}

export interface SignedRequest extends CredentialScope {
  readonly algorithm: SigningAlgorithm;
  /** Lower-case names. */
  readonly signedHeaders: readonly string[];
  /** Hexadecimal: 64 digits, or with SigV4a a DER sequence. */
  readonly signature: string;
  /** `20150830T123600Z`, or what stands in the Date header. */
  readonly time: string;
  readonly securityToken?: string;
  readonly presigned: boolean;
  /** What stands in X-Amz-Expires of a presigned URL. */
  readonly expires?: string;
  /** SigV4a: the regions that it is signed for, as in `us-east-1,eu-*`. */
  readonly regionSet?: string;
}

/** Why an authorization cannot be read, in AWS's words. */
interface Unreadable {
  readonly kind: "invalid";
  readonly code: "IncompleteSignatureException" | "InvalidSignatureException";
  readonly message: string;
}

export type Authorization = { readonly kind: "missing" } | Unreadable | ({ readonly kind: "signed" } & SignedRequest);

export const ALGORITHM: SigningAlgorithm = "AWS4-HMAC-SHA256";
/** SigV4a: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export const ASYMMETRIC_ALGORITHM: SigningAlgorithm = "AWS4-ECDSA-P256-SHA256";
const TERMINATOR = "aws4_request";

/** What to look at: the query without `?`, and a header's first value by its lower-case name. */
export interface AuthorizationSource {
  readonly query: string;
  header(lowerCaseName: string): string | undefined;
}

/** Reads the authorization of a request. Any scheme but SigV4 and SigV4a is unreadable; none at all is missing. */
export function parseAuthorization(source: AuthorizationSource): Authorization {
  const authorization = source.header("authorization");
  if (authorization !== undefined) return parseHeader(authorization, source);
  const query = new URLSearchParams(source.query);
  return query.has("X-Amz-Algorithm") ? parseQuery(query) : { kind: "missing" };
}

const incomplete = (message: string): Unreadable => ({ kind: "invalid", code: "IncompleteSignatureException", message });

function parseHeader(authorization: string, source: AuthorizationSource): Authorization {
  if (authorization === "") return incomplete("Authorization header cannot be empty");
  const space = authorization.indexOf(" ");
  const algorithm = space < 0 ? authorization : authorization.slice(0, space);
  const parameters = new Map<string, string>();
  if (isAlgorithm(algorithm) && space >= 0) {
    for (const part of authorization.slice(space + 1).split(",")) {
      const equals = part.indexOf("=");
      if (equals < 0) {
        return incomplete(
          "Invalid key=value pair (missing equal-sign) in Authorization header " +
            `(hashed with SHA-256 and encoded with Base64): '${hash(authorization)}'.`,
        );
      }
      parameters.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
    }
  }
  const time = source.header("x-amz-date") ?? source.header("date");
  const missing = missingHeaderParts(parameters, time);
  if (missing !== "") {
    return incomplete(`${missing} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash(authorization)}`);
  }
  return complete(algorithm as SigningAlgorithm, parameters, {
    time: time as string,
    presigned: false,
    securityToken: source.header("x-amz-security-token"),
    expires: undefined,
    regionSet: source.header("x-amz-region-set"),
  });
}

/** The sentences AWS strings together, as quoted in aws-samples/amazon-elasticsearch-service-with-authentication#4. */
function missingHeaderParts(parameters: ReadonlyMap<string, string>, time: string | undefined): string {
  const sentences = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parameters.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (time === undefined) {
    sentences.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  return sentences.join(" ");
}

function parseQuery(query: URLSearchParams): Authorization {
  const algorithm = query.get("X-Amz-Algorithm") ?? "";
  if (!isAlgorithm(algorithm)) {
    return incomplete(`AWS query-string parameters must include 'X-Amz-Algorithm' with the value '${ALGORITHM}'.`);
  }
  const names = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];
  const missing = names.filter((name) => !query.get(name));
  if (missing.length > 0) {
    return incomplete(missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(" "));
  }
  const parameters = new Map(names.map((name) => [name.slice("X-Amz-".length), query.get(name) as string]));
  const optional = (name: string): string | undefined => query.get(name) ?? undefined;
  return complete(algorithm, parameters, {
    time: query.get("X-Amz-Date") as string,
    presigned: true,
    securityToken: optional("X-Amz-Security-Token"),
    expires: optional("X-Amz-Expires"),
    regionSet: optional("X-Amz-Region-Set"),
  });
}

const isAlgorithm = (name: string): name is SigningAlgorithm => name === ALGORITHM || name === ASYMMETRIC_ALGORITHM;

/** What stands outside the credential; members that are undefined are left out. */
interface Rest {
  readonly time: string;
  readonly presigned: boolean;
  readonly securityToken: string | undefined;
  readonly expires: string | undefined;
  readonly regionSet: string | undefined;
}

function complete(algorithm: SigningAlgorithm, parameters: ReadonlyMap<string, string>, rest: Rest): Authorization {
  const credential = parameters.get("Credential") as string;
  const scope = algorithm === ALGORITHM ? parseCredential(credential) : parseAsymmetricCredential(credential);
  if ("kind" in scope) return scope;
  const { time, presigned, securityToken, expires, regionSet } = rest;
  return {
    kind: "signed",
    algorithm,
    ...scope,
    signedHeaders: (parameters.get("SignedHeaders") as string).toLowerCase().split(";"),
    signature: parameters.get("Signature") as string,
    time,
    presigned,
    ...(securityToken !== undefined && { securityToken }),
    ...(expires !== undefined && { expires }),
    ...(regionSet !== undefined && { regionSet }),
  };
}

/** The messages are those quoted in boto/boto3#1752 and cllunsford/aws-signing-proxy#25. */
function parseCredential(credential: string): CredentialScope | Unreadable {
  const parts = credential.split("/");
  if (parts.length !== 5) {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const [accessKeyId, date, region, service, terminator] = parts as [string, string, string, string, string];
  const wrong: string[] = [];
  if (terminator !== TERMINATOR) {
    wrong.push(`Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${terminator}'. `);
  }
  if (!/^[a-z0-9-]{1,64}$/.test(region)) wrong.push(`Credential should be scoped to a valid region, not '${region}'. `);
  if (accessKeyId === "" || !/^\d{8}$/.test(date) || service === "") {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  if (wrong.length > 0) return { kind: "invalid", code: "InvalidSignatureException", message: wrong.join("") };
  return { accessKeyId, date, region, service };
}

/** `keyid/date/service/aws4_request` */
function parseAsymmetricCredential(credential: string): CredentialScope | Unreadable {
  const [accessKeyId = "", date = "", service = "", terminator, ...rest] = credential.split("/");
  if (accessKeyId === "" || !/^\d{8}$/.test(date) || service === "" || terminator !== TERMINATOR || rest.length > 0) {
    return incomplete(`Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, got '${credential}'`);
  }
  return { accessKeyId, date, service };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64");
