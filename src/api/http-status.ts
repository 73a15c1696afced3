import type { GraphQLFormattedError } from 'graphql';

/**
 * Status codes of requests without data, by error code. A request that was understood but refused is 200, as the
 * GraphQL-over-HTTP specification has it.
 */
const statuses: Record<string, number> = {
  BAD_USER_INPUT: 400,
  DOCUMENT_NOT_TRUSTED: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  QUERY_TOO_COMPLEX: 400,
  OPERATION_TIMED_OUT: 400,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/**
 * Returns the HTTP status: that of the first error's code if there is no data, otherwise 200.
 * @param result the result with formatted errors
 */
export function statusOf({
  data,
  errors,
}: {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[] | undefined;
}): number {
  const [first] = errors ?? [];
  return first && data == null ? (statuses[String(first.extensions?.['code'])] ?? 200) : 200;
}

/**
 * The value of the Retry-After header (RFC 9110, section 10.2.3), in seconds: the longest `retryAfter` of the errors,
 * when everything that was refused can be retried. Undefined if no error has one.
 */
export function retryAfterOf(errors: readonly GraphQLFormattedError[] | undefined): number | undefined {
  const waits = (errors ?? []).map(({ extensions }) => extensions?.['retryAfter']).filter(isNumber);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
