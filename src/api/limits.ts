import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isLeafType,
  isListType,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type ComplexityEstimator, type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';
import { largestSize } from '../database/keyset.js';
import { badInput, CodedError } from '../errors.js';
import { boundOf, isOfPage } from './list-bounds.js';

/** Given to every parser: a document of more tokens is not parsed further. */
export const parseOptions = { maxTokens: 1000 } as const;

/**
 * Cost is in rows that may be read, each counted as if every list were as long as it can be: 100 users with 20 roles of
 * 100 permissions each, five fields of each permission, come to 405,000. Three lists of 100 inside each other are a
 * million rows and are refused; how many there are in fact is counted while they are read.
 */
const most = { depth: 12, aliases: 30, cost: 500_000, selections: 5000 } as const;
/** Of a field that has no fields of its own, in rows. */
const leaf = 0.2;
/** What an operation of the highest cost spends of a caller's budget if it is as dear as it looks; a point is some 10 µs. */
const budgeted = 30_000;

/** What an operation takes from the budget of who calls, in points. */
export interface Cost {
  /** Whatever comes of it: decisions, and rows passed over. */
  readonly fixed: number;
  /** If every list were as long as it can be. How many come is counted afterwards. */
  readonly rows: number;
}

/** Of a document that is refused before it runs: reading and validating it takes as long as answering so many rows. */
export const costOfNothing = 500;
/** What a page holds when nobody says how long it is. */
const defaultPage = 20;
/** Nested deeper than this, a variable is no input of ours. */
const deepestValue = 20;

interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** Costs that no variable can change are remembered with the document. */
const approved = new WeakMap<DocumentNode, Map<string, Cost>>();

/**
 * Refuses what would cost too much, and text that PostgreSQL cannot store. The document has passed validation.
 * @returns what it takes from the budget of who calls
 * @throws QUERY_TOO_COMPLEX, BAD_USER_INPUT
 */
export function checkOperation(schema: GraphQLSchema, { document, operationName, variables }: OperationRequest): Cost {
  if (variables) checkText(variables, deepestValue);
  const known = approved.get(document) ?? new Map<string, Cost>();
  const name = operationName ?? '';
  const knownCost = known.get(name);
  if (knownCost !== undefined) return knownCost;
  checkLiterals(document);
  checkShape(document);
  const cost = checkCost(schema, document, operationName, variables);
  if (cost !== undefined && !costFollowsVariables(document)) approved.set(document, known.set(name, cost));
  return cost ?? { fixed: 0, rows: costOfNothing };
}

/** Arguments that say how much is asked for. */
const costly: ReadonlySet<string> = new Set(['first', 'last', 'offset', 'checks']);

/** A page's size, or whether a field is there at all, may be a variable; whatever else is one costs the same. */
function costFollowsVariables(document: DocumentNode): boolean {
  let follows = false;
  visit(document, {
    Argument: ({ name, value }) => {
      if (value.kind === Kind.VARIABLE && costly.has(name.value)) follows = true;
    },
    Directive: ({ arguments: given }) => {
      if (given?.some(({ value }) => value.kind === Kind.VARIABLE)) follows = true;
    },
  });
  return follows;
}

const tooComplex = (what: string): CodedError =>
  new CodedError('QUERY_TOO_COMPLEX', `The operation has too many ${what}.`);

/**
 * More marks in a row than any language has (Unicode UAX #15, section 13, Stream-Safe Text Format), with the two letters
 * that become marks in NFKC. Normalizing takes the square of their number: 256 KiB of them stop the process for seconds.
 */
const tooManyMarks = /[\p{M}\uff9e\uff9f]{31}/u;
/** In UTF-16 units. Shorter ones are normalized in no time, and a password may be made of anything. */
const shortText = 2048;

function checkText(value: unknown, depth: number): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw badInput('Text must be well-formed Unicode without U+0000.');
    if (value.length > shortText && tooManyMarks.test(value))
      throw badInput('Text has at most 30 combining marks in a row.');
  } else if (typeof value === 'object' && value !== null) {
    if (depth === 0) throw badInput('The variables are nested too deeply.');
    for (const [key, member] of Object.entries(value)) {
      checkText(key, depth);
      checkText(member, depth - 1);
    }
  }
}

function checkLiterals(document: DocumentNode): void {
  visit(document, { StringValue: ({ value }) => checkText(value, 0) });
}

