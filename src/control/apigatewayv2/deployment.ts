// Deployment: an API's definition, frozen, and shown by a stage when one is named.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { type HttpApi, type HttpDeployment, httpDeployments, httpSnapshots, httpStages } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { hashOf } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { NO_ROUTES, snapshotOf, unusedSnapshot } from "./auto-deployment.ts";
import { type ApiGatewayV2Context, type ApiInput, checkLength, findApi, given, held, pageOf, publish, shownPage } from "./context.ts";
import { definitionOf, findDefinition } from "./definition.ts";

interface DeploymentInput extends ApiInput {
  readonly DeploymentId: string;
}

interface Found {
  readonly api: Stored<HttpApi>;
  readonly deployment: Stored<HttpDeployment>;
}

export function deploymentOperations(context: ApiGatewayV2Context) {
  const { store } = context;
  const find = async (input: DeploymentInput, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    const deployment = await store.get(httpDeployments, [...api.key, input.DeploymentId]);
    if (deployment === undefined) throw notFound("Invalid Deployment identifier specified");
    return { api, deployment };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateDeploymentRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ deployment }) => show(deployment.value)),
    list: async (input: Model.GetDeploymentsRequest, call: Call): Promise<Model.GetDeploymentsResponse> => {
      const api = await findApi(context, input, call);
      return shownPage(await verbs.page(store, httpDeployments, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: (input: Model.UpdateDeploymentRequest, call) => find(input, call),
      of: ({ deployment }): HttpDeployment => deployment.value,
      rules,
      keep: ({ api, deployment }, next): verbs.Decision<Model.UpdateDeploymentResponse> => {
        checkLength("Description", next.description ?? "", 1024);
        return { changes: [held(api), put(httpDeployments, deployment.key, next, deployment.version)], answer: show(next) };
      },
    }),
    remove: verbs.removing(store, find, (found) => removal(context, found)),
  };
}

async function creation(context: ApiGatewayV2Context, input: Model.CreateDeploymentRequest, call: Call): Promise<verbs.Decision<Model.CreateDeploymentResponse>> {
  const found = await findDefinition(context, input, call);
  const { api } = found;
  const { Description, StageName } = input;
  if (found.routes.length === 0) throw badRequest(NO_ROUTES);
  checkLength("Description", Description ?? "", 1024);
  const snapshot = snapshotOf(definitionOf(found));
  const deployment: HttpDeployment = {
    deploymentId: context.ids.alphanumeric(6),
    createdDate: context.clock.now(),
    ...given({ description: Description }),
    autoDeployed: false,
    snapshot: hashOf(snapshot),
  };
  const stage = StageName ? [await pointed(context, api, StageName, deployment)] : [];
  return {
    changes: [
      held(api),
      put(httpSnapshots, [...api.key, deployment.snapshot], snapshot, "any"),
      put(httpDeployments, [...api.key, deployment.deploymentId], deployment, "absent"),
      ...stage,
    ],
    answer: show(deployment),
    afterwards: async () => {
      if (StageName) await publish(context, api);
    },
  };
}

/** The stage exists (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-deployment.html). */
async function pointed({ store, clock }: ApiGatewayV2Context, api: Stored<HttpApi>, stageName: string, { deploymentId }: HttpDeployment): Promise<Change> {
  const stage = await store.get(httpStages, [...api.key, stageName]);
  if (stage === undefined) throw notFound("Invalid stage identifier specified");
  return put(httpStages, stage.key, { ...stage.value, deploymentId, lastUpdatedDate: clock.now() }, stage.version);
}

async function removal({ store }: ApiGatewayV2Context, { api, deployment }: Found): Promise<{ readonly changes: readonly Change[] }> {
  const [{ items: stages }, { items: deployments }] = await Promise.all([
    store.list(httpStages, { prefix: api.key }),
    store.list(httpDeployments, { prefix: api.key }),
  ]);
  // The words are those of the V1 API.
  if (stages.some(({ value }) => value.deploymentId === deployment.value.deploymentId)) {
    throw badRequest("Active stages pointing to this deployment must be moved or deleted");
  }
  return { changes: [held(api), remove(httpDeployments, deployment.key, deployment.version), ...unusedSnapshot(api.key, deployment.value, deployments)] };
}

const rules: verbs.MergeRules<HttpDeployment, Model.UpdateDeploymentRequest> = { Description: verbs.takenOrGone("description") };

/** What can be deployed is deployed when the call returns. */
const show = ({ autoDeployed, createdDate, deploymentId, description }: HttpDeployment): Model.Deployment => ({
  AutoDeployed: autoDeployed,
  CreatedDate: createdDate,
  DeploymentId: deploymentId,
  DeploymentStatus: "DEPLOYED",
  ...given({ Description: description }),
});
