/** An error of an answer, as GraphQL sends it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly retryAfter?: number; readonly requestId?: string };
}

/**
 * Why an operation failed. `code` is that of the first error: `UNAUTHENTICATED`, `FORBIDDEN`, `RATE_LIMITED`,
 * `SERVICE_UNAVAILABLE`, `BAD_USER_INPUT`, …; or `NETWORK_ERROR` when there was no answer at all.
 */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError';

  constructor(
    readonly code: string,
    message: string,
    /** In seconds: when the same operation may succeed. */
    readonly retryAfter: number | undefined = undefined,
    readonly errors: readonly AnswerError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static of(errors: readonly AnswerError[], retryAfter?: number): GatehouseError {
    const [first] = errors;
    const code = first?.extensions?.code ?? 'INTERNAL_SERVER_ERROR';
    const wait = first?.extensions?.retryAfter ?? retryAfter;
    return new GatehouseError(code, first?.message ?? 'The operation failed.', wait, errors);
  }
}

export const hasCode = (errors: readonly AnswerError[] | undefined, code: string): boolean =>
  errors?.some(({ extensions }) => extensions?.code === code) ?? false;

/** Whether the same request may succeed later. */
export const isTemporary = (error: unknown): error is GatehouseError =>
  error instanceof GatehouseError && ['NETWORK_ERROR', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED'].includes(error.code);
