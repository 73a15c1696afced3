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

/** What each object of one selection adds to an answer, as far as it follows from the object itself. */
export interface Share {
  /** The object and its fields; see `resolverWeight`. */
  readonly nodes: number;
  /** Of names, punctuation and values of a bounded length. */
  readonly bytes: number;
  /** Properties that are texts. */
  readonly texts: readonly string[];
  /** Properties that are JSON or lists of leaves. */
  readonly values: readonly string[];
  /** Properties that are objects or lists of them and come with their parent. */
  readonly inner: readonly { readonly property: string; readonly shareOf: ShareOf }[];
}

/** By the object itself: where several types are possible it names its own. */
export type ShareOf = (object: object) => Share;

/** Longest JSON of a leaf whose length has a bound, with its comma; texts have none. */
const lengths: Readonly<Record<string, number>> = { Boolean: 6, Int: 12, Float: 25, ID: 39, DateTime: 27 };
/** Written only when somebody asks for it, and asking costs; it holds a name or an address at most. */
const cursors: ReadonlySet<string> = new Set(['cursor', 'startCursor', 'endCursor']);
const longestCursor = 512;
/** What a field that a resolver makes takes of memory and time, in fields that come with their object. */
const resolverWeight = 10;
/** Quotes, colon and comma. */
const punctuation = 4;

/** Of any context. */
export type AnyField = GraphQLField<unknown, never>;

export interface Document {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Whether a field reports for itself when its value is known. */
  readonly reports: (field: AnyField) => boolean;
}

/** @param nodes all fields of one response name, whose selections are one */
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

/** Made when the first object is there. */
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
/** Its length is known only from its value. */
export const isUnbounded = (field: AnyField): boolean =>
  isList(field) ||
  (!isEnumType(getNamedType(field.type)) && !(getNamedType(field.type).name in lengths) && !cursors.has(field.name));

function lengthOf({ name, type }: AnyField): number {
  const leaf = getNamedType(type);
  if (isEnumType(leaf)) return Math.max(...leaf.getValues().map((value) => value.name.length)) + punctuation;
  return cursors.has(name) ? longestCursor : (lengths[leaf.name] ?? 0);
}

/** As execution does, but that what @skip and @include leave out is counted, too. */
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
