// Filters as closures over the item that is looked at.
import type { Engine } from "./compiler.ts";
import { NotApplicable } from "./errors.ts";
import type { Evaluation } from "./evaluation.ts";
import { countedValues, ERROR_STEPS, MISSING } from "./evaluation.ts";
import type { Node } from "./nodes.ts";
import { foundNode, JsonNode, NumberNode, PatternNode, UNDEFINED } from "./nodes.ts";
import { operators } from "./operators.ts";
import type { FilterExpression, FilterOperand, PathTree } from "./syntax/tree.ts";

type Holds = (item: unknown, evaluation: Evaluation) => boolean;

/** A filter that makes no sense for an item does not hold for it. */
export function compileFilter(expression: FilterExpression, engine: Engine): Holds {
  const holds = compileExpression(expression, engine);
  return (item, evaluation) => {
    evaluation.budget.step();
    try {
      return holds(item, evaluation);
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
      evaluation.budget.step(ERROR_STEPS);
      return false;
    }
  };
}

function compileExpression(expression: FilterExpression, engine: Engine): Holds {
  switch (expression.kind) {
    case "or": {
      const operands = expression.operands.map((operand) => compileExpression(operand, engine));
      return (item, evaluation) => operands.some((operand) => operand(item, evaluation));
    }
    case "and": {
      const operands = expression.operands.map((operand) => compileExpression(operand, engine));
      return (item, evaluation) => operands.every((operand) => operand(item, evaluation));
    }
    case "not": {
      const operand = compileExpression(expression.operand, engine);
      return (item, evaluation) => !operand(item, evaluation);
    }
    case "exists": {
      const run = engine.compile(expression.path);
      const { expected } = expression;
      return (item, { root, budget }) => (run(item, root, true, budget) !== MISSING) === expected;
    }
    case "relation": {
      const left = compileOperand(expression.left, engine);
      const right = compileOperand(expression.right, engine);
      const operator = operators[expression.operator];
      const counted = countedValues(engine.values);
      return (item, evaluation) => {
        const nodes = [left(item, evaluation), right(item, evaluation)] as const;
        counted.budget = evaluation.budget;
        return operator(...nodes, counted);
      };
    }
  }
}

/** Numbers of more characters than a double holds are compared digit by digit. */
const DOUBLE_LENGTH = 15;
const EXACT_STEPS = 20;

function compileOperand(operand: FilterOperand, engine: Engine): (item: unknown, evaluation: Evaluation) => Node {
  if (operand.kind === "path") return compilePathOperand(operand.path, engine);
  const node = literalNode(operand);
  return () => node;
}

function compilePathOperand(path: PathTree, engine: Engine): (item: unknown, evaluation: Evaluation) => Node {
  const run = engine.compile(path);
  return (item, { root, budget }) => {
    const found = run(path.root === "$" ? root : item, root, false, budget);
    if (found === MISSING) return UNDEFINED;
    const node = foundNode(found, engine.values);
    if (node instanceof NumberNode && node.text.length > DOUBLE_LENGTH) budget.step(EXACT_STEPS + (node.text.length >> 2));
    return node;
  };
}

function literalNode(operand: Exclude<FilterOperand, { kind: "path" }>): Node {
  switch (operand.kind) {
    case "string":
    case "boolean":
      return operand.value;
    case "number":
      return new NumberNode(operand.text);
    case "json":
      return new JsonNode(undefined, operand.text);
    case "pattern":
      return new PatternNode(operand.matches);
    case "null":
      return null;
  }
}
