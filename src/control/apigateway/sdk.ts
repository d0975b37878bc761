// GetSdk: what it asks for is checked, and then it says that no generator is built yet.
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type ApiGatewayContext, findStage } from "./context.ts";
import { SDK_TYPES, sdkTypeOf } from "./sdk-type.ts";

export function sdkOperations(context: ApiGatewayContext) {
  return {
    /** @throws {ServiceError} NotFoundException for an unknown stage, BadRequestException for anything else, in any case */
    async read(input: Model.GetSdkRequest, call: Call): Promise<Model.SdkResponse> {
      const { sdkType, parameters = {} } = input;
      await findStage(context, input, call);
      const type = sdkTypeOf(sdkType);
      if (type === undefined) throw badRequest(`Invalid SDK type specified: ${sdkType}. Must be one of: [${SDK_TYPES.map(({ id }) => id).join(", ")}]`);
      for (const { name, required } of type.configurationProperties) {
        if (required && !(Object.hasOwn(parameters, name) && parameters[name])) {
          throw badRequest(`Missing required parameter for SDK type ${sdkType}: ${name}`);
        }
      }
      throw badRequest(`Gatehouse has not built the generator of ${type.friendlyName} SDKs yet.`);
    },
  };
}
