// What WebSocket APIs alone have: HTTP APIs have no such parts, and can be given none (model: the operations' documentation).
import type { Call } from "../../domain/call.ts";
import { notFound } from "../../domain/errors.ts";
import { type ApiGatewayV2Context, type ApiInput, findApi, notOfHttpApis } from "./context.ts";

/** The operations on a kind of part that no HTTP API has. @param plural as in `Models` @param name as in `Model` */
export function websocketOnlyOperations(context: ApiGatewayV2Context, plural: string, name: string) {
  const missing = async (input: ApiInput, call: Call): Promise<never> => {
    await findApi(context, input, call);
    throw notFound(`Invalid ${name} identifier specified`);
  };
  return {
    create: async (input: ApiInput, call: Call): Promise<never> => {
      await findApi(context, input, call);
      throw notOfHttpApis(plural);
    },
    list: async (input: ApiInput, call: Call): Promise<{ readonly Items: readonly never[]; readonly NextToken?: string }> => {
      await findApi(context, input, call);
      return { Items: [] };
    },
    read: missing,
    template: missing,
    merge: missing,
    remove: missing,
  };
}
