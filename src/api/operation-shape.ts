import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { CodedError } from '../errors.js';

/** Limits of one operation, with its fragments expanded. */
const most = { depth: 12, aliases: 30, selections: 5000 } as const;

const tooComplex = (what: string): CodedError =>
  new CodedError('QUERY_TOO_COMPLEX', `The operation has too many ${what}.`);

/** @throws QUERY_TOO_COMPLEX for too many levels, aliases or fields */
export function checkShape(document: DocumentNode): void {
  for (const { depth, aliases, size } of shapesOf(document)) {
    if (depth > most.depth) throw tooComplex('levels');
    if (aliases > most.aliases) throw tooComplex('aliases');
    if (size > most.selections) throw tooComplex('fields');
  }
}

/** @returns the number of fields and fragments of the largest operation, each counted as often as it is spread */
export const selectionsIn = (document: DocumentNode): number => Math.max(...shapesOf(document).map(({ size }) => size));

/** Measures each operation. Each fragment is measured once, so this takes linear time. */
function shapesOf({ definitions }: DocumentNode): Shape[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<string, Shape>();
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? measure(definition.selectionSet, fragments, measured) : [],
  );
}

interface Shape {
  readonly depth: number;
  readonly aliases: number;
  /** Number of fields and fragments, each counted as often as it is spread. */
  readonly size: number;
}
const nothing: Shape = { depth: 0, aliases: 0, size: 0 };

function measure(
  selections: SelectionSetNode | undefined,
  fragments: Map<string, FragmentDefinitionNode>,
  measured: Map<string, Shape>,
): Shape {
  let { depth, aliases, size } = nothing;
  for (const node of selections?.selections ?? []) {
    const inner =
      node.kind === Kind.FRAGMENT_SPREAD ? spread(node.name.value) : measure(node.selectionSet, fragments, measured);
    const isField = node.kind === Kind.FIELD;
    // Introspection nests deeply, and graphql-js has its own rule against abusing it.
    const level = isField && node.name.value.startsWith('__') ? 1 : inner.depth + (isField ? 1 : 0);
    depth = Math.max(depth, level);
    aliases += inner.aliases + (isField && node.alias ? 1 : 0);
    size += 1 + inner.size;
  }
  return { depth, aliases, size };

  function spread(name: string): Shape {
    const known = measured.get(name) ?? measure(fragments.get(name)?.selectionSet, fragments, measured);
    measured.set(name, known);
    return known;
  }
}
