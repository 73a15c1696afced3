import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { badInput, type ErrorCode } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { ApolloOptions } from './apollo.js';
import { withText } from './asked-document.js';
import { formatError } from './format-error.js';
import type { KeptDocuments } from './kept-documents.js';
import { checkOperation, costOfNothing, parseOptions } from './limits.js';
import { noIntrospection } from './no-introspection.js';
import type { Cost } from './operation-cost.js';
import { type Sharing, sharingOf } from './shared-results.js';

/** An operation from a websocket, ready to run. */
export interface Prepared extends ExecutionArgs {
  contextValue: Context;
  payload: SubscribePayload;
  /** Cost of each event of a subscription. Queries and mutations are charged by Apollo's plugin. */
  cost?: Cost;
  /** With whom a subscription shares its results. */
  sharing?: Sharing;
}

/**
 * Parses, validates and checks an operation like Apollo, with the same rules, limits and budget. Queries and mutations
 * are only parsed here; Apollo does the rest.
 * @param known valid documents of subscriptions
 * @returns the operation, or validation errors
 * @throws CodedError or GraphQLError with a code when the operation is refused otherwise
 */
export async function prepare(
  options: ApolloOptions,
  contextValue: Context,
  asked: SubscribePayload,
  known: KeptDocuments,
): Promise<Prepared | readonly GraphQLError[]> {
  const { budget, documents } = options;
  const chosen = documents.choose(asked);
  const refusal = budget.refusalOf(contextValue) ?? documents.admit(contextValue, chosen);
  if (refusal) throw refusal;
  const payload = chosen.text === undefined ? asked : withText(asked, chosen.text);
  const kept = known.find(payload.query);
  const document = kept ?? parsed(payload.query, () => budget.takeAfterwards(contextValue, costOfNothing));
  const { schema } = options;
  const args = {
    schema,
    document,
    variableValues: payload.variables ?? null,
    operationName: payload.operationName ?? null,
    contextValue,
    payload,
  };
  const operation = getOperationAST(document, payload.operationName);
  if (!operation) throw badInput('Name the operation to run.');
  if (operation.operation !== 'subscription') return args;
  const errors = kept ? [] : validated(options, document);
  if (errors.length > 0) budget.takeAfterwards(contextValue, costOfNothing);
  if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  known.keep(payload.query, document);
  const { operationName, variables } = payload;
  const cost = checkOperation(schema, { document, operationName, variables });
  await budget.take(contextValue, cost);
  documents.keep(chosen);
  return { ...args, cost, sharing: sharingOf(schema, document, payload) };
}

const validated = ({ schema, introspection }: ApolloOptions, document: DocumentNode): readonly GraphQLError[] =>
  validate(schema, document, introspection ? specifiedRules : [...specifiedRules, noIntrospection]);

/** @throws GRAPHQL_PARSE_FAILED, also if parsing a deeply nested document overflows the stack */
function parsed(query: string, onFailure: () => void): DocumentNode {
  try {
    return parse(query, parseOptions);
  } catch (error) {
    onFailure();
    throw withCode(error instanceof GraphQLError ? error : new GraphQLError('Syntax Error'), 'GRAPHQL_PARSE_FAILED');
  }
}

/** Executes a query or mutation through Apollo's pipeline. */
export async function viaApollo(
  apollo: ApolloServer<Context>,
  { payload, contextValue }: Prepared,
): Promise<ExecutionResult> {
  const { query, variables, operationName, extensions } = payload;
  const request = {
    query,
    ...(variables && { variables }),
    ...(operationName && { operationName }),
    ...(extensions && { extensions }),
  };
  const { body } = await apollo.executeOperation(request, { contextValue });
  // Apollo has already formatted these errors as plain objects; `formatted` leaves them unchanged.
  return (body.kind === 'single' ? body.singleResult : body.initialResult) as ExecutionResult;
}

const withCode = (error: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code },
  });

/** Formats an error for the client. Errors that Apollo has formatted are returned unchanged. */
export function formatted(
  options: ApolloOptions,
  error: unknown,
  requestId = options.newRequestId(),
): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return error as GraphQLFormattedError;
  return formatError(options, error.toJSON(), error, requestId);
}
