import type { GraphQLFormattedError } from 'graphql';
import { isTimeLimit, unansweredError } from '../database/connection-failure.js';
import { badInput, CodedError, type ErrorCode, errorCodes } from '../errors.js';
import { type Logger } from '../operations/logging.js';
import { traceOf } from '../operations/trace.js';
import { withoutValues } from './without-values.js';

/** Codes that Apollo uses for malformed requests. */
const malformed = ['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED'];

export interface ErrorFormat {
  readonly log: Logger;
  /** Removes "Did you mean" suggestions, which would reveal the schema while introspection is off. */
  readonly hideSuggestions: boolean;
}

/**
 * Converts every error into what a client sees, on every transport: a `CodedError` keeps its code, a mistake of the
 * client is explained, and anything else is logged and answered as INTERNAL_SERVER_ERROR with the request id.
 * @param formatted the error as the library formatted it; its locations and path are kept
 * @param error the original error, possibly wrapped
 */
export function formatError(
  format: ErrorFormat,
  formatted: GraphQLFormattedError,
  error: unknown,
  requestId: string,
): GraphQLFormattedError {
  const { locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const cause = causeOf(error);
  if (isTimeLimit(cause))
    format.log.warn({ requestId, path: path?.join('.'), ...traceOf(cause) }, 'A statement ran into its time limit');
  const coded = codedErrorOf(cause);
  if (coded) return { message: coded.message, ...place, extensions: { ...coded.details, code: coded.code } };
  const code = isArgumentError(formatted.message, error)
    ? 'BAD_USER_INPUT'
    : clientCode(formatted.extensions?.['code']);
  if (code) {
    const message = withoutValues(formatted.message);
    return {
      message: format.hideSuggestions ? withoutSuggestion(message) : message,
      ...place,
      extensions: { code },
    };
  }
  format.log.error(
    { requestId, path: path?.join('.'), ...traceOf(causeOf(error)) },
    'An operation failed unexpectedly',
  );
  return { message: 'Internal server error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } };
}

/** graphql-js finds some invalid arguments only while it executes the field, and reports them without a code. */
const isArgumentError = (message: string, error: unknown): boolean =>
  causeOf(error) === error && /^Argument ".*" (?:of |has an? invalid value)/.test(message);

/** Unwraps errors of resolvers, which graphql-js and graphql-jit wrap in classes of their own. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && 'originalError' in error && error.originalError
    ? causeOf(error.originalError)
    : error;
}

function codedErrorOf(error: unknown): CodedError | undefined {
  if (error instanceof CodedError) return error;
  return unansweredError(error) ?? unrepresentable(error);
}

function unrepresentable(error: unknown): CodedError | undefined {
  return isUnrepresentable(error) ? badInput('A value is out of range.') : undefined;
}

/** SQLSTATE class 22, data exception: PostgreSQL cannot store the value. */
const isUnrepresentable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22\w{3}$/.test(error.code);

function clientCode(code: unknown): ErrorCode | undefined {
  if (malformed.includes(String(code))) return 'BAD_USER_INPUT';
  const known = errorCodes.find((candidate) => candidate === code);
  return known === 'INTERNAL_SERVER_ERROR' ? undefined : known;
}

const withoutSuggestion = (message: string): string => message.replace(/ ?Did you mean [^?]*\?/, '');
