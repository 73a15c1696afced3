import { readFile } from 'node:fs/promises';
import { type ASTNode, isTypeDefinitionNode, Kind, parse, visit } from 'graphql';

const file = 'schema.graphql';

/** Everything in the published schema has a description, since that is what authors of clients and their tools read. */
export const describedSchema = async (): Promise<string[]> => undescribedIn(await readFile(file, 'utf8'));

/** @returns a line for each type, field, argument and value without a description: `schema.graphql: Query.user.id` */
export function undescribedIn(schema: string): string[] {
  const found: string[] = [];
  const path: string[] = [];
  visit(parse(schema, { noLocation: true }), {
    enter(node) {
      if (!isDescribable(node)) return;
      path.push(node.name.value);
      if (!node.description?.value.trim()) found.push(`${file}: ${path.join('.')}`);
    },
    leave(node) {
      if (isDescribable(node)) path.pop();
    },
  });
  return found;
}

const isDescribable = (node: ASTNode) =>
  isTypeDefinitionNode(node) ||
  node.kind === Kind.FIELD_DEFINITION ||
  node.kind === Kind.INPUT_VALUE_DEFINITION ||
  node.kind === Kind.ENUM_VALUE_DEFINITION ||
  node.kind === Kind.DIRECTIVE_DEFINITION;
