// How policies name what is called of an HTTP API.
import { partitionOf } from "../../domain/arn.ts";
import { plainest } from "../authorizer-event.ts";
import type { HttpRouted } from "./execution.ts";

/** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{METHOD}/{path}`, the path as it travelled. */
export const routeArn = (routed: HttpRouted): string => arnOf(routed, routed.stagePath);

/** The same, and behind it the ARN of the plainest spelling of the path, where that is another one: it leads to the same route. */
export function routeArns(routed: HttpRouted): readonly string[] {
  const plain = plainest(routed.stagePath);
  return plain === routed.stagePath ? [routeArn(routed)] : [routeArn(routed), arnOf(routed, plain)];
}

function arnOf({ httpMethod, stage }: HttpRouted, path: string): string {
  const { account, apiId, region, stageName } = stage;
  return `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${stageName}/${httpMethod}${path}`;
}
