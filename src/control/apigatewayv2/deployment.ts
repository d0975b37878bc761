// Deployment: the definition of an API of either protocol, frozen, and shown by a stage when one is named.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import type { HttpDeployment } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { hashOf } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { unusedSnapshot } from "./auto-deployment.ts";
import { type ApiGatewayV2Context, type ApiInput, checkLength, given, pageOf, shownPage } from "./context.ts";
import { held, nameOf, type Protocol, stageOf, type V2Api } from "./protocol.ts";

interface DeploymentInput extends ApiInput {
  readonly DeploymentId: string;
}

interface Found {
  readonly api: Stored<V2Api>;
  readonly deployment: Stored<HttpDeployment>;
}

export function deploymentOperations(context: ApiGatewayV2Context, protocol: Protocol) {
  const { store } = context;
  const find = async (input: DeploymentInput, call: Call): Promise<Found> => {
    const api = await protocol.findApi(context, input, call);
    const deployment = await store.get(protocol.deployments, [...api.key, input.DeploymentId]);
    if (deployment === undefined) throw notFound("Invalid Deployment identifier specified");
    return { api, deployment };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateDeploymentRequest, call) => creation(context, protocol, input, call)),
    read: verbs.reading(find, ({ deployment }) => show(deployment.value)),
    list: async (input: Model.GetDeploymentsRequest, call: Call): Promise<Model.GetDeploymentsResponse> => {
      const api = await protocol.findApi(context, input, call);
      return shownPage(await verbs.page(store, protocol.deployments, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: (input: Model.UpdateDeploymentRequest, call) => find(input, call),
      of: ({ deployment }): HttpDeployment => deployment.value,
      rules,
      keep: ({ api, deployment }, next): verbs.Decision<Model.UpdateDeploymentResponse> => {
        checkLength("Description", next.description ?? "", 1024);
        return { changes: [held(protocol, api), put(protocol.deployments, deployment.key, next, deployment.version)], answer: show(next) };
      },
    }),
    remove: verbs.removing(store, find, (found) => removal(context, protocol, found)),
  };
}

async function creation(
  context: ApiGatewayV2Context,
  protocol: Protocol,
  input: Model.CreateDeploymentRequest,
  call: Call,
): Promise<verbs.Decision<Model.CreateDeploymentResponse>> {
  const found = await protocol.findFrozen(context, input, call);
  const { api, frozen } = found;
  const { snapshot } = frozen;
  const { Description, StageName } = input;
  const failure = await frozen.failure();
  if (failure !== undefined) throw badRequest(failure);
  checkLength("Description", Description ?? "", 1024);
  const deployment: HttpDeployment = {
    deploymentId: context.ids.alphanumeric(6),
    createdDate: context.clock.now(),
    ...given({ description: Description }),
    autoDeployed: false,
    snapshot: hashOf(snapshot),
  };
  const stage = StageName ? [await pointed(context, protocol, api, StageName, deployment)] : [];
  return {
    changes: [
      held(protocol, api),
      put(protocol.snapshots, [...api.key, deployment.snapshot], snapshot, "any"),
      put(protocol.deployments, [...api.key, deployment.deploymentId], deployment, "absent"),
      ...stage,
    ],
    answer: show(deployment),
    afterwards: async () => {
      if (StageName) await protocol.publish(context, nameOf(api));
    },
  };
}

/** The stage exists (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-deployment.html). */
async function pointed(context: ApiGatewayV2Context, protocol: Protocol, api: Stored<V2Api>, stageName: string, { deploymentId }: HttpDeployment): Promise<Change> {
  const { clock } = context;
  const stage = await stageOf(context, protocol, api, { ApiId: api.value.apiId, StageName: stageName });
  return put(protocol.stages, stage.key, { ...stage.value, deploymentId, lastUpdatedDate: clock.now() }, stage.version);
}

async function removal({ store }: ApiGatewayV2Context, protocol: Protocol, { api, deployment }: Found): Promise<{ readonly changes: readonly Change[] }> {
  const [{ items: stages }, { items: deployments }] = await Promise.all([
    store.list(protocol.stages, { prefix: api.key }),
    store.list(protocol.deployments, { prefix: api.key }),
  ]);
  // The words are those of the V1 API.
  if (stages.some(({ value }) => value.deploymentId === deployment.value.deploymentId)) {
    throw badRequest("Active stages pointing to this deployment must be moved or deleted");
  }
  return { changes: [held(protocol, api), remove(protocol.deployments, deployment.key, deployment.version), ...unusedSnapshot(protocol, api.key, deployment.value, deployments)] };
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
