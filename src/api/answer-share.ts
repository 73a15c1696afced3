import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** What each object of one selection adds to an answer, as far as the object alone determines it. */
export interface Share {
  /** Number of values: the object and its fields. Fields with a resolver count `resolverWeight` times. */
  readonly nodes: number;
  /** Bytes of field names, punctuation and values whose length has an upper bound. */
  readonly bytes: number;
  /** Names of properties whose values are strings. */
  readonly texts: readonly string[];
  /** Names of properties whose values are JSON or lists of leaves. */
  readonly values: readonly string[];
  /** Properties that hold objects or lists of objects and are loaded with their parent. */
  readonly inner: readonly { readonly property: string; readonly shareOf: ShareOf }[];
}

/** Returns the share of an object. For interfaces and unions it depends on the object's `__typename`. */
export type ShareOf = (object: object) => Share;

/** Longest JSON of leaf types whose length has an upper bound, in bytes, with the comma. Strings have no bound. */
const lengths: Readonly<Record<string, number>> = { Boolean: 6, Int: 12, Float: 25, ID: 39, DateTime: 27 };
/**
 * Cursor fields are only built when selected. They hold a name or an address at most, so they count as `longestCursor`
 * bytes instead of by their value.
 */
const cursors: ReadonlySet<string> = new Set(['cursor', 'startCursor', 'endCursor']);
const longestCursor = 512;
/** Memory and time of a field that has a resolver, as a multiple of a field that is loaded with its object. */
const resolverWeight = 10;
/** Bytes of the quotes, colon and comma of one field. */
const punctuation = 4;

/** A field of any type and any context. */
export type AnyField = GraphQLField<unknown, never>;

export interface Document {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Whether the field has its own resolver, so its value is counted when that resolver returns. */
  readonly reports: (field: AnyField) => boolean;
}

/**
 * Computes what each object of a selection adds to the answer.
 * @param type the type of the objects; for an abstract type the share is kept per concrete type
 * @param nodes all fields of one response name, whose selections are merged
 */
export function shareOfField(document: Document, type: GraphQLCompositeType, nodes: readonly FieldNode[]): ShareOf {
  if (!isAbstractType(type)) return sharing(() => shareOfType(document, type.name, nodes));
  const shares = new Map<string, Share>();
  return (object) => {
    const name = String((object as { __typename?: unknown }).__typename);
    const share = shares.get(name) ?? shareOfType(document, name, nodes);
    shares.set(name, share);
    return share;
  };
}

/** Defers the computation until the first object arrives. */
function sharing(make: () => Share): ShareOf {
  let share: Share | undefined;
  return () => {
    share ??= make();
    return share;
  };
}

function shareOfType(document: Document, typeName: string, nodes: readonly FieldNode[]): Share {
  const type = document.schema.getType(typeName);
  const selected = new Map<string, FieldNode[]>();
  for (const { selectionSet } of nodes) gather(document, typeName, selectionSet, selected, new Set());
  const share = {
    nodes: 1,
    bytes: 2,
    texts: [] as string[],
    values: [] as string[],
    inner: [] as Share['inner'][number][],
  };
  for (const [name, fieldNodes] of selected) {
    const fieldName = fieldNodes[0]?.name.value ?? '';
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    share.nodes += field && document.reports(field) ? resolverWeight : 1;
    share.bytes += name.length + punctuation;
    if (!field) share.bytes += typeName.length;
    else if (document.reports(field)) share.bytes += isComposite(field) ? 0 : lengthOf(field);
    else if (isComposite(field)) share.inner.push(innerOf(document, field, fieldNodes));
    else if (isText(field)) share.texts.push(fieldName);
    else if (isUnbounded(field)) share.values.push(fieldName);
    else share.bytes += lengthOf(field);
  }
  return share;
}

const innerOf = (document: Document, field: AnyField, nodes: readonly FieldNode[]) => ({
  property: field.name,
  shareOf: shareOfField(document, getNamedType(field.type) as GraphQLCompositeType, nodes),
});

const isComposite = ({ type }: AnyField): boolean => isCompositeType(getNamedType(type));
const isList = ({ type }: AnyField): boolean => isListType(getNullableType(type));
const isText = (field: AnyField): boolean =>
  !isList(field) && getNamedType(field.type).name === 'String' && !cursors.has(field.name);
/** Whether the length of the value is only known once the value is there. */
export const isUnbounded = (field: AnyField): boolean =>
  isList(field) ||
  (!isEnumType(getNamedType(field.type)) && !(getNamedType(field.type).name in lengths) && !cursors.has(field.name));

function lengthOf({ name, type }: AnyField): number {
  const leaf = getNamedType(type);
  if (isEnumType(leaf)) return Math.max(...leaf.getValues().map((value) => value.name.length)) + punctuation;
  return cursors.has(name) ? longestCursor : (lengths[leaf.name] ?? 0);
}

/** Collects fields as execution does, except that it also counts what @skip and @include leave out. */
function gather(
  document: Document,
  typeName: string,
  selections: SelectionSetNode | undefined,
  selected: Map<string, FieldNode[]>,
  seen: Set<string>,
): void {
  for (const node of selections?.selections ?? []) {
    if (node.kind === Kind.FIELD) {
      const name = node.alias?.value ?? node.name.value;
      selected.set(name, [...(selected.get(name) ?? []), node]);
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      if (applies(document.schema, node.typeCondition?.name.value, typeName))
        gather(document, typeName, node.selectionSet, selected, seen);
    } else if (!seen.has(node.name.value)) {
      seen.add(node.name.value);
      const fragment = document.fragments[node.name.value];
      if (fragment && applies(document.schema, fragment.typeCondition.name.value, typeName))
        gather(document, typeName, fragment.selectionSet, selected, seen);
    }
  }
}

function applies(schema: GraphQLSchema, condition: string | undefined, typeName: string): boolean {
  if (condition === undefined || condition === typeName) return true;
  const [wide, narrow] = [schema.getType(condition), schema.getType(typeName)];
  return isAbstractType(wide) && isObjectType(narrow) && schema.isSubType(wide, narrow);
}
