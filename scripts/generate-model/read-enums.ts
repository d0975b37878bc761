// Which member of which structure takes which enumeration: found only in the SDK's type declarations.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface Enums {
  /** By name, in the order the SDK lists them. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The enumeration a member, its elements or its values take, by `Structure.member`. */
  readonly byMember: ReadonlyMap<string, string>;
  /** The enumeration that a map's keys take, by `Structure.member`. */
  readonly byMapKey: ReadonlyMap<string, string>;
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
}

function readValues(file: ts.SourceFile): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      if (!ts.isIdentifier(declaration.name) || !declaration.type || !ts.isTypeLiteralNode(declaration.type)) continue;
      const literals = declaration.type.members.flatMap((member) =>
        ts.isPropertySignature(member) && member.type && ts.isLiteralTypeNode(member.type) && ts.isStringLiteral(member.type.literal)
          ? [member.type.literal.text]
          : [],
      );
      values.set(declaration.name.text, literals);
    }
  }
  return values;
}

/** Reads the declarations of one SDK client package. */
export function readEnums(packageDirectory: string): Enums {
  const models = join(packageDirectory, "dist-types", "models");
  const values = new Map<string, readonly string[]>();
  const byMember = new Map<string, string>();
  const byMapKey = new Map<string, string>();

  function visit(place: string, node: ts.Node): void {
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) {
      const name = node.typeName.text;
      if (values.has(name)) byMember.set(place, name);
      const [key, value] = node.typeArguments ?? [];
      if (name === "Record" && key && value) {
        if (ts.isTypeReferenceNode(key) && ts.isIdentifier(key.typeName) && values.has(key.typeName.text)) {
          byMapKey.set(place, key.typeName.text);
        }
        visit(place, value);
        return;
      }
    }
    ts.forEachChild(node, (child) => visit(place, child));
  }

  if (!existsSync(join(models, "enums.d.ts"))) return { values, byMember, byMapKey };
  for (const [name, literals] of readValues(parse(join(models, "enums.d.ts")))) values.set(name, literals);
  const files = readdirSync(models).filter((name) => /^models_\d+\.d\.ts$/.test(name)).sort();
  for (const statement of files.flatMap((name) => [...parse(join(models, name)).statements])) {
    if (!ts.isInterfaceDeclaration(statement)) continue;
    for (const member of statement.members) {
      if (ts.isPropertySignature(member) && member.type && ts.isIdentifier(member.name)) {
        visit(`${statement.name.text}.${member.name.text}`, member.type);
      }
    }
  }
  return { values, byMember, byMapKey };
}
