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
import { formatError } from './format-error.js';
import { type Cost, checkOperation, costOfNothing, parseOptions } from './limits.js';
import { noIntrospection } from './no-introspection.js';

/** One operation that came over a socket, ready to run. */
export interface Prepared extends ExecutionArgs {
  contextValue: Context;
  payload: SubscribePayload;
  /** Of each event of a subscription; anything else is counted on its way through Apollo. */
  cost?: Cost;
}

/** Parses, validates and checks as Apollo does, with the same rules, limits and budget. @throws what is wrong with the operation */
export async function prepare(
  options: ApolloOptions,
  contextValue: Context,
  payload: SubscribePayload,
): Promise<Prepared | readonly GraphQLError[]> {
  const { budget } = options;
  const refusal = budget.refusalOf(contextValue);
  if (refusal) throw refusal;
  const document = parsed(payload.query, () => budget.takeAfterwards(contextValue, costOfNothing));
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
  const errors = validate(
    schema,
    document,
    options.introspection ? specifiedRules : [...specifiedRules, noIntrospection],
  );
  if (errors.length > 0) budget.takeAfterwards(contextValue, costOfNothing);
  if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  const { operationName, variables } = payload;
  const cost = checkOperation(schema, { document, operationName, variables });
  await budget.take(contextValue, cost);
  return { ...args, cost };
}

/** @throws GRAPHQL_PARSE_FAILED, also for a document nested deeper than the stack */
function parsed(query: string, onFailure: () => void): DocumentNode {
  try {
    return parse(query, parseOptions);
  } catch (error) {
    onFailure();
    throw withCode(error instanceof GraphQLError ? error : new GraphQLError('Syntax Error'), 'GRAPHQL_PARSE_FAILED');
  }
}

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
  // Apollo has formatted the errors already; they are plain objects, and are left as they are below.
  return (body.kind === 'single' ? body.singleResult : body.initialResult) as ExecutionResult;
}

const withCode = (error: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code },
  });

export function formatted(options: ApolloOptions, error: unknown): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return error as GraphQLFormattedError;
  return formatError(options, error.toJSON(), error, options.newRequestId());
}
