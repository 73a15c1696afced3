import { type DocumentNode, type ExecutionResult, GraphQLError, Kind } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { ApolloOptions } from './apollo.js';
import type { Executor } from './executor.js';
import { formatError } from './format-error.js';
import { retryAfterOf, statusOf } from './http-status.js';
import { KeptDocuments } from './kept-documents.js';
import { checkOperation } from './limits.js';

/** What a request must look like to be answered here: nothing is asked of the protocol but to run the query. */
export interface Incoming {
  readonly method: string;
  readonly headers: { readonly 'content-type'?: string | undefined; readonly accept?: string | undefined };
  readonly body: unknown;
}

/** A request for an operation that has been run before. */
export interface Repeated {
  readonly document: DocumentNode;
  readonly mediaType: string;
  readonly variables: Record<string, unknown> | undefined;
}

interface Answered {
  readonly status: number;
  /** In seconds; set when something was refused for now. */
  readonly retryAfter: number | undefined;
  readonly body: string;
}

/** Longer documents are rare; they are left to Apollo rather than kept. */
const longestSource = 10_000;
const json = /^application\/json *(?:; *charset=utf-8)?$/i;

/**
 * The short way for operations that have gone the long one. Apollo parses and validates whatever is new;
 * what it has let through once is known by its text, and then only what depends on the request is left
 * to do: the limits, the execution and the errors, by the same functions. Apollo's pipeline costs two
 * thirds of a request that reads nothing.
 */
export class RepeatedOperations {
  private readonly known = new KeptDocuments();

  constructor(
    private readonly options: ApolloOptions,
    private readonly run: Executor,
  ) {}

  /** For documents of a single query or mutation that have passed validation and limits. */
  remember(source: string, document: DocumentNode): void {
    const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (operations.length === 1 && source.length <= longestSource) this.known.keep(source, document);
  }

  /** @returns undefined for whatever is not plainly a known operation: Apollo has the answer to that */
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

  async answer({ document, variables }: Repeated, contextValue: Context): Promise<Answered> {
    let result: ExecutionResult;
    try {
      result = await this.execute(document, variables, contextValue);
    } catch (error) {
      result = { errors: [new GraphQLError('failed', { originalError: error as Error })] };
    }
    const errors = result.errors?.map((error) =>
      formatError(this.options, error.toJSON(), error, this.options.newRequestId()),
    );
    const cost = this.options.budget.tell(contextValue);
    const told = { ...(errors ? { errors, data: result.data } : result), ...(cost && { extensions: { cost } }) };
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

/** The first type of ours that a client lists, as Apollo chooses; who weighs types is left to it. */
function mediaTypeFor(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return mediaTypes[0];
  return accept.includes(';') ? undefined : accept.split(/ *, */).find((type) => mediaTypes.includes(type));
}

/** Extensions, other operation names and variables that are no object go the long way. */
function isPlain(body: object, document: DocumentNode): body is { variables?: Record<string, unknown> | null } {
  const { query: _query, variables, operationName, ...others } = body as Record<string, unknown>;
  if (Object.keys(others).length > 0) return false;
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return false;
  return operationName == null || operationName === nameOf(document);
}

const nameOf = (document: DocumentNode): string | undefined =>
  document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)?.name?.value;
