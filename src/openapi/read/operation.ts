// Operations of a document as methods: parameters, bodies, responses, security, integration.
import type { MethodResponse, StringMap } from "../../domain/rest-api.ts";
import { EXTENSIONS } from "../extensions.ts";
import type { ImportedMethod, Sourced } from "./imported.ts";
import { readIntegration } from "./integration.ts";
import type { Models } from "./models.ts";
import { readMethodSecurity, type SecuritySchemes } from "./security.ts";
import { booleanOf, type Reading, type Spot, textList, textOf, withoutUndefined } from "./spot.ts";

/** What all operations of a document have in common. */
export interface OperationContext {
  readonly reading: Reading;
  readonly isVersion2: boolean;
  readonly models: Models;
  readonly schemes: SecuritySchemes;
  /** The name of the API's own request validator. */
  readonly requestValidator: string | undefined;
}

/** An operation and what it inherits from its path. */
export interface Operation {
  /** As messages and methods have it. */
  readonly httpMethod: string;
  readonly path: string;
  readonly spot: Spot;
  readonly pathItem: Spot;
}

type Content = readonly (readonly [contentType: string, schema: Spot])[];

export function readOperation(context: OperationContext, operation: Operation): ImportedMethod {
  const { reading } = context;
  const { httpMethod, path, spot } = operation;
  const { member } = reading;
  const parameters = readParameters(context, operation);
  const integration = member(spot, EXTENSIONS.integration);
  const given = {
    operationName: textOf(member(spot, "operationId")) || undefined,
    requestValidator: textOf(member(spot, EXTENSIONS.requestValidator)) ?? context.requestValidator,
    requestParameters: requestParameters(context, operation, parameters),
    requestModels: requestModels(context, operation, parameters),
    integration: integration && readIntegration(reading, integration, path),
  };
  if (integration === undefined) {
    reading.report("note", `No integration defined for method '${httpMethod} ${path}': it cannot be deployed`, spot);
  }
  return {
    path,
    httpMethod,
    ...readMethodSecurity(reading, context.schemes, spot),
    ...withoutUndefined(given),
    responses: readResponses(context, operation),
    pointer: spot.pointer,
  };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly spot: Spot;
}

/** Those of the operation take the place of those of its path with the same name and location. */
function readParameters({ reading }: OperationContext, { spot, pathItem }: Operation): readonly Parameter[] {
  const { member, elements } = reading;
  const byPlace = new Map<string, Parameter>();
  for (const written of [...elements(member(pathItem, "parameters")), ...elements(member(spot, "parameters"))]) {
    const found = reading.resolve(written);
    const name = textOf(member(found, "name"));
    const location = textOf(member(found, "in"));
    if (found === undefined) continue;
    if (name === undefined || location === undefined) reading.report("error", "A parameter needs a name and a location", found);
    else byPlace.set(`${location} ${location === "body" ? "" : name}`, { name, in: location, spot: found });
  }
  return [...byPlace.values()];
}

const LOCATIONS: Readonly<Record<string, string>> = { path: "path", query: "querystring", header: "header" };

function requestParameters(
  { reading }: OperationContext,
  { httpMethod, path }: Operation,
  parameters: readonly Parameter[],
): Readonly<Record<string, boolean>> | undefined {
  const declared = parameters.flatMap(({ name, in: where, spot }): (readonly [string, boolean])[] => {
    const location = Object.hasOwn(LOCATIONS, where) ? LOCATIONS[where] : undefined;
    if (location !== undefined) return [[`method.request.${location}.${name}`, booleanOf(reading.member(spot, "required")) ?? false]];
    if (where !== "body") {
      const place = `for parameter '${name}' of method '${httpMethod} ${path}'`;
      reading.report("warning", `Unsupported parameter type '${where}' ${place}. Ignoring.`, spot);
    }
    return [];
  });
  return declared.length === 0 ? undefined : Object.fromEntries(declared);
}

function requestModels(context: OperationContext, operation: Operation, parameters: readonly Parameter[]): StringMap | undefined {
  const { httpMethod, path } = operation;
  // OpenAPI 3.0's content is what the warning calls a schema that is no model (github.com/aws/aws-cdk/issues/24844).
  const kind = context.isVersion2 ? undefined : "Content";
  return usedModels(context, requestContent(context, operation, parameters), `in request schema for '${httpMethod} ${path}'`, kind);
}

function requestContent(context: OperationContext, { spot }: Operation, parameters: readonly Parameter[]): Content {
  const { reading, isVersion2 } = context;
  if (isVersion2) {
    const schema = reading.member(parameters.find((each) => each.in === "body")?.spot, "schema");
    return schema === undefined ? [] : mediaTypes(reading, spot, "consumes").map((type) => [type, schema]);
  }
  const body = reading.member(spot, "requestBody");
  return contentOf(reading, body && reading.resolve(body));
}

/** The media types of an OpenAPI 2.0 operation: its own, else the document's, else JSON. */
function mediaTypes(reading: Reading, operation: Spot, name: "consumes" | "produces"): readonly string[] {
  const own = textList(reading, reading.member(operation, name));
  const all = own.length > 0 ? own : textList(reading, reading.member(reading.root, name));
  return all.length > 0 ? all : ["application/json"];
}

function contentOf(reading: Reading, spot: Spot | undefined): Content {
  return reading.members(reading.member(spot, "content")).flatMap(([type, media]) => {
    const schema = reading.member(media, "schema");
    return schema === undefined ? [] : [[type, schema] as const];
  });
}

/** The models by content type. One schema for several types is one model, and one warning. */
function usedModels({ models }: OperationContext, content: Content, place: string, kind?: string): StringMap | undefined {
  const names = new Map<string, string | undefined>();
  const used = content.flatMap(([type, schema]) => {
    if (!names.has(schema.pointer)) names.set(schema.pointer, models.use(schema, place, kind));
    const name = names.get(schema.pointer);
    return name === undefined ? [] : [[type, name] as const];
  });
  return used.length === 0 ? undefined : Object.fromEntries(used);
}

/** A default response is none of a method's, which have status codes. */
function readResponses(context: OperationContext, operation: Operation): readonly (MethodResponse & Sourced)[] {
  const { reading } = context;
  return reading.members(reading.member(operation.spot, "responses")).flatMap(([statusCode, written]) => {
    if (statusCode === "default" || statusCode.startsWith("x-")) return [];
    const spot = reading.resolve(written);
    return spot === undefined ? [] : [readResponse(context, operation, statusCode, spot)];
  });
}

/** The content of an OpenAPI 2.0 response: its schema for each of the operation's media types. */
function producedContent(reading: Reading, operation: Operation, response: Spot): Content {
  const schema = reading.member(response, "schema");
  return schema === undefined ? [] : mediaTypes(reading, operation.spot, "produces").map((type) => [type, schema]);
}

function readResponse(context: OperationContext, operation: Operation, statusCode: string, spot: Spot): MethodResponse & Sourced {
  const { reading, isVersion2 } = context;
  const { httpMethod, path } = operation;
  const content = isVersion2 ? producedContent(reading, operation, spot) : contentOf(reading, spot);
  const headers = reading.members(reading.member(spot, "headers")).map(([name, header]) => {
    const found = reading.resolve(header);
    return [`method.response.header.${name}`, booleanOf(reading.member(found, "required")) ?? false] as const;
  });
  const given = {
    responseParameters: headers.length === 0 ? undefined : Object.fromEntries(headers),
    responseModels: usedModels(context, content, `in ${statusCode} response to method '${httpMethod} ${path}'`),
  };
  return { statusCode, ...withoutUndefined(given), pointer: spot.pointer };
}
