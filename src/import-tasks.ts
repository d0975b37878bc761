// What the process does that reads OpenAPI documents.
import { systemIds } from "./adapters/system/index.ts";
import { type DefinitionTask, type DocumentationTask, readDefinition, readDocumentation } from "./control/apigateway/index.ts";
import { type HttpReadOptions, readHttpApi } from "./openapi/index.ts";

export interface HttpDefinitionTask {
  readonly body: Uint8Array;
  readonly options: HttpReadOptions;
}

export const tasks = {
  definition: (task: DefinitionTask) => readDefinition(task, systemIds),
  documentation: (task: DocumentationTask) => readDocumentation(task),
  httpDefinition: ({ body, options }: HttpDefinitionTask) => readHttpApi(body, options),
};

export type ImportTasks = typeof tasks;
