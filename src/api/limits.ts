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

/** Given to every parser: it stops with an error at the 1001st token. */
export const parseOptions = { maxTokens: 1000 } as const;

/**
 * Limits of one operation. Its cost is the number of rows it may read if every list had its greatest length: 100 users
 * with 20 roles of 100 permissions each, five fields of each permission, come to 405,000. Three nested lists of 100 are
 * a million rows and are refused. How many rows there really are is counted during execution.
 */
const most = { depth: 12, aliases: 30, cost: 500_000, selections: 5000 } as const;
/** Cost of a field without fields of its own, in rows. */
const leaf = 0.2;
/**
 * Points that an operation takes from the caller's budget if its extras alone reach the highest cost. A point is about
 * 10 µs of computing.
 */
const budgeted = 30_000;

/** What an operation takes from the caller's budget, in points. */
export interface Cost {
  /** Charged in any case: decisions, previews and rows that an offset skips. */
  readonly fixed: number;
  /** The rows of the answer if every list had its greatest length. What the answer did not contain is refunded. */
  readonly rows: number;
}

/**
 * Points for a document that is refused before it runs: parsing and validating it takes as long as answering this many
 * rows.
 */
export const costOfNothing = 500;
/** Number of rows of a page without `first` or `last`. */
const defaultPage = 20;
/** Deepest nesting of variables; no input type nests deeper. */
const deepestValue = 20;

interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** Costs of operations that no variable can change, by document and operation name. */
const approved = new WeakMap<DocumentNode, Map<string, Cost>>();

/**
 * Refuses an operation that would cost too much, or whose text PostgreSQL cannot store. The document must have passed
 * validation.
 * @returns what the operation takes from the caller's budget, in points
 * @throws QUERY_TOO_COMPLEX, BAD_USER_INPUT
 * @example
 * const { fixed, rows } = checkOperation(schema, { document, variables: { first: 20 } });
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

/** Arguments that determine how much is read. */
const costly: ReadonlySet<string> = new Set(['first', 'last', 'offset', 'checks']);

/** Whether a variable sets the size of a page or includes a field; any other variable leaves the cost as it is. */
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
 * More combining marks in a row than any language has (Unicode UAX #15, section 13, Stream-Safe Text Format), including
 * the two letters that become marks in NFKC. Normalizing takes quadratic time in their number: 256 KiB of them block
 * the process for seconds.
 */
const tooManyMarks = /[\p{M}\uff9e\uff9f]{31}/u;
/** In UTF-16 units. Shorter texts are normalized quickly, and a password may contain anything. */
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

/** Limits depth, aliases and size, as they are once fragments are expanded. */
function checkShape(document: DocumentNode): void {
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

/**
 * Extra cost of single fields. Each access decision reads and evaluates the recorded history; an operation may have a
 * dozen of them. A preview may read every user; an operation may have four.
 */
const dear: Readonly<Record<string, number>> = {
  'Query.accessDecision': most.cost / 12,
  'Query.previewRoleChange': (most.cost * 7) / 30,
  /** The answer has every rule of every role with its conditions. */
  'User.abilityRules': 200,
  /** Texts of up to 20,000 and 5,000 characters: one row for every 400 characters. */
  'Post.body': 50,
  'Comment.body': 12.5,
};
/**
 * Extra cost of `offset`: skipped rows are read though not sent. It grows with the offset up to `most`, which is
 * reached at `rows`, so three full offsets exceed the limit.
 */
const jump = { most: most.cost / 3, rows: 500_000 } as const;
/** Highest number of `checks` in one operation. */
const mostChecks = 30_000;

/**
 * A row costs 1, a field without fields of its own a fifth, and a list the cost of its rows. The number of rows is the
 * requested one, or the default of a page, or what bounds the list otherwise.
 */
const estimatorInto =
  (tally: { extras: number }): ComplexityEstimator =>
  ({ type, field, args, childComplexity }) => {
    const own = isLeafType(getNamedType(field.type)) ? leaf : 1;
    const checks = Array.isArray(args['checks']) ? (args['checks'].length * most.cost) / mostChecks : 0;
    const passed = Math.min(Math.max(Number(args['offset'] ?? 0), 0) / jump.rows, 1) * jump.most;
    const extra = (dear[`${type.name}.${field.name}`] ?? 0) + checks + passed;
    // Fields of introspection are not counted during execution, so they are charged in any case.
    tally.extras += field.name.startsWith('__') ? extra + childComplexity : extra;
    const rows = rowsOf(type.name, field, args);
    return isListField(field) ? extra + own + rows * (own + childComplexity) : extra + own + rows * childComplexity;
  };

const isListField = ({ type }: CostedField): boolean => isListType(getNullableType(type));

type CostedField = ComplexityEstimatorArgs['field'];

/** The number of rows of a field. Of a connection, the size of its page, which `nodes` and `edges` share. */
function rowsOf(typeName: string, field: CostedField, args: ComplexityEstimatorArgs['args']): number {
  if (field.args.some(({ name }) => name === 'first'))
    return Math.max(Number(args['first'] ?? args['last'] ?? defaultPage), 1);
  if (!isListField(field) || isOfPage(typeName, field.name)) return 1;
  return boundOf(typeName, field.name) ?? largestSize;
}

/** @returns undefined if the variables are invalid; execution reports those with its own error */
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
    // A directive or argument that takes no null was given null. An operation that cannot be measured does not run.
    throw badInput('An argument or a directive was given null.');
  }
}
