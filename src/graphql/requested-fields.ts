import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';

/** Field names by AST node. Documents are cached, so each selection is traversed once. */
const known = new WeakMap<FieldNode, ReadonlySet<string>>();

/**
 * @returns the names of all fields below this one, at any depth and through fragments; an upper bound of what must be
 * read
 */
export function requestedFields({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const [first, ...others] = fieldNodes;
  const remembered = first && others.length === 0 ? known.get(first) : undefined;
  if (remembered) return remembered;
  const names = new Set<string>();
  for (const { selectionSet } of fieldNodes) gather(selectionSet, fragments, names, new Set());
  if (first && others.length === 0) known.set(first, names);
  return names;
}

/** Fields of a connection that come from its rows. */
const rowFields = ['nodes', 'edges', 'pageInfo'];

/** @param fields what is requested of a connection @returns whether rows are, and not only how many there are */
export const requestsRows = (fields: ReadonlySet<string>): boolean => rowFields.some((field) => fields.has(field));

function gather(
  selections: SelectionSetNode | undefined,
  fragments: Record<string, FragmentDefinitionNode>,
  names: Set<string>,
  seen: Set<string>,
): void {
  for (const node of selections?.selections ?? []) {
    if (node.kind === Kind.FIELD) names.add(node.name.value);
    if (node.kind !== Kind.FRAGMENT_SPREAD) gather(node.selectionSet, fragments, names, seen);
    else if (!seen.has(node.name.value))
      gather(fragments[node.name.value]?.selectionSet, fragments, names, seen.add(node.name.value));
  }
}
