import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { badInput } from '../errors.js';
import type { Context } from './context.js';
import { createExecutor } from './executor.js';
import { type ErrorFormat, formatError } from './format-error.js';
import { checkOperation, parseOptions } from './limits.js';

export interface ApolloOptions extends ErrorFormat {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  /** For errors outside any operation. */
  readonly newRequestId: () => string;
}

/** Executes queries and mutations, for HTTP and for websockets alike. */
export function createApollo(options: ApolloOptions): ApolloServer<Context> {
  const { schema, introspection } = options;
  const run = createExecutor();
  return new ApolloServer<Context>({
    // The slot of a gateway is where an executor of one's own goes.
    gateway: {
      load: async () => ({
        executor: async ({ document, request, context }) =>
          run({
            schema,
            document,
            contextValue: context,
            variableValues: request.variables ?? null,
            operationName: request.operationName ?? null,
          }),
      }),
      onSchemaLoadOrUpdate: (load) => {
        load({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      stop: async () => undefined,
    },
    introspection,
    hideSchemaDetailsFromClientErrors: options.hideSuggestions,
    includeStacktraceInErrorResponses: false,
    parseOptions,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: options.log,
    formatError: (formatted, error) => formatError(options, formatted, error, options.newRequestId()),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      operationChecks(schema),
    ],
  });
}

const operationChecks = (schema: GraphQLSchema): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, operation, request }) => {
      if (operation?.operation === 'subscription') throw badInput('Subscriptions run over a websocket.');
      checkOperation(schema, { document, operationName: request.operationName, variables: request.variables });
    },
    willSendResponse: async ({ response }) => {
      if (response.body.kind !== 'single') return;
      const { data, errors } = response.body.singleResult;
      if (errors?.length && data == null) response.http.status = statusOf(errors);
    },
  }),
});

/** A request that achieved nothing says so in its status; one that was understood but refused is 200, as GraphQL over HTTP has it. */
const statuses: Record<string, number> = {
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};
const statusOf = ([first]: readonly GraphQLFormattedError[]): number =>
  statuses[String(first?.extensions?.['code'])] ?? 200;
