import { type DocumentNode, type GraphQLSchema, Kind, visit } from 'graphql';
import { type Cost, checkCost, type OperationRequest } from './operation-cost.js';
import { checkShape } from './operation-shape.js';
import { checkLiterals, checkVariables } from './operation-text.js';

/** Given to every parser: it stops with an error at the 1001st token. */
export const parseOptions = { maxTokens: 1000 } as const;

/**
 * Points for a document that is refused before it runs: parsing and validating it takes as long as answering this many
 * rows.
 */
export const costOfNothing = 500;

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
  if (variables) checkVariables(variables);
  const known = approved.get(document) ?? new Map<string, Cost>();
  const name = operationName ?? '';
  const knownCost = known.get(name);
  if (knownCost !== undefined) return knownCost;
  checkLiterals(document);
  checkShape(document);
  const cost = checkCost(schema, { document, operationName, variables });
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
