// Model of a WebSocket API: the shape of messages, by a JSON schema.
import type { Call } from "../../../domain/call.ts";
import type { DataModel } from "../../../domain/data-model.ts";
import { badRequest } from "../../../domain/errors.ts";
import { webSocketModels } from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import { flatten, parseSchema, sampleTemplate } from "../../apigateway/index.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, given } from "../context.ts";
import { checkModel, checkModelUnused } from "./model-rules.ts";
import { findPart, partOperations, type PartPlace } from "./parts.ts";

/** AWS names no limit. */
const MODELS_PER_API = 300;

interface ModelInput extends ApiInput {
  readonly ModelId: string;
}

const MODEL: PartPlace<"models", ModelInput> = { name: "models", word: "Model", idIn: ({ ModelId }) => ModelId, idOf: ({ id }) => id };

export function webSocketModelOperations(context: ApiGatewayV2Context) {
  const { ids } = context;
  return {
    ...partOperations(context, {
      ...MODEL,
      kind: webSocketModels,
      most: MODELS_PER_API,
      make: ({ ContentType, Description, Name, Schema }: Model.CreateModelRequest): DataModel => ({
        id: ids.alphanumeric(6),
        name: Name,
        contentType: ContentType || "application/json",
        ...given({ description: Description, schema: Schema }),
      }),
      rules,
      refuseOthers: () => undefined,
      check: checkModel,
      along: (definition) => (definition.api.disableSchemaValidation ? { ...definition, api: { ...definition.api, hasUncheckedModels: true } } : definition),
      checkUnused: checkModelUnused,
      show,
    }),
    template: async (input: Model.GetModelTemplateRequest, call: Call): Promise<Model.GetModelTemplateResponse> => {
      const { found, part } = await findPart(context, MODEL, input, call);
      if (parseSchema(part) === undefined) throw badRequest(`Model ${part.name} has no JSON schema to make a template of`);
      const schemas = new Map(found.models.map(({ value }) => [value.name, parseSchema(value) ?? {}]));
      return { Value: sampleTemplate(flatten(part.name, schemas)) };
    },
  };
}

const rules: verbs.MergeRules<DataModel, Model.UpdateModelRequest> = {
  ContentType: verbs.taken("contentType"),
  Description: verbs.takenOrGone("description"),
  Name: verbs.taken("name"),
  Schema: verbs.takenOrGone("schema"),
};

const show = ({ contentType, description, id, name, schema }: DataModel): Model.Model => ({
  ContentType: contentType,
  ...given({ Description: description }),
  ModelId: id,
  Name: name,
  ...given({ Schema: schema }),
});
