// Steps, one after the other, without a promise where none is needed.

/** Takes a record in one phase and gives the same record in a later one. */
export type Step<From, To> = (execution: From) => To | Promise<To>;

/** Several steps as one. An await only happens after a step that gave a promise. */
export function pipeline<A, B, C>(...steps: [Step<A, B>, Step<B, C>]): Step<A, C>;
export function pipeline<A, B, C, D, E>(...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>]): Step<A, E>;
export function pipeline<A, B, C, D, E, F>(...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>]): Step<A, F>;
export function pipeline<A, B, C, D, E, F, G, H>(
  ...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>, Step<F, G>, Step<G, H>]
): Step<A, H>;
export function pipeline<A, B, C, D, E, F, G, H, I, J, K>(
  ...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>, Step<F, G>, Step<G, H>, Step<H, I>, Step<I, J>, Step<J, K>]
): Step<A, K>;
export function pipeline(...steps: unknown[]): Step<unknown, unknown> {
  const untyped = steps as readonly Step<unknown, unknown>[];
  return (execution) => run(untyped, execution, 0);
}

function run(steps: readonly Step<unknown, unknown>[], execution: unknown, from: number): unknown {
  let current = execution;
  for (let i = from; i < steps.length; i++) {
    current = (steps[i] as Step<unknown, unknown>)(current);
    if (current instanceof Promise) return current.then((next) => run(steps, next, i + 1));
  }
  return current;
}
