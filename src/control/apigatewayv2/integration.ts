// Integration: where a route's requests go.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { type HttpIntegration, httpIntegrations, targetIntegration } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, findApi, given, pageOf, shownPage } from "./context.ts";
import { definitionOf, findDefinition, type FoundDefinition, redefined, withPart } from "./definition.ts";
import { checkedIntegration, newIntegration, proxyType, refuseOthers, tlsConfigOf } from "./integration-rules.ts";
import { tooMany } from "./route.ts";
import { holdVpcLink } from "./vpc-link.ts";

interface IntegrationInput extends ApiInput {
  readonly IntegrationId: string;
}

interface Found {
  readonly found: FoundDefinition;
  readonly integration: Stored<HttpIntegration>;
}

const idOf = ({ integrationId }: HttpIntegration): string => integrationId;

export function integrationOperations(context: ApiGatewayV2Context) {
  const { store, ids, limits } = context;
  const find = async (input: IntegrationInput, call: Call): Promise<Found> => {
    const found = await findDefinition(context, input, call);
    const integration = found.integrations.find(({ value }) => value.integrationId === input.IntegrationId);
    if (integration === undefined) throw notFound("Invalid Integration identifier specified");
    return { found, integration };
  };
  const keep = async (found: FoundDefinition, integration: HttpIntegration, call: Call) => {
    const before = definitionOf(found);
    const checked = checkedIntegration(integration);
    const link = await holdVpcLink(context, checked, call);
    const { changes, ...decision } = await redefined(context, found, { ...before, integrations: withPart(before.integrations, checked, idOf) });
    return { ...decision, changes: [...link, ...changes], answer: show(checked) };
  };
  return {
    create: verbs.writing(store, async (input: Model.CreateIntegrationRequest, call): Promise<verbs.Decision<Model.CreateIntegrationResult>> => {
      const found = await findDefinition(context, input, call);
      refuseOthers(input);
      if (found.integrations.length >= limits.integrationsPerApi) throw tooMany("Integrations");
      return keep(found, newIntegration(ids, input), call);
    }),
    read: verbs.reading(find, ({ integration }) => show(integration.value)),
    list: async (input: Model.GetIntegrationsRequest, call: Call): Promise<Model.GetIntegrationsResponse> => {
      const api = await findApi(context, input, call);
      return shownPage(await verbs.page(store, httpIntegrations, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: async (input: Model.UpdateIntegrationRequest, call) => {
        const found = await find(input, call);
        refuseOthers(input);
        return found;
      },
      of: ({ integration }): HttpIntegration => integration.value,
      rules,
      keep: ({ found }, next, _input, call): Promise<verbs.Decision<Model.UpdateIntegrationResult>> => keep(found, next, call),
    }),
    remove: verbs.removing(store, find, ({ found, integration }) => {
      const { integrationId, apiGatewayManaged } = integration.value;
      // Model: Integration.apiGatewayManaged.
      if (apiGatewayManaged) throw badRequest("The integration is managed by API Gateway");
      const before = definitionOf(found);
      const users = before.routes.filter(({ target }) => targetIntegration(target) === integrationId).map(({ routeId }) => routeId);
      // The words: github.com/hashicorp/terraform-provider-aws/issues/12195.
      if (users.length > 0) throw conflict(`Cannot delete Integration because it is referenced by the following Routes with Ids: [${users.join(", ")}]`);
      return redefined(context, found, { ...before, integrations: before.integrations.filter((each) => each !== integration.value) });
    }),
  };
}

/** Mappings are taken away by empty values (guide: http-api-parameter-mapping, remove configured parameter mappings). */
const rules: verbs.MergeRules<HttpIntegration, Model.UpdateIntegrationRequest> = {
  IntegrationType: (integration, type) => ({ ...integration, integrationType: proxyType(type) }),
  IntegrationSubtype: verbs.takenOrGone("integrationSubtype"),
  IntegrationUri: verbs.takenOrGone("integrationUri"),
  IntegrationMethod: verbs.takenOrGone("integrationMethod"),
  ConnectionType: verbs.taken("connectionType"),
  ConnectionId: verbs.takenOrGone("connectionId"),
  CredentialsArn: verbs.takenOrGone("credentialsArn"),
  Description: verbs.takenOrGone("description"),
  PayloadFormatVersion: (integration, version) => ({ ...integration, payloadFormatVersion: version as HttpIntegration["payloadFormatVersion"] }),
  RequestParameters: verbs.takenEntries("requestParameters"),
  ResponseParameters: verbs.takenEntries("responseParameters"),
  TimeoutInMillis: verbs.taken("timeoutInMillis"),
  TlsConfig: (integration, config) => {
    const { tlsConfig: _before, ...rest } = integration;
    return { ...rest, ...given({ tlsConfig: tlsConfigOf(config) }) };
  },
};

/** An integration as answers carry it. */
function show(integration: HttpIntegration): Model.Integration {
  const { apiGatewayManaged, connectionId, credentialsArn, description, integrationMethod, integrationSubtype, integrationUri } = integration;
  const { requestParameters, responseParameters, tlsConfig } = integration;
  return {
    ...given({ ApiGatewayManaged: apiGatewayManaged, ConnectionId: connectionId }),
    ConnectionType: integration.connectionType,
    ...given({ CredentialsArn: credentialsArn, Description: description }),
    IntegrationId: integration.integrationId,
    ...given({ IntegrationMethod: integrationMethod, IntegrationSubtype: integrationSubtype }),
    IntegrationType: integration.integrationType,
    ...given({ IntegrationUri: integrationUri }),
    PayloadFormatVersion: integration.payloadFormatVersion,
    ...given({ RequestParameters: requestParameters, ResponseParameters: responseParameters }),
    TimeoutInMillis: integration.timeoutInMillis,
    ...(tlsConfig === undefined ? {} : { TlsConfig: given({ ServerNameToVerify: tlsConfig.serverNameToVerify }) }),
  };
}
