// allOf, anyOf, oneOf and not. Of what fails within them, only the number is told.
import { Run } from "../run.ts";
import { keyword } from "../schema.ts";
import type { KeywordCompiler } from "./keyword.ts";

function counting(name: string, message: (matched: number, all: number) => string | undefined): KeywordCompiler {
  return ({ schema, place, onSame }) => {
    const nodes = (keyword(schema, name) as readonly unknown[]).map((one, at) => onSame(`/${name}/${at}`, one));
    return (value, run) => {
      let matched = 0;
      for (const node of nodes) {
        const part = new Run(run.budget);
        node.apply(value, part);
        if (!part.failed) matched += 1;
      }
      const text = message(matched, nodes.length);
      if (text !== undefined) run.fail(name, place, () => text);
    };
  };
}

export const allOf = counting("allOf", (matched, all) =>
  matched === all ? undefined : `instance failed to match all required schemas (matched only ${matched} out of ${all})`,
);

export const anyOf = counting("anyOf", (matched, all) =>
  matched > 0 ? undefined : `instance failed to match at least one required schema among ${all}`,
);

export const oneOf = counting("oneOf", (matched, all) =>
  matched === 1 ? undefined : `instance failed to match exactly one schema (matched ${matched} out of ${all})`,
);

export const not: KeywordCompiler = ({ schema, place, onSame }) => {
  const node = onSame("/not", keyword(schema, "not"));
  return (value, run) => {
    const part = new Run(run.budget);
    node.apply(value, part);
    if (!part.failed) run.fail("not", place, () => "instance matched a schema which it should not have");
  };
};
