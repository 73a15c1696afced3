import { type AnswerError, GatehouseError } from './errors.js';

/** An operation with the types of its variables and of its result, as code generators make it. */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  /** Only for the compiler. */
  __apiType?: ((variables: Variables) => Result) | undefined;
}

export interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly AnswerError[];
}

/**
 * Sends an operation and reads its answer.
 * @throws GatehouseError when there is no answer, or when it has errors
 */
export async function post<Result, Variables>(
  send: typeof fetch,
  url: string,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  init: RequestInit = {},
): Promise<Result> {
  const body = JSON.stringify({ query: document.toString(), variables });
  const headers = { accept: 'application/graphql-response+json', 'content-type': 'application/json' };
  const response = await send(url, { method: 'POST', headers, body, ...init }).catch((cause: unknown) => {
    if (cause instanceof GatehouseError || isAborted(cause)) throw cause;
    throw new GatehouseError('NETWORK_ERROR', 'The service cannot be reached.', undefined, [], { cause });
  });
  const { data, errors } = await answerOf<Result>(response);
  if (errors && errors.length > 0) throw GatehouseError.of(errors, retryAfterOf(response));
  if (!data) throw new GatehouseError('NETWORK_ERROR', `The service answered with status ${response.status}.`);
  return data;
}

const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** A proxy between may answer with a page. */
async function answerOf<Result>(response: Response): Promise<Answer<Result>> {
  try {
    return (await response.json()) as Answer<Result>;
  } catch (cause) {
    const message = `The service answered with status ${response.status}.`;
    throw new GatehouseError('NETWORK_ERROR', message, retryAfterOf(response), [], { cause });
  }
}

/** In seconds. */
function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
