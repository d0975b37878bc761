// Models: the shapes of payloads, by name, and how their schemas refer to each other
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html).
import { recordKind } from "./record.ts";

/** AWS's Model. */
export interface DataModel {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly contentType: string;
  /** For JSON content types JSON schema draft 4, as given. */
  readonly schema?: string;
}

/** Key: account, region, API id, name. */
export const models = recordKind<DataModel>("model");

/** How a schema refers to a model of the same API. */
export const modelUrl = (apiId: string, name: string): string => `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;

const MODEL_URL = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/([^/]+)\/models\/([^/]+)$/;

/** What a reference says when it is one to a model. */
export function parseModelUrl(url: string): { readonly apiId: string; readonly name: string } | undefined {
  const [, apiId, name] = MODEL_URL.exec(url) ?? [];
  return apiId === undefined || name === undefined ? undefined : { apiId, name };
}
