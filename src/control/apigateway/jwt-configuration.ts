// What a JWT authorizer may trust
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-create.html; model: JwtConfigurationInput,
// JwtIssuerInput, JwtAdditionalClaim). AWS prints none of its words.
import { JWT_SIGNING_ALGORITHMS, type JwtAdditionalClaim, type JwtConfiguration, type JwtIssuer } from "../../domain/authorizer.ts";
import { badRequest, repeatable, type ServiceError } from "../../domain/errors.ts";
import * as verbs from "../verbs/index.ts";

const wrong = (reason: string): ServiceError => badRequest(`Invalid JWT configuration specified: ${reason}`);

/** AWS's quotas for issuers, their audiences, and rules and their values are not known. These are of each list by itself. */
const MAX_ITEMS = 50;
/** Of each text, in characters. */
const MAX_LENGTH = 2_048;

/** @throws {ServiceError} BadRequestException */
export function checkJwtConfiguration(configuration: JwtConfiguration | undefined): void {
  if (configuration === undefined) throw badRequest("A JWT configuration must be specified for an authorizer of type JWT");
  const { issuers, defaultAlgorithms } = configuration;
  checkList(defaultAlgorithms, "algorithms");
  const algorithm = defaultAlgorithms.find((each) => !JWT_SIGNING_ALGORITHMS.includes(each));
  if (algorithm !== undefined) throw wrong(`the algorithm ${repeatable(algorithm)} is none of [${JWT_SIGNING_ALGORITHMS.join(", ")}]`);
  if (issuers.length === 0) throw wrong("there must be an issuer");
  if (issuers.length > MAX_ITEMS) throw wrong(`there must be at most ${MAX_ITEMS} issuers`);
  for (const issuer of issuers) checkIssuer(issuer);
  const twice = repeated(issuers.map(({ issuer }) => issuer));
  if (twice !== undefined) throw wrong(`the issuer ${twice} is there twice`);
}

function checkIssuer({ issuer, audiences, additionalClaims = [] }: JwtIssuer): void {
  if (!isIssuer(issuer)) {
    throw wrong(`the issuer ${repeatable(issuer)} must be an absolute https URL without user information, a query string or a fragment`);
  }
  checkList(audiences, `audiences of the issuer ${issuer}`);
  if (additionalClaims.length > MAX_ITEMS) throw wrong(`there must be at most ${MAX_ITEMS} additional claims of the issuer ${issuer}`);
  for (const claim of additionalClaims) checkClaim(claim, issuer);
  const twice = repeated(additionalClaims.map(({ claimName }) => claimName));
  if (twice !== undefined) throw wrong(`the additional claim ${twice} of the issuer ${issuer} is there twice`);
}

/** What an authorizer looks at anyway. */
const OWN_CLAIMS: readonly string[] = ["iss", "aud", "exp", "nbf", "iat", "scope", "scp"];

function checkClaim({ claimName, expectedValues, format }: JwtAdditionalClaim, issuer: string): void {
  if (claimName === "" || claimName.length > MAX_LENGTH) throw wrong(`an additional claim of the issuer ${issuer} must have a name`);
  if (OWN_CLAIMS.includes(claimName)) throw wrong(`an additional claim of the issuer ${issuer} cannot be ${claimName}`);
  if (format !== "SINGLE_STRING") throw wrong(`the format ${repeatable(format)} of the claim ${claimName} is none of [SINGLE_STRING]`);
  if (expectedValues?.length) checkList(expectedValues, `expected values of the claim ${claimName} of the issuer ${issuer}`);
}

/** That a list has texts, none of them empty. */
function checkList(texts: readonly string[], what: string): void {
  if (texts.length === 0 || texts.includes("")) throw wrong(`there must be ${what}, and none empty`);
  if (texts.length > MAX_ITEMS) throw wrong(`there must be at most ${MAX_ITEMS} ${what}`);
  if (texts.some(({ length }) => length > MAX_LENGTH)) throw wrong(`${what} must have at most ${MAX_LENGTH} characters`);
}

const repeated = (names: readonly string[]): string | undefined => names.find((name, index) => names.indexOf(name) !== index);

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** "An absolute https URL that includes a host and has no user information, query, or fragment"; in development http on this machine. */
function isIssuer(text: string): boolean {
  if (text.length > MAX_LENGTH || !/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || LOOPBACK.test(url.hostname));
}

/** "This value is read-only and cannot be set." @throws {ServiceError} BadRequestException when a key set is given */
export function assertUndiscovered({ issuers }: JwtConfiguration): void {
  const given = issuers.find(({ jwksUri }) => jwksUri !== undefined);
  if (given !== undefined) throw wrong(`the jwksUri of the issuer ${repeatable(given.issuer)} cannot be given`);
}

/** What an update replaces the configuration with: the whole of it, as JSON. Its members are checked with the authorizer. */
export function parseJwtConfiguration({ path, value = "" }: verbs.Operand): JwtConfiguration {
  const given = verbs.parseJson(value);
  if (!isConfiguration(given)) throw badRequest(`Invalid patch value '${repeatable(value)}' specified for path '${path}'. Must be a JWT configuration as JSON`);
  assertUndiscovered(given);
  return given;
}

type Members = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => typeof value === "string";
const listOf = (isItem: (value: unknown) => boolean) => (value: unknown): boolean => Array.isArray(value) && value.every(isItem);

/** Whether a value is an object with all the members that are required, no unknown ones, and each of its type. */
const objectOf =
  (required: Members, optional: Members = {}) =>
  (value: unknown): boolean => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const members: Members = { ...required, ...optional };
    const isKnown = ([name, member]: [string, unknown]) => Object.hasOwn(members, name) && members[name]?.(member);
    return Object.keys(required).every((name) => Object.hasOwn(value, name)) && Object.entries(value).every(isKnown);
  };

const isClaim = objectOf({ claimName: isText, format: isText }, { expectedValues: listOf(isText), required: (value) => typeof value === "boolean" });
const isTrusted = objectOf({ issuer: isText, audiences: listOf(isText) }, { additionalClaims: listOf(isClaim), jwksUri: isText });
const isWhole = objectOf({ issuers: listOf(isTrusted), defaultAlgorithms: listOf(isText) });

export const isConfiguration = (value: unknown): value is JwtConfiguration => isWhole(value);
