// A schema's text as compileSchema takes it.

/** JSON.parse, but for whole numbers that a JavaScript number does not hold: these become bigints. Throws SyntaxError. */
export function parseSchema(text: string): unknown {
  const exact = (_name: string, value: unknown, context: { readonly source?: string }): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    return context.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
  };
  return JSON.parse(text, exact as (name: string, value: unknown) => unknown);
}