/** Depth and aliases as they are after fragments are put in place. */
function checkShape(document: DocumentNode): void {
  for (const { depth, aliases, size } of shapesOf(document)) {
    if (depth > most.depth) throw tooComplex('levels');
    if (aliases > most.aliases) throw tooComplex('aliases');
    if (size > most.selections) throw tooComplex('fields');
  }
}

/** @returns how many fields and fragments the largest operation has, each as often as it is put in place */
export const selectionsIn = (document: DocumentNode): number => Math.max(...shapesOf(document).map(({ size }) => size));

/** Of each operation; each fragment is measured once, so this stays linear. */
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
  /** Fields and fragments, each as often as it is put in place. */
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
    // Introspection is deep by nature, and graphql-js has a rule of its own against abusing it.
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

/**
 * What single fields cost more than others. The past is read and weighed anew by each decision, a dozen times in an
 * operation at most; a preview may look at every user there is, as often as four times.
 */
const dear: Readonly<Record<string, number>> = {
  'Query.accessDecision': most.cost / 12,
  'Query.previewRoleChange': (most.cost * 7) / 30,
  /** Every rule of every role, and its conditions. */
  'User.abilityRules': 200,
  /** Texts of up to 20,000 and 5,000 characters: a row for every 400. */
  'Post.body': 50,
  'Comment.body': 12.5,
};
/** Rows passed over are read, too, though not sent; beyond some number there are no more. Three times the most is too much. */
const jump = { most: most.cost / 3, rows: 500_000 } as const;
/** Decisions that clients ask for in one operation, at most. */
const mostChecks = 30_000;

/**
 * A row costs one, a field without fields of its own a fifth, and a list as much as its rows: as many as are asked for or
 * passed over, as a page holds, or as something else allows.
 */
const estimatorInto =
  (tally: { extras: number }): ComplexityEstimator =>
  ({ type, field, args, childComplexity }) => {
    const own = isLeafType(getNamedType(field.type)) ? leaf : 1;
    const checks = Array.isArray(args['checks']) ? (args['checks'].length * most.cost) / mostChecks : 0;
    const passed = Math.min(Math.max(Number(args['offset'] ?? 0), 0) / jump.rows, 1) * jump.most;
    const extra = (dear[`${type.name}.${field.name}`] ?? 0) + checks + passed;
    // What is told of the schema is not counted while it is told.
    tally.extras += field.name.startsWith('__') ? extra + childComplexity : extra;
    const rows = rowsOf(type.name, field, args);
    return isListField(field) ? extra + own + rows * (own + childComplexity) : extra + own + rows * childComplexity;
  };

const isListField = ({ type }: CostedField): boolean => isListType(getNullableType(type));

type CostedField = ComplexityEstimatorArgs['field'];

/** Of a connection the rows of its page, which `nodes` and `edges` share. */
function rowsOf(typeName: string, field: CostedField, args: ComplexityEstimatorArgs['args']): number {
  if (field.args.some(({ name }) => name === 'first'))
    return Math.max(Number(args['first'] ?? args['last'] ?? defaultPage), 1);
  if (!isListField(field) || isOfPage(typeName, field.name)) return 1;
  return boundOf(typeName, field.name) ?? largestSize;
}

/** @returns undefined with variables that do not fit, which execution refuses in its own words */
function checkCost(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null | undefined,
  variables: OperationRequest['variables'],
): Cost | undefined {
  const operation = getOperationAST(query, operationName);
  if (!operation || getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}).errors)
    return undefined;
  const { cost, extras } = costOf(schema, query, operationName, variables);
  if (cost > most.cost)
    throw new CodedError('QUERY_TOO_COMPLEX', 'The operation costs too much.', {
      cost: Math.ceil(cost),
      limit: most.cost,
    });
  return { fixed: (extras * budgeted) / most.cost, rows: cost - extras };
}

function costOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null | undefined,
  variables: OperationRequest['variables'],
): { cost: number; extras: number } {
  const tally = { extras: 0 };
  try {
    const cost = getComplexity({
      schema,
      query,
      estimators: [estimatorInto(tally)],
      ...(variables && { variables }),
      ...(operationName && { operationName }),
    });
    return { cost, ...tally };
  } catch {
    // A null where a directive or an argument takes none: what cannot be measured is not run.
    throw badInput('An argument or a directive was given null.');
  }
}
