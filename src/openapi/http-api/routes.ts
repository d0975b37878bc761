// The paths of a document as routes, and the integrations that they go to.
import { EXTENSIONS, PATH_ITEM_METHODS } from "../extensions.ts";
import { type Reading, type Spot, textMap, textOf, integerOf, withoutUndefined } from "../read/spot.ts";
import { DEFAULT_ROUTE_KEY } from "../../domain/route-key.ts";
import { DEFAULT_ROUTE_PATH } from "./extensions.ts";
import type { ImportedHttpApi, ImportedHttpIntegration, ImportedRoute } from "./imported.ts";
import { type HttpSecuritySchemes, readRouteSecurity } from "./security.ts";

const VERBS: readonly (readonly [name: string, method: string])[] = [
  ...PATH_ITEM_METHODS.map((name) => [name, name.toUpperCase()] as const),
  [EXTENSIONS.anyMethod, "ANY"],
];

interface Paths {
  readonly reading: Reading;
  readonly schemes: HttpSecuritySchemes;
  readonly routes: ImportedRoute[];
  /** By their pointers: what several routes refer to is one integration. */
  readonly integrations: Map<string, ImportedHttpIntegration>;
}

export interface RouteOptions {
  /** What is before each path. */
  readonly prefix: string;
  /** Reading ends with the first path whose routes are too many. */
  readonly maxRoutes?: number | undefined;
}

export function readRoutes(
  reading: Reading,
  schemes: HttpSecuritySchemes,
  { prefix, maxRoutes = Infinity }: RouteOptions,
): Pick<ImportedHttpApi, "routes" | "integrations"> {
  const paths: Paths = { reading, schemes, routes: [], integrations: new Map() };
  for (const [written, item] of reading.members(reading.member(reading.root, "paths"))) {
    if (paths.routes.length > maxRoutes) break;
    if (written.startsWith("x-")) continue;
    const isDefault = written === DEFAULT_ROUTE_PATH || written === DEFAULT_ROUTE_KEY;
    if (!written.startsWith("/") && !isDefault) {
      // The words are quoted in AWS's Serverless Application Model.
      reading.report("warning", `Parse issue: attribute paths. Resource ${written} should start with /`, item);
      continue;
    }
    const pathItem = reading.resolve(item);
    if (pathItem === undefined) continue;
    for (const [name, method] of VERBS) {
      const spot = reading.member(pathItem, name);
      const operation = spot && reading.resolve(spot);
      if (operation !== undefined) readRoute(paths, isDefault && method === "ANY" ? DEFAULT_ROUTE_KEY : `${method} ${prefix}${written}`, operation);
    }
  }
  return { routes: paths.routes, integrations: [...paths.integrations.values()] };
}

function readRoute({ reading, schemes, routes, integrations }: Paths, routeKey: string, operation: Spot): void {
  const { member } = reading;
  if (member(operation, "requestBody") !== undefined) reading.report("note", `Request bodies are not supported for HTTP APIs. Ignoring that of ${routeKey}.`, operation);
  if (member(operation, EXTENSIONS.requestValidator) !== undefined) reading.report("note", `Request validation is not supported for HTTP APIs. Ignoring that of ${routeKey}.`, operation);
  const written = member(operation, EXTENSIONS.integration);
  const spot = written && reading.resolve(written);
  const integration = spot && (integrations.get(spot.pointer) ?? readIntegration(reading, spot, routeKey));
  if (integration !== undefined) integrations.set(integration.pointer, integration);
  routes.push({
    routeKey,
    ...readRouteSecurity(reading, schemes, operation),
    ...withoutUndefined({ operationName: textOf(member(operation, "operationId")) || undefined, integration: integration?.pointer }),
    pointer: operation.pointer,
  });
}

/** One of another type is left out, with a warning (guide: http-api-open-api, import validation). */
function readIntegration(reading: Reading, spot: Spot, routeKey: string): ImportedHttpIntegration | undefined {
  const { member } = reading;
  const text = (name: string): string | undefined => textOf(member(spot, name));
  const type = text("type")?.toUpperCase() ?? "";
  if (type !== "AWS_PROXY" && type !== "HTTP_PROXY") {
    reading.report("warning", `HTTP APIs support only integrations of type AWS_PROXY and HTTP_PROXY. Ignoring the integration of ${routeKey}.`, spot);
    return undefined;
  }
  const requestParameters = member(spot, "requestParameters");
  const responses = member(spot, "responseParameters");
  const serverNameToVerify = textOf(member(member(spot, "tlsConfig"), "serverNameToVerify"));
  const given = {
    integrationSubtype: text("integrationSubtype"),
    integrationUri: text("uri"),
    integrationMethod: text("httpMethod")?.toUpperCase().replace(/^X-AMAZON-APIGATEWAY-ANY-METHOD$/, "ANY"),
    connectionType: text("connectionType")?.toUpperCase() as ImportedHttpIntegration["connectionType"],
    connectionId: text("connectionId"),
    credentialsArn: text("credentials"),
    description: text("description"),
    payloadFormatVersion: formatVersion(text("payloadFormatVersion")),
    requestParameters: requestParameters && textMap(reading, requestParameters),
    responseParameters: responses && Object.fromEntries(reading.members(responses).map(([status, mappings]) => [status, textMap(reading, mappings)])),
    timeoutInMillis: integerOf(member(spot, "timeoutInMillis")),
    tlsConfig: serverNameToVerify === undefined ? undefined : { serverNameToVerify },
  };
  return { integrationType: type, ...withoutUndefined(given), pointer: spot.pointer };
}

/** Written as a number it may have lost its zero: the guide's own example has `1.0`. */
const formatVersion = (text: string | undefined): string | undefined => (text !== undefined && /^\d$/.test(text) ? `${text}.0` : text);
