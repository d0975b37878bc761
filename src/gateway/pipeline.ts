// Steps, one after the other, without a promise where none is needed.

/** Takes a record in one phase and gives the same record in a later one. */
export type Step<From, To> = (execution: From) => To | Promise<To>;

/** Several steps as one. */
export interface Pipeline<From, To> extends Step<From, To> {
  /** The same, with what becomes of its result and of what a step throws; `finish` is a step, too. Throws only what `fail` throws. */
  ending<Begun extends From, Answer>(finish: (result: To) => Answer, fail: (execution: Begun, error: unknown) => Answer): (execution: Begun) => Answer | Promise<Answer>;
}

/** Several steps as one. It only waits after a step that gave a promise. */
export function pipeline<A, B, C>(...steps: [Step<A, B>, Step<B, C>]): Pipeline<A, C>;
export function pipeline<A, B, C, D, E>(...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>]): Pipeline<A, E>;
export function pipeline<A, B, C, D, E, F>(...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>]): Pipeline<A, F>;
export function pipeline<A, B, C, D, E, F, G, H>(
  ...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>, Step<F, G>, Step<G, H>]
): Pipeline<A, H>;
export function pipeline<A, B, C, D, E, F, G, H, I, J, K>(
  ...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>, Step<F, G>, Step<G, H>, Step<H, I>, Step<I, J>, Step<J, K>]
): Pipeline<A, K>;
export function pipeline(...steps: unknown[]): Pipeline<unknown, unknown> {
  const untyped = steps as readonly Step<unknown, unknown>[];
  return Object.assign((execution: unknown) => run(untyped, execution, execution, 0, rethrow), {
    ending: <Begun, Answer>(finish: (result: unknown) => Answer, fail: (execution: Begun, error: unknown) => Answer) => {
      const all = [...untyped, finish];
      return (execution: Begun) => run(all, execution, execution, 0, fail as Fail) as Answer | Promise<Answer>;
    },
  });
}

/** What becomes of an execution that a step has thrown for. */
type Fail = (begun: unknown, error: unknown) => unknown;

const rethrow: Fail = (_, error) => {
  throw error;
};

/** One promise follows a step's own: what fails is told from what arrives in the same turn. */
function run(steps: readonly Step<unknown, unknown>[], begun: unknown, execution: unknown, from: number, fail: Fail): unknown {
  let current = execution;
  try {
    for (let i = from; i < steps.length; i++) {
      current = (steps[i] as Step<unknown, unknown>)(current);
      if (current instanceof Promise) {
        return current.then(
          (next) => run(steps, begun, next, i + 1, fail),
          (error: unknown) => fail(begun, error),
        );
      }
    }
    return current;
  } catch (error) {
    return fail(begun, error);
  }
}
