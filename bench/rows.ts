// What is measured: a row for each, with the integration that Gatehouse serves and what nginx does beside it.
import type { PutIntegrationRequest } from "@aws-sdk/client-api-gateway";

export interface Row {
  readonly name: string;
  /** Completed with the ids of its API and resource. */
  readonly integration: (setting: Setting) => Omit<PutIntegrationRequest, "restApiId" | "resourceId" | "httpMethod">;
  /** The template of the integration response, where it has one. */
  readonly responseTemplate?: string;
  /** The path of bench/nginx.ts that does the same, or comes nearest. */
  readonly rival: "/mock" | "/proxy" | "/large";
  readonly goal: RowGoal;
  /** The row invokes the function of bench/gatehouse.ts. */
  readonly isFunction?: boolean;
  /** At most so many connections: each that waits for a function takes a process of its own. */
  readonly connections?: number;
}

/** What Gatehouse is to reach. */
export type RowGoal =
  /** nginx's processor time for a request divided by Gatehouse's, at least. */
  | { readonly ratio: number }
  /** Gatehouse's own processor time for a request in microseconds, less than. */
  | { readonly cpu: number };

/** What integrations may point at. */
export interface Setting {
  /** `http://host:port` */
  readonly backend: string;
  readonly functionUri: string;
}

export const ROWS: readonly Row[] = [
  {
    name: "MOCK",
    integration: () => ({ type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }),
    rival: "/mock",
    goal: { ratio: 0.4 },
  },
  {
    name: "HTTP_PROXY",
    integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/` }),
    rival: "/proxy",
    goal: { ratio: 0.5 },
  },
  {
    name: "64KB",
    integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/large` }),
    rival: "/large",
    goal: { ratio: 0.8 },
  },
  {
    name: "HTTP",
    integration: ({ backend }) => ({
      type: "HTTP",
      integrationHttpMethod: "POST",
      uri: `${backend}/`,
      requestTemplates: {
        "application/json": `{ "stage": "$context.stage", "id": "$input.params('id')", "body": $input.json('$') }`,
      },
    }),
    responseTemplate: `#set($root = $input.path('$')){ "data": "$root.data", "all": $input.json('$') }`,
    rival: "/proxy",
    goal: { ratio: 0.35 },
  },
  {
    name: "AWS_PROXY",
    integration: ({ functionUri }) => ({ type: "AWS_PROXY", integrationHttpMethod: "POST", uri: functionUri }),
    rival: "/proxy",
    goal: { cpu: 150 },
    isFunction: true,
    connections: 8,
  },
];
