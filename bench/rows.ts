// What is measured: a row for each, with the API that Gatehouse serves and what nginx does beside it.
import { httpApi } from "./http-apis.ts";
import { functionUri, restApi } from "./rest-apis.ts";

export interface Row {
  readonly name: string;
  /** Makes what is called. */
  serve(setting: Setting): Promise<Called>;
  /** The path of bench/nginx.ts that does the same, or comes nearest. */
  readonly rival: "/mock" | "/proxy" | "/large";
  /** Undefined where the figures are only to be reported. */
  readonly goal: RowGoal | undefined;
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
  | { readonly cpu: number }
  /** The same, at most so many microseconds more than that of another row, which takes turns with this one. */
  | { readonly beside: string; readonly dearerUs: number };

/** What rows are made with. */
export interface Setting {
  /** Gatehouse's. */
  readonly url: string;
  /** `http://host:port` */
  readonly backend: string;
  readonly functionArn: string;
}

/** A header of the requests that has the next of its values in each, and the first again after the last. */
export interface Turns {
  readonly header: string;
  readonly values: readonly string[];
}

/** What the load asks for. */
export interface Called {
  readonly path: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  readonly turns?: Turns;
  /** Ends what was started for the row. */
  close?(): Promise<void>;
}

export const ROWS: readonly Row[] = [
  {
    name: "MOCK",
    serve: restApi({ integration: () => ({ type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }) }),
    rival: "/mock",
    goal: { ratio: 0.4 },
  },
  {
    name: "HTTP_PROXY",
    serve: restApi({ integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/` }) }),
    rival: "/proxy",
    goal: { ratio: 0.5 },
  },
  {
    name: "REST-IAM",
    serve: restApi({ integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/` }), authorization: "AWS_IAM" }),
    rival: "/proxy",
    goal: undefined,
  },
  {
    name: "REST-LAMBDA-AUTH",
    serve: restApi({ integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/` }), authorization: "CUSTOM" }),
    rival: "/proxy",
    goal: undefined,
  },
  {
    name: "REST-KEY",
    serve: restApi({ integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/` }), keys: 10 }),
    rival: "/proxy",
    goal: { beside: "HTTP_PROXY", dearerUs: 15 },
  },
  {
    name: "64KB",
    serve: restApi({ integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/large` }) }),
    rival: "/large",
    goal: { ratio: 0.8 },
  },
  {
    name: "HTTP",
    serve: restApi({
      integration: ({ backend }) => ({
        type: "HTTP",
        integrationHttpMethod: "POST",
        uri: `${backend}/`,
        requestTemplates: {
          "application/json": `{ "stage": "$context.stage", "id": "$input.params('id')", "body": $input.json('$') }`,
        },
      }),
      responseTemplate: `#set($root = $input.path('$')){ "data": "$root.data", "all": $input.json('$') }`,
    }),
    rival: "/proxy",
    goal: { ratio: 0.35 },
  },
  {
    name: "AWS_PROXY",
    serve: restApi({ integration: ({ functionArn }) => ({ type: "AWS_PROXY", integrationHttpMethod: "POST", uri: functionUri(functionArn) }) }),
    rival: "/proxy",
    goal: { cpu: 150 },
    isFunction: true,
    connections: 8,
  },
  {
    name: "HTTP-API",
    serve: httpApi({ integration: passesOn }),
    rival: "/proxy",
    goal: undefined,
  },
  {
    name: "HTTP-API-JWT",
    serve: httpApi({ integration: passesOn, byToken: true }),
    rival: "/proxy",
    goal: undefined,
  },
  {
    name: "HTTP-API-LAMBDA",
    serve: httpApi({ integration: ({ functionArn }) => ({ IntegrationType: "AWS_PROXY", IntegrationUri: functionArn, PayloadFormatVersion: "2.0" }) }),
    rival: "/proxy",
    goal: undefined,
    isFunction: true,
    connections: 8,
  },
  // Last: ten thousand keys stay in memory, and other rows are not to pay for them. REST-KEY, by which it is measured, takes turns
  // with it in the same process: what differs is how many keys the requests come by.
  {
    name: "REST-KEYS",
    serve: restApi({ integration: ({ backend }) => ({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend}/` }), keys: 10_000 }),
    rival: "/proxy",
    goal: { beside: "REST-KEY", dearerUs: 2 },
  },
];

function passesOn({ backend }: Setting) {
  return { IntegrationType: "HTTP_PROXY", IntegrationMethod: "GET", IntegrationUri: `${backend}/`, PayloadFormatVersion: "1.0" } as const;
}
