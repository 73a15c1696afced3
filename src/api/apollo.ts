import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { badInput } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { CostBudget } from './cost-budget.js';
import type { Documents } from './documents.js';
import type { Executor } from './executor.js';
import { type ErrorFormat, formatError } from './format-error.js';
import { retryAfterOf, statusOf } from './http-status.js';
import { KeptDocuments } from './kept-documents.js';
import { checkOperation, costOfNothing, parseOptions } from './limits.js';
import { asksForListsAlone } from './list-queries.js';
import { noIntrospection } from './no-introspection.js';
import { reportOperation } from './report-operation.js';
import { requestOf } from './request-of-error.js';
import { refuseSecretsInUrl } from './secrets-in-urls.js';

export interface ApolloOptions extends ErrorFormat {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly budget: CostBudget;
  readonly documents: Documents;
  /** Generates the request id of errors that occur outside of any operation. */
  readonly newRequestId: () => string;
}

/** Called with each operation that passed validation and limits. */
type Remember = (source: string, document: DocumentNode) => void;

/**
 * Creates the Apollo server that executes queries and mutations for HTTP and websockets.
 * @param run executes an operation; it takes the place of Apollo's own execution
 * @param remember called with each operation that passed validation and limits
 */
export function createApollo(options: ApolloOptions, run: Executor, remember: Remember): ApolloServer<Context> {
  const { schema, introspection } = options;
  return new ApolloServer<Context>({
    // Apollo accepts a custom executor only through the gateway option.
    gateway: {
      load: async () => ({
        executor: async ({ document, request, context, source }) => {
          remember(source, document);
          return run({
            schema,
            document,
            contextValue: context as Context,
            variableValues: request.variables ?? null,
            operationName: request.operationName ?? null,
          });
        },
      }),
      onSchemaLoadOrUpdate: (load) => {
        load({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      stop: async () => undefined,
    },
    // Apollo's own refusal names its constructor option; `noIntrospection` refuses instead.
    introspection: true,
    validationRules: introspection ? [] : [noIntrospection],
    hideSchemaDetailsFromClientErrors: options.hideSuggestions,
    includeStacktraceInErrorResponses: false,
    parseOptions,
    persistedQueries: false,
    documentStore: new KeptDocuments().asStore(),
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: options.log,
    formatError: (formatted, error) =>
      formatError(options, formatted, error, requestOf(error) ?? options.newRequestId()),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      operationChecks(options),
    ],
  });
}

const operationChecks = ({ schema, budget, documents }: ApolloOptions): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, operation, request, contextValue, source }) => {
      documents.assertTrusted(source);
      contextValue.progress.isQuery = operation?.operation === 'query';
      if (operation && asksForListsAlone(operation)) contextValue.readListsElsewhere();
      if (operation?.operation === 'subscription') throw badInput('Subscriptions run over a websocket.');
      refuseSecretsInUrl(request.http?.method, document);
      const { operationName, variables } = request;
      await budget.take(contextValue, checkOperation(schema, { document, operationName, variables }));
    },
    willSendResponse: async ({ response, request, contextValue, operation, operationName }) => {
      if (response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      if (!operation) budget.takeAfterwards(contextValue, costOfNothing);
      const cost = budget.tell(contextValue, request.extensions?.['cost'] === true);
      if (cost) singleResult.extensions = { ...singleResult.extensions, cost };
      const isRefused = singleResult.errors?.length && singleResult.data == null;
      // Apollo's own 405, for a mutation by GET, stays.
      if (isRefused && response.http.status !== 405) response.http.status = statusOf(singleResult);
      const retryAfter = retryAfterOf(singleResult.errors);
      if (retryAfter !== undefined) response.http.headers.set('retry-after', String(retryAfter));
      const name = operationName ?? request.operationName;
      reportOperation(contextValue, { kind: operation?.operation ?? 'unknown', name, result: singleResult });
    },
  }),
});
