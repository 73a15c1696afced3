import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST, Kind } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { OperationReport } from '../operations/operation-reports.js';
import type { ApolloOptions } from './apollo.js';
import type { Executor } from './executor.js';
import { formatError } from './format-error.js';
import { retryAfterOf, statusOf } from './http-status.js';
import { KeptDocuments } from './kept-documents.js';
import { checkOperation } from './limits.js';
import { asksForListsAlone } from './list-queries.js';
import { reportOperation } from './report-operation.js';

/** The parts of an HTTP request that decide whether it can take the fast path. */
export interface Incoming {
  readonly method: string;
  readonly headers: { readonly 'content-type'?: string | undefined; readonly accept?: string | undefined };
  readonly body: unknown;
}

/** A request whose operation has run before. */
export interface Repeated {
  readonly document: DocumentNode;
  readonly mediaType: string;
  readonly variables: Record<string, unknown> | undefined;
}

interface Answered {
  readonly status: number;
  /** In seconds; set when something was rate-limited. */
  readonly retryAfter: number | undefined;
  readonly body: string;
}

/** In characters. Longer documents are rare; they are left to Apollo instead of being cached. */
const longestSource = 10_000;
const json = /^application\/json *(?:; *charset=utf-8)?$/i;

/**
 * Fast path for operations that have run before. Apollo parses and validates new documents. A document that Apollo has
 * accepted is cached by its source; for later requests only limits, execution and error formatting remain, which use
 * the same functions as Apollo's path. Apollo's pipeline takes two thirds of the time of a request that reads nothing.
 */
export class RepeatedOperations {
  private readonly known = new KeptDocuments();

  constructor(
    private readonly options: ApolloOptions,
    private readonly run: Executor,
  ) {}

  /**
   * Caches a document of a single query or mutation. Call it only for documents that passed validation. Apollo also
   * executes those in which it does not find the operation by its name, so it may be a subscription.
   */
  remember(source: string, document: DocumentNode): void {
    const [operation, ...more] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const isOne = operation && more.length === 0 && source.length <= longestSource;
    if (isOne && getOperationAST(document)?.operation !== 'subscription') this.known.keep(source, document);
  }

  /** Whether an operation with this text has run before. */
  knows(source: string): boolean {
    return this.known.find(source) !== undefined;
  }

  /**
   * Looks the request up.
   * @returns undefined if the request is not clearly for a known operation; Apollo answers it then
   */
  find({ method, headers, body }: Incoming): Repeated | undefined {
    const mediaType = mediaTypeFor(headers.accept);
    if (method !== 'POST' || !mediaType || !json.test(headers['content-type'] ?? '')) return undefined;
    if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string')
      return undefined;
    const document = this.known.find(body.query);
    return document && isPlain(body, document)
      ? { document, mediaType, variables: body.variables ?? undefined }
      : undefined;
  }

  /**
   * Runs a known operation.
   * @returns the HTTP answer, also for errors; never rejects because of the operation
   */
  async answer({ document, variables }: Repeated, contextValue: Context): Promise<Answered> {
    const identity = identityOf(document);
    contextValue.progress.isQuery = identity.kind === 'query';
    if (identity.isOfLists) contextValue.readListsElsewhere();
    let result: ExecutionResult;
    try {
      result = await this.execute(document, variables, contextValue);
    } catch (error) {
      result = { errors: [new GraphQLError('failed', { originalError: error as Error })] };
    }
    const errors = result.errors?.map((error) =>
      formatError(this.options, error.toJSON(), error, contextValue.client.requestId),
    );
    const cost = this.options.budget.tell(contextValue);
    const told = { ...(errors ? { errors, data: result.data } : result), ...(cost && { extensions: { cost } }) };
    reportOperation(contextValue, { ...identity, result: told });
    return { status: statusOf(told), retryAfter: retryAfterOf(errors), body: `${JSON.stringify(told)}\n` };
  }

  private execute(
    document: DocumentNode,
    variables: Repeated['variables'],
    contextValue: Context,
  ): Promise<ExecutionResult> {
    const { schema, budget } = this.options;
    const waiting = budget.take(contextValue, checkOperation(schema, { document, variables }));
    const run = () => this.run({ schema, document, contextValue, variableValues: variables ?? null });
    return waiting ? waiting.then(run) : run();
  }
}

const mediaTypes = ['application/json', 'application/graphql-response+json'];

/**
 * The first supported type that the client accepts, as Apollo chooses it. Weighted types (`;q=`) are left to Apollo.
 */
function mediaTypeFor(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return mediaTypes[0];
  return accept.includes(';') ? undefined : accept.split(/ *, */).find((type) => mediaTypes.includes(type));
}

/**
 * Whether the request has nothing that needs Apollo: no extensions, no other operation name, and variables that are an
 * object.
 */
function isPlain(body: object, document: DocumentNode): body is { variables?: Record<string, unknown> | null } {
  const { query: _query, variables, operationName, ...others } = body as Record<string, unknown>;
  if (Object.keys(others).length > 0) return false;
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return false;
  return operationName == null || operationName === identityOf(document).name;
}

/** A document that is known has one operation. */
function identityOf(document: DocumentNode): {
  readonly kind: OperationReport['kind'];
  readonly name: string | undefined;
  readonly isOfLists: boolean;
} {
  const operation = getOperationAST(document);
  const isOfLists = operation != null && asksForListsAlone(operation);
  return { kind: operation?.operation ?? 'unknown', name: operation?.name?.value, isOfLists };
}
