// What a JWT authorizer may trust
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-create.html). AWS prints none of its words.
import type { JwtConfiguration } from "../../domain/authorizer.ts";
import { badRequest, type ServiceError } from "../../domain/errors.ts";
import * as verbs from "../verbs/index.ts";

const wrong = (reason: string): ServiceError => badRequest(`Invalid JWT configuration specified: ${reason}`);

/** @throws {ServiceError} BadRequestException */
export function checkJwtConfiguration(configuration: JwtConfiguration | undefined): void {
  if (configuration === undefined) throw badRequest("A JWT configuration must be specified for an authorizer of type JWT");
  const { issuers, defaultAlgorithms } = configuration;
  if (defaultAlgorithms.length === 0 || defaultAlgorithms.includes("")) throw wrong("there must be algorithms");
  if (issuers.length === 0) throw wrong("there must be an issuer");
  for (const { issuer, audiences, additionalClaims = [], jwksUri } of issuers) {
    if (!isIssuer(issuer)) throw wrong(`the issuer ${issuer} must be an absolute https URL without a query string or fragment`);
    if (audiences.length === 0 || audiences.includes("")) throw wrong(`the issuer ${issuer} must have audiences`);
    // "Remove jwksUri from each issuer" (rest-api-jwt-authorizer-update): AWS finds it out itself.
    if (jwksUri !== undefined) throw wrong(`the jwksUri of the issuer ${issuer} cannot be given`);
    for (const { claimName, format } of additionalClaims) {
      if (claimName === "" || format === "") throw wrong(`additional claims of the issuer ${issuer} must have a name and a format`);
    }
  }
  const names = issuers.map(({ issuer }) => issuer);
  const twice = names.find((issuer, i) => names.indexOf(issuer) !== i);
  if (twice !== undefined) throw wrong(`the issuer ${twice} is there twice`);
}

function isIssuer(text: string): boolean {
  return /^https:\/\/[^\s?#]+$/.test(text) && URL.canParse(text);
}

/** What an update replaces the configuration with: the whole of it, as JSON. Its members are checked with the authorizer. */
export function parseJwtConfiguration({ path, value = "" }: verbs.Operand): JwtConfiguration {
  const given = verbs.parseJson(value);
  if (!isConfiguration(given)) throw badRequest(`Invalid patch value '${value}' specified for path '${path}'. Must be a JWT configuration as JSON`);
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
