// The types of the generated operation tables: what scripts/generate-model writes and wire/ reads.

/** Where a member of a request or response travels. */
export type MemberLocation = "uri" | "query" | "queryMap" | "header" | "prefixHeaders" | "status" | "payload" | "body";

export interface Member {
  readonly shape: string;
  /** The name on the wire at its location (`item` for V1's `items`, `httpMethod` for `integrationHttpMethod`). */
  readonly wireName: string;
  readonly in: MemberLocation;
  readonly required?: true;
}

export type Shape =
  | {
      readonly type: "structure";
      readonly members: Readonly<Record<string, Member>>;
      /** `code` is what awsQuery calls the error: `NoSuchEntity` for `NoSuchEntityException`. */
      readonly error?: { readonly status: number; readonly code?: string };
    }
  | { readonly type: "union"; readonly members: Readonly<Record<string, Member>>; readonly eventStream?: true }
  | { readonly type: "list"; readonly element: string; readonly sparse?: true; readonly min?: number; readonly max?: number }
  /** `key` only where keys are constrained. */
  | {
      readonly type: "map";
      readonly key?: string;
      readonly value: string;
      readonly sparse?: true;
      readonly min?: number;
      readonly max?: number;
    }
  /** A sensitive value is not repeated in messages. */
  | {
      readonly type: "string";
      readonly enum?: readonly string[];
      readonly pattern?: string;
      readonly min?: number;
      readonly max?: number;
      readonly sensitive?: true;
    }
  | { readonly type: "integer" | "long" | "float" | "double"; readonly min?: number; readonly max?: number }
  | { readonly type: "boolean" | "document" }
  /** Raw bytes; base64 in JSON. `streaming` only ever as a payload. */
  | { readonly type: "blob"; readonly streaming?: true; readonly min?: number; readonly max?: number }
  | { readonly type: "timestamp"; readonly format: "epoch-seconds" | "date-time" | "http-date" };

export interface Operation {
  readonly name: string;
  readonly method: string;
  /** A URI template, perhaps with `{greedy+}` labels and a literal query (`/restapis?mode=import`). */
  readonly uri: string;
  readonly status: number;
  readonly input: string;
  readonly output: string;
}

export interface OperationTable {
  /** The endpoint prefix, e.g. `apigateway`. */
  readonly service: string;
  /** The service name in a credential's scope; some services share one. */
  readonly signingName: string;
  readonly protocol: "restJson1" | "awsJson1_0" | "awsJson1_1" | "awsQuery" | "rpcV2Cbor";
  /** Of awsQuery: the `Version` of requests, and the namespace of answers. */
  readonly query?: { readonly version: string; readonly xmlNamespace: string };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** An enumeration in an answer: the values that the model knows, or any other. */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>);

/** How a service implements its operations: each takes the decoded input and gives the output to encode. */
export type Handlers<Types, Context> = {
  readonly [Name in keyof Types]: Types[Name] extends { readonly input: infer Input; readonly output: infer Output }
    ? (input: Input, context: Context) => Promise<Output>
    : never;
};
