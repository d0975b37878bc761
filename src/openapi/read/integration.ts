// x-amazon-apigateway-integration
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html).
import type { ContentHandling, IntegrationResponse, StringMap } from "../../domain/rest-api.ts";
import type { ImportedIntegration, Sourced } from "./imported.ts";
import { DocumentError } from "./problem.ts";
import { booleanOf, integerOf, isObject, type Reading, type Spot, textList, textMap, textOf, withoutUndefined } from "./spot.ts";

const TYPES: readonly string[] = ["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"];
const TEXTS = ["uri", "httpMethod", "credentials", "connectionType", "connectionId", "integrationTarget", "cacheNamespace"] as const;
const MAPS = ["requestParameters", "requestTemplates", "responses"] as const;

/** @throws {DocumentError} when it is no integration at all */
export function readIntegration(reading: Reading, spot: Spot, path: string): ImportedIntegration {
  const { member } = reading;
  const text = (name: string) => textOf(member(spot, name));
  const type = text("type")?.toUpperCase() ?? "";
  assertWellFormed(reading, spot, path, type);
  const tlsConfig = member(spot, "tlsConfig");
  const cacheKeyParameters = member(spot, "cacheKeyParameters");
  const given = {
    httpMethod: text("httpMethod")?.toUpperCase() || undefined,
    uri: text("uri"),
    connectionType: text("connectionType")?.toUpperCase(),
    connectionId: text("connectionId"),
    integrationTarget: text("integrationTarget"),
    credentials: text("credentials"),
    requestParameters: optionalMap(reading, member(spot, "requestParameters")),
    requestTemplates: optionalMap(reading, member(spot, "requestTemplates")),
    passthroughBehavior: text("passthroughBehavior")?.toUpperCase(),
    contentHandling: contentHandling(reading, spot),
    timeoutInMillis: integerOf(member(spot, "timeoutInMillis")),
    cacheNamespace: text("cacheNamespace"),
    cacheKeyParameters: cacheKeyParameters && textList(reading, cacheKeyParameters),
    responseTransferMode: text("responseTransferMode")?.toUpperCase(),
    tlsConfig: tlsConfig && { insecureSkipVerification: booleanOf(member(tlsConfig, "insecureSkipVerification")) ?? false },
  };
  return { type, ...withoutUndefined(given), responses: readResponses(reading, member(spot, "responses")), pointer: spot.pointer };
}

/** The words are quoted by AWS's users for integrations whose `uri` is an object (`Fn::Sub`), or whose type is missing. */
function assertWellFormed(reading: Reading, spot: Spot, path: string, type: string): void {
  const wrongText = TEXTS.map((name) => reading.member(spot, name)).find((member) => typeof member?.value === "object");
  const wrongMap = MAPS.map((name) => reading.member(spot, name)).find((member) => member !== undefined && !isObject(member.value));
  const wrong = wrongText ?? wrongMap ?? (TYPES.includes(type) ? undefined : (reading.member(spot, "type") ?? spot));
  if (wrong === undefined && isObject(spot.value)) return;
  const message = `Unable to parse API definition because of a malformed integration at path ${path}.`;
  const types = `the type has to be one of ${TYPES.join(", ").toLowerCase()}`;
  const detail = wrongText ? "this is no text" : wrongMap ? "this is no object" : types;
  throw new DocumentError({ severity: "error", message, pointer: (wrong ?? spot).pointer, detail, fatal: true });
}

const optionalMap = (reading: Reading, spot: Spot | undefined): StringMap | undefined => spot && textMap(reading, spot);

function contentHandling(reading: Reading, spot: Spot): ContentHandling | undefined {
  const found = reading.member(spot, "contentHandling");
  const value = textOf(found)?.toUpperCase();
  if (value === undefined || value === "CONVERT_TO_BINARY" || value === "CONVERT_TO_TEXT") return value;
  const valid = "Valid options are CONVERT_TO_BINARY,CONVERT_TO_TEXT";
  reading.report("error", `Invalid contentHandling specified: ${value}. ${valid}`, found as Spot);
  return undefined;
}

/** By patterns in the document, by status codes in an integration: of two with one status code the last one counts. */
function readResponses(reading: Reading, spot: Spot | undefined): readonly (IntegrationResponse & Sourced)[] {
  const byStatus = new Map<string, IntegrationResponse & Sourced>();
  for (const [pattern, response] of reading.members(spot)) {
    const read = readResponse(reading, pattern, response);
    if (byStatus.has(read.statusCode)) {
      const found = `More than one integration response for status code ${read.statusCode} found`;
      reading.report("warning", `${found}. Ignoring all but the last one.`, response);
    }
    byStatus.set(read.statusCode, read);
  }
  return [...byStatus.values()];
}

function readResponse(reading: Reading, pattern: string, spot: Spot): IntegrationResponse & Sourced {
  const { member } = reading;
  const given = {
    selectionPattern: pattern === "default" ? undefined : pattern,
    responseParameters: optionalMap(reading, member(spot, "responseParameters")),
    responseTemplates: optionalMap(reading, member(spot, "responseTemplates")),
    contentHandling: contentHandling(reading, spot),
  };
  return { statusCode: textOf(member(spot, "statusCode")) ?? "", ...withoutUndefined(given), pointer: spot.pointer };
}
