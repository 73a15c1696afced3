import type { GraphQLFormattedError } from 'graphql';

/** A request that achieved nothing says so in its status; one that was understood but refused is 200, as GraphQL over HTTP has it. */
const statuses: Record<string, number> = {
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  QUERY_TOO_COMPLEX: 400,
  OPERATION_TIMED_OUT: 400,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** @param result with its errors formatted */
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
 * What the Retry-After header says (RFC 9110, section 10.2.3), in seconds: when all that was refused for now can be asked
 * again. Undefined where nothing was.
 */
export function retryAfterOf(errors: readonly GraphQLFormattedError[] | undefined): number | undefined {
  const waits = (errors ?? []).map(({ extensions }) => extensions?.['retryAfter']).filter(isNumber);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
