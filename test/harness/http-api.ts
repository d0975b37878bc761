// An HTTP API, deployed and compiled, for tests of the gateway.
import type { HttpApiSnapshot, HttpAuthorizer, HttpIntegration, HttpRoute, HttpStage } from "../../src/domain/http-api.ts";
import type { HttpBackendAccess, HttpStagePlan } from "../../src/plan/index.ts";
import { compileHttpStage } from "../../src/plan/index.ts";
import type { Asked, TestGateway } from "./gateway.ts";
import { startGateway, type TestGatewayOptions } from "./gateway.ts";

export const HTTP_API_ID = "h1b2c3d4e5";
export const HTTP_HOST = `${HTTP_API_ID}.execute-api.us-east-1.amazonaws.com`;

export interface HttpApiParts {
  /** By route key: an integration, or the URL of one that passes requests on. */
  readonly routes: Readonly<Record<string, string | HttpRouteParts>>;
  readonly authorizers?: readonly HttpAuthorizer[];
  readonly cors?: HttpApiSnapshot["corsConfiguration"];
  readonly disableExecuteApiEndpoint?: boolean;
  readonly stage?: Partial<HttpStage>;
  readonly backends?: HttpBackendAccess;
}

export interface HttpRouteParts extends Partial<Omit<HttpRoute, "routeId" | "routeKey" | "target">> {
  readonly integration?: Partial<HttpIntegration>;
}

export function httpStage({ routes, authorizers = [], cors, disableExecuteApiEndpoint = false, stage, backends }: HttpApiParts): HttpStagePlan {
  const entries = Object.entries(routes).map(([routeKey, given], i) => {
    const { integration, ...route } = typeof given === "string" ? { integration: { integrationUri: given } } : given;
    const integrationId = `i${i}`;
    const target = integration && { target: `integrations/${integrationId}` };
    return {
      route: { routeId: `r${i}`, routeKey, authorizationType: "NONE" as const, ...route, ...target },
      integration: integration && integrationOf(integrationId, integration),
    };
  });
  return compileHttpStage({
    api: {
      apiId: HTTP_API_ID,
      account: "123456789012",
      region: "us-east-1",
      protocolType: "HTTP",
      createdDate: 0,
      name: "pets",
      disableExecuteApiEndpoint,
      ipAddressType: "ipv4",
      tags: {},
    },
    stage: {
      stageName: "$default",
      deploymentId: "d1",
      autoDeploy: true,
      defaultRouteSettings: {},
      routeSettings: {},
      stageVariables: {},
      createdDate: 0,
      lastUpdatedDate: 0,
      tags: {},
      ...stage,
    },
    snapshot: {
      apiId: HTTP_API_ID,
      disableExecuteApiEndpoint,
      routes: entries.map(({ route }) => route),
      integrations: entries.flatMap(({ integration }) => integration ?? []),
      authorizers,
      ...(cors && { corsConfiguration: cors }),
    },
    backends,
  });
}

const integrationOf = (integrationId: string, parts: Partial<HttpIntegration>): HttpIntegration => ({
  integrationId,
  integrationType: "HTTP_PROXY",
  integrationMethod: "ANY",
  connectionType: "INTERNET",
  payloadFormatVersion: "1.0",
  timeoutInMillis: 30_000,
  ...parts,
});

/** A gateway that serves one HTTP API by these stages. */
export async function startHttpApi(stages: readonly HttpStagePlan[], options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gate = await startGateway([], options);
  serveHttpApi(gate, stages);
  return { ...gate, ask: (asked) => gate.ask(addressed(asked)), [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

export function serveHttpApi({ gateway }: TestGateway, stages: readonly HttpStagePlan[]): void {
  gateway.putHttpApi(
    HTTP_API_ID,
    stages.map((plan) => ({ apiId: HTTP_API_ID, stageName: plan.stageName, load: () => plan })),
  );
}

/** At the API's own host, unless the headers name another; the path is the whole target. */
function addressed({ path = "/", target = path, headers = [], ...rest }: Asked): Asked {
  const isNamed = headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === "host");
  return { ...rest, target, headers: isNamed ? headers : ["Host", HTTP_HOST, ...headers] };
}
