import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { retryAfterOf, statusOf } from '../api/http-status.js';
import type { CodedError } from '../errors.js';

/**
 * Wraps an error that occurs while the context is created. Apollo answers 500 to such errors unless they carry a
 * status, so status and Retry-After are set here.
 */
export function contextError(originalError: CodedError): GraphQLError {
  const errors = [{ message: '', extensions: { ...originalError.details, code: originalError.code } }];
  const retryAfter = retryAfterOf(errors);
  const headers = new HeaderMap(retryAfter === undefined ? [] : [['retry-after', String(retryAfter)]]);
  return new GraphQLError('No context', {
    originalError,
    extensions: { http: { status: statusOf({ errors }), headers } },
  });
}
