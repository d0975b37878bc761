// The VPC links that an imported document names.
import type { Call } from "../../domain/call.ts";
import type { ImportedMethod, Problem } from "../../openapi/index.ts";
import type { Change } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";
import type { ImportedRest } from "./document-reading.ts";
import { noteRefusal } from "./importing.ts";
import { bareIntegration } from "./imported-methods.ts";
import { holdVpcLink } from "./vpc-link-references.ts";

/** Changes that keep them from being deleted meanwhile; links that are not there join the problems. */
export async function holdVpcLinks(
  context: ApiGatewayContext,
  imported: ImportedRest,
  problems: Problem[],
  call: Call,
): Promise<readonly Change[]> {
  const users = new Map(imported.methods.map((method) => [method.integration?.connectionId, method]));
  users.delete(undefined);
  const held = await Promise.all([...users.values()].map((method) => holdLinkOf(context, method, problems, call)));
  return held.flat();
}

async function holdLinkOf(context: ApiGatewayContext, method: ImportedMethod, problems: Problem[], call: Call): Promise<readonly Change[]> {
  const { httpMethod, path, integration } = method;
  if (integration === undefined || integration.connectionType !== "VPC_LINK") return [];
  try {
    return await holdVpcLink(context, bareIntegration(integration, ""), undefined, call);
  } catch (error) {
    noteRefusal(problems, integration.pointer, `Unable to put integration on '${httpMethod}' for resource at path '${path}'`, error);
    return [];
  }
}
