// A schema as its users have it: compiled once, run often.
import { type Compiled, compileNodes } from "./compiler.ts";
import type { ResolveSchema } from "./documents.ts";
import { SchemaDocuments } from "./documents.ts";
import type { CompilePattern } from "./keywords/keyword.ts";
import type { SchemaNode } from "./node.ts";
import type { ValidationLimits, ValidationMessage } from "./run.ts";
import { Budget, defaultLimits, Run } from "./run.ts";
import type { SchemaObject } from "./schema.ts";
import type { InstanceValues } from "./values.ts";

export interface SchemaOptions {
  /** How the values that are validated are read. */
  readonly values: InstanceValues;
  readonly compilePattern: CompilePattern;
  /** Without it, a schema refers to nothing but itself. */
  readonly resolve?: ResolveSchema;
  readonly limits?: ValidationLimits;
}

export interface Validator {
  /**
   * What is wrong with a value; nothing for one that is as it should be. Warnings count for API Gateway, not for JSON
   * Schema. Throws ValidationLimitError.
   * @param furtherSteps what it may take beyond the limit, for a large value.
   */
  validate(value: unknown, furtherSteps?: number): readonly ValidationMessage[];
}

/**
 * Compiles a schema of draft 4, a JSON value as JSON.parse or parseSchema gives it, with the messages of the Java library
 * json-schema-validator, which API Gateway shows as `$context.error.validationErrorString`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html). Throws JsonSchemaError.
 */
export function compileSchema(schema: unknown, options: SchemaOptions): Validator {
  const { values, compilePattern, resolve = () => undefined, limits = defaultLimits } = options;
  const documents = SchemaDocuments.ofOne(resolve);
  return validatorOf(compileNodes(documents.add(schema), { documents, values, compilePattern, compiled: new WeakMap() }), limits);
}

/** Schemas that refer to each other. */
export interface SchemaLibrary {
  /** As {@link compileSchema}; what several schemas refer to is compiled once. Throws JsonSchemaError. */
  compile(schema: unknown): Validator;
}

/**
 * @param options of all the schemas. What a URL resolves to has to stay the same, and no two documents may have an object in
 * common.
 */
export function createSchemaLibrary(options: SchemaOptions): SchemaLibrary {
  const { values, compilePattern, resolve = () => undefined, limits = defaultLimits } = options;
  const shared = SchemaDocuments.ofMany(resolve);
  const compiled = new WeakMap<SchemaObject, Compiled>();
  return {
    compile(schema) {
      const documents = shared.withOne();
      try {
        const root = documents.add(schema);
        const node = documents.haveNames ? undefined : compileNodes(root, { documents, values, compilePattern, compiled });
        if (node !== undefined && !documents.haveNames) return validatorOf(node, limits);
      } catch (error) {
        if (!documents.haveNames) throw error;
      }
      // Names count where they are drawn in, and nowhere else.
      return compileSchema(schema, options);
    },
  };
}

function validatorOf(node: SchemaNode, limits: ValidationLimits): Validator {
  return {
    validate(value, furtherSteps) {
      const messages: ValidationMessage[] = [];
      node.apply(value, new Run(new Budget(limits, furtherSteps), messages));
      return messages;
    },
  };
}
