import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isLeafType,
  isListType,
} from 'graphql';
import { type ComplexityEstimator, type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';
import { largestSize } from '../database/keyset.js';
import { hasTrigrams } from '../database/search-text.js';
import { badInput, CodedError } from '../errors.js';
import { boundOf, isOfPage } from './list-bounds.js';

/**
 * The cost of an operation is the number of rows it may read if every list had its greatest length: 100 users with 20
 * roles of 100 permissions each, five fields of each permission, come to 405,000. Three nested lists of 100 are a million
 * rows and are refused. How many rows there really are is counted during execution.
 */
const mostCost = 500_000;
/** Cost of a field without fields of its own, in rows. */
const leaf = 0.2;
/**
 * Points that an operation takes from the caller's budget if its extras alone reach the highest cost. A point is about
 * 10 µs of computing.
 */
const budgeted = 30_000;
/** Number of rows of a page without `first` or `last`. */
const defaultPage = 20;

/** What an operation takes from the caller's budget, in points. */
export interface Cost {
  /** Charged in any case: decisions, previews and rows that an offset skips. */
  readonly fixed: number;
  /** The rows of the answer if every list had its greatest length. What the answer did not contain is refunded. */
  readonly rows: number;
}

export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * Extra cost of single fields. Each access decision reads and evaluates the recorded history; an operation may have a
 * dozen of them. A preview may read every user; an operation may have four.
 */
const dear: Readonly<Record<string, number>> = {
  'Query.accessDecision': mostCost / 12,
  /** Decides at up to 2,000 instants. */
  'Query.accessChanges': mostCost / 6,
  /** Reads and decides about up to 1,000 users. */
  'Query.allowedUsers': mostCost / 6,
  /** Decides for every role that the user does not hold. */
  'AccessDecision.remedies': mostCost / 12,
  'Query.previewRoleChange': (mostCost * 7) / 30,
  /** Reads up to 50,000 events of some types. */
  'Query.unusualActivity': mostCost / 12,
  /** The answer has every rule of every role with its conditions. */
  'User.abilityRules': 200,
  /** Texts of up to 20,000 and 5,000 characters: one row for every 400 characters. */
  'Post.body': 50,
  'Comment.body': 12.5,
};
/**
 * Extra cost of a search that anyone may make. Without trigrams in the term the index does not help, and all posts are
 * read.
 */
const searching = { through: mostCost / 100, without: mostCost / 12 } as const;
const searchedByAll: ReadonlySet<string> = new Set(['Query.posts']);

function costOfSearch(path: string, term: unknown): number {
  if (!searchedByAll.has(path) || typeof term !== 'string' || term === '') return 0;
  return hasTrigrams(term) ? searching.through : searching.without;
}

/**
 * Extra cost of `offset`: skipped rows are read though not sent. It grows with the offset up to `most`, which is
 * reached at `rows`, so three full offsets exceed the limit.
 */
const jump = { most: mostCost / 3, rows: 500_000 } as const;
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
    const checks = Array.isArray(args['checks']) ? (args['checks'].length * mostCost) / mostChecks : 0;
    const passed = Math.min(Math.max(Number(args['offset'] ?? 0), 0) / jump.rows, 1) * jump.most;
    const path = `${type.name}.${field.name}`;
    const extra = (dear[path] ?? 0) + checks + passed + costOfSearch(path, args['search']);
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

/**
 * @returns undefined if the variables are invalid; execution reports those with its own error
 * @throws QUERY_TOO_COMPLEX, BAD_USER_INPUT
 */
export function checkCost(schema: GraphQLSchema, request: OperationRequest): Cost | undefined {
  const operation = getOperationAST(request.document, request.operationName);
  if (!operation || getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}).errors)
    return undefined;
  const { cost, extras } = costOf(schema, request);
  if (cost > mostCost)
    throw new CodedError('QUERY_TOO_COMPLEX', 'The operation costs too much.', {
      cost: Math.ceil(cost),
      limit: mostCost,
    });
  return { fixed: (extras * budgeted) / mostCost, rows: cost - extras };
}

function costOf(
  schema: GraphQLSchema,
  { document, operationName, variables }: OperationRequest,
): { cost: number; extras: number } {
  const tally = { extras: 0 };
  try {
    const cost = getComplexity({
      schema,
      query: document,
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
