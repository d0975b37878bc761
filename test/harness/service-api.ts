// APIs of AWS service integrations, made and deployed through the SDK.
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";

/** A method, its integration with a service, and how its responses are told apart. */
export interface ServiceMethod {
  /** `GET /{folder}` */
  readonly route: string;
  /** `POST kinesis:action/ListStreams` */
  readonly service: string;
  /** Mappings of the integration request, without `integration.request.`, from `method.request.*` or a static value. */
  readonly mappings?: Readonly<Record<string, string>>;
  /** The request's template for application/json. */
  readonly template?: string;
  /** The template of its successful response for application/json. */
  readonly responseTemplate?: string;
  /** Headers of the response that are passed on. */
  readonly passed?: readonly string[];
}

/** Makes the API and deploys it as `test`; errors of the service become 400 and 500. Resolves to its id. */
export async function makeServiceApi(client: APIGatewayClient, name: string, methods: readonly ServiceMethod[]): Promise<string> {
  const { id, rootResourceId } = await client.send(new CreateRestApiCommand({ name, binaryMediaTypes: ["application/octet-stream"] }));
  const restApiId = id as string;
  const resources = new Map([["/", rootResourceId as string]]);
  const resourceAt = async (path: string): Promise<string> => {
    const known = resources.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf("/");
    const parentId = await resourceAt(slash === 0 ? "/" : path.slice(0, slash));
    const made = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart: path.slice(slash + 1) }));
    resources.set(path, made.id as string);
    return made.id as string;
  };
  for (const method of methods) {
    const [httpMethod, path] = method.route.split(" ") as [string, string];
    await putMethod(client, { restApiId, resourceId: await resourceAt(path), httpMethod }, method);
  }
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  return restApiId;
}

interface MethodName {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

async function putMethod(client: APIGatewayClient, name: MethodName, method: ServiceMethod): Promise<void> {
  const { mappings = {}, template, responseTemplate, passed = ["Content-Type"] } = method;
  const [integrationHttpMethod, uri] = method.service.split(" ") as [string, string];
  const sources = Object.values(mappings).filter((source) => source.startsWith("method."));
  const requestParameters = Object.fromEntries(sources.map((source) => [source, false]));
  await client.send(new PutMethodCommand({ ...name, authorizationType: "NONE", requestParameters }));
  await client.send(
    new PutIntegrationCommand({
      ...name,
      type: "AWS",
      integrationHttpMethod,
      uri: `arn:aws:apigateway:us-east-1:${uri}`,
      credentials: "arn:aws:iam::000000000000:role/apigateway",
      requestParameters: Object.fromEntries(Object.entries(mappings).map(([target, source]) => [`integration.request.${target}`, source])),
      ...(template === undefined ? {} : { requestTemplates: { "application/json": template } }),
    }),
  );
  for (const [statusCode, selectionPattern] of [["200", undefined], ["400", "4\\d{2}"], ["500", "5\\d{2}"]] as const) {
    const headers = statusCode === "200" ? passed : ["Content-Type"];
    const declared = Object.fromEntries(headers.map((header) => [`method.response.header.${header}`, false]));
    const responseParameters = Object.fromEntries(
      headers.map((header) => [`method.response.header.${header}`, `integration.response.header.${header}`]),
    );
    await client.send(new PutMethodResponseCommand({ ...name, statusCode, responseParameters: declared }));
    const selected = selectionPattern === undefined ? {} : { selectionPattern };
    const mapped = statusCode !== "200" || responseTemplate === undefined ? {} : { responseTemplates: { "application/json": responseTemplate } };
    await client.send(new PutIntegrationResponseCommand({ ...name, statusCode, responseParameters, ...selected, ...mapped }));
  }
}
