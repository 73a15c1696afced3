import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A field that leads from one object type to another, or back to the same. */
export interface Step {
  readonly from: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly to: GraphQLObjectType;
}

/** Arguments for fields that require some, by coordinate `Type.field`. */
export type Given = Readonly<Record<string, string>>;

export const nameOf = ({ from, field }: Pick<Step, 'from' | 'field'>): string => `${from.name}.${field.name}`;

const objectsOf = (schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
  type instanceof GraphQLObjectType ? [type] : schema.getPossibleTypes(type);

/** All steps of the schema. A field of an interface or union type leads to each possible object type. */
function stepsOf(schema: GraphQLSchema): Step[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => type instanceof GraphQLObjectType && !type.name.startsWith('__'),
  );
  return types.flatMap((from) =>
    Object.values(from.getFields()).flatMap((field) => {
      const named = getNamedType(field.type);
      return isCompositeType(named) ? objectsOf(schema, named).map((to) => ({ from, field, to })) : [];
    }),
  );
}

/** The shortest path from one type to another; empty when they are the same, undefined when there is none. */
function way(steps: readonly Step[], from: GraphQLObjectType, to: GraphQLObjectType): readonly Step[] | undefined {
  const ways = new Map<GraphQLObjectType, readonly Step[]>([[from, []]]);
  for (const [type, sofar] of ways) {
    if (type === to) return sofar;
    for (const step of steps) if (step.from === type && !ways.has(step.to)) ways.set(step.to, [...sofar, step]);
  }
  return undefined;
}

/** For every field on a cycle, a shortest cycle that starts with it. */
export function cyclesOf(schema: GraphQLSchema): (readonly Step[])[] {
  const steps = stepsOf(schema);
  return steps.flatMap((step) => {
    const back = way(steps, step.to, step.from);
    return back ? [[step, ...back]] : [];
  });
}

/**
 * The path by which a query reaches the type where a cycle starts, preferably without required arguments; undefined
 * when only mutations and subscriptions reach it.
 */
export function wayIn(schema: GraphQLSchema, cycle: readonly Step[]): readonly Step[] | undefined {
  const [first] = cycle;
  const query = schema.getQueryType();
  if (!first || !query) return undefined;
  const steps = stepsOf(schema);
  return way(steps.filter(isFree), query, first.from) ?? way(steps, query, first.from);
}

const isFree = ({ field }: Pick<Step, 'field'>): boolean => !field.args.some(isNeeded);
const isNeeded = ({ type, defaultValue }: GraphQLArgument): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** Scalar fields without required arguments. */
const leaves = (type: GraphQLObjectType): string[] =>
  Object.values(type.getFields())
    .filter((field) => isLeafType(getNamedType(field.type)) && isFree({ field }))
    .map(({ name }) => name);

/** @throws for a field with a required argument that is not given */
function argumentsOf(step: Step, given: Given, page: number | undefined): string {
  const wanted = given[nameOf(step)];
  if (wanted !== undefined) return `(${wanted})`;
  const needed = step.field.args.find(isNeeded);
  if (needed) throw new Error(`${nameOf(step)} needs ${needed.name}: say what the battery gives it`);
  return page && step.field.args.some(({ name }) => name === 'first') ? `(first: ${page})` : '';
}

/** The selection within the type that a step leads to: its own fields, and the rest of the path. */
function within({ to }: Step, rest: readonly Step[], given: Given, page: number | undefined): string {
  return `${leaves(to).join(' ')} ${selection(rest, given, page)}`.trim() || '__typename';
}

/** The selection that follows the path, at each level with the scalar fields of the type. */
export function selection(steps: readonly Step[], given: Given, page?: number): string {
  const [step, ...rest] = steps;
  if (!step) return '';
  const inner = within(step, rest, given, page);
  const on = getNamedType(step.field.type) === step.to ? inner : `... on ${step.to.name} { ${inner} }`;
  return `${step.field.name}${argumentsOf(step, given, page)} { ${on} }`;
}

/** Selects the same path many times under aliases. */
export function aliased(steps: readonly Step[], given: Given, times: number, page?: number): string {
  const [step, ...rest] = steps;
  if (!step) return '';
  const call = `${step.field.name}${argumentsOf(step, given, page)} { ...Way }`;
  const calls = Array.from({ length: times }, (_, index) => `a${index}: ${call}`);
  return `{ ${calls.join(' ')} } fragment Way on ${step.to.name} { ${within(step, rest, given, page)} }`;
}

/** Repeats the cycle up to the depth. */
export function wound(lead: readonly Step[], cycle: readonly Step[], depth: number): readonly Step[] {
  const round = Array.from({ length: depth }, (_, index) => cycle[index % cycle.length] as Step);
  return [...lead, ...round].slice(0, depth);
}

/** Coordinates of all fields that a document selects. */
export function fieldsIn(schema: GraphQLSchema, document: DocumentNode): Set<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  const note = () => {
    const [parent, field] = [types.getParentType(), types.getFieldDef()];
    if (parent && field) found.add(`${parent.name}.${field.name}`);
  };
  visit(document, visitWithTypeInfo(types, { Field: note }));
  return found;
}
