// What goes between the process that does tasks and the one that has them done.

/** A function of one plain value that gives another: both are copied to where they go. */
export type Tasks = Readonly<Record<string, (input: never) => unknown>>;

export interface TaskRequest {
  readonly task: string;
  readonly input: unknown;
}

export type TaskReply = { readonly value: unknown } | { readonly thrown: { readonly message: string; readonly stack: string | undefined } };
