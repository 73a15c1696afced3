/**
 * All error codes. A `UserError`, returned in a payload, is something that a person can correct in a form. A
 * `CodedError` is a mistake of the client or a failure of the system; it becomes a top-level error with
 * `extensions.code`.
 */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'BAD_USER_INPUT',
  'CURSOR_EXPIRED',
  'NOT_FOUND',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'DOCUMENT_NOT_TRUSTED',
  'QUERY_TOO_COMPLEX',
  'OPERATION_TIMED_OUT',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error whose code and message are safe to send to the client. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Further members of `extensions`; must not contain secrets. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    const limit = Error.stackTraceLimit;
    // A stack trace costs ten times as much as the rest, and nobody reads it.
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = code;
  }
}

const notSignedIn = new CodedError('UNAUTHENTICATED', 'Sign in to do this.');
const notAllowed = new CodedError('FORBIDDEN', 'You may not do this.');

/** Shared instances, because one list may refuse thousands of fields. */
export const unauthenticated = (): CodedError => notSignedIn;
export const forbidden = (): CodedError => notAllowed;
export const badInput = (message: string): CodedError => new CodedError('BAD_USER_INPUT', message);

/** @param retryAfter in seconds */
export const rateLimited = (retryAfter: number): CodedError =>
  new CodedError('RATE_LIMITED', 'Too many attempts.', { retryAfter });

/** @param retryAfter in seconds */
export const unavailable = (retryAfter = 1): CodedError =>
  new CodedError('SERVICE_UNAVAILABLE', 'The service is busy; try again.', { retryAfter });

/** A statement or the whole operation exceeded its time limit. A retry would take as long again. */
export const timedOut = (): CodedError =>
  new CodedError('OPERATION_TIMED_OUT', 'This took longer than it may; ask for less.');

/**
 * The events that follow a cursor are no longer kept, or the database was restored to a state before it. Resuming would
 * skip events silently, so the stream ends.
 */
export const cursorExpired = (): CodedError =>
  new CodedError('CURSOR_EXPIRED', 'Events behind this cursor are not in the record; start anew from the list.');

export enum UserErrorCode {
  INVALID_CREDENTIALS = 'INVALID_CREDENTIALS',
  ACCOUNT_DEACTIVATED = 'ACCOUNT_DEACTIVATED',
  EMAIL_NOT_VERIFIED = 'EMAIL_NOT_VERIFIED',
  INVALID_TOKEN = 'INVALID_TOKEN',
  INVALID_CODE = 'INVALID_CODE',
  REAUTHENTICATION_REQUIRED = 'REAUTHENTICATION_REQUIRED',
  USERNAME_TAKEN = 'USERNAME_TAKEN',
  EMAIL_TAKEN = 'EMAIL_TAKEN',
  NAME_TAKEN = 'NAME_TAKEN',
  PASSWORD_TOO_SHORT = 'PASSWORD_TOO_SHORT',
  PASSWORD_TOO_LONG = 'PASSWORD_TOO_LONG',
  PASSWORD_TOO_WEAK = 'PASSWORD_TOO_WEAK',
  INVALID_INPUT = 'INVALID_INPUT',
  NOT_FOUND = 'NOT_FOUND',
  OWN_ACCOUNT = 'OWN_ACCOUNT',
  LAST_ADMINISTRATOR = 'LAST_ADMINISTRATOR',
  ABOVE_OWN_LEVEL = 'ABOVE_OWN_LEVEL',
  SYSTEM_ROLE = 'SYSTEM_ROLE',
  SCOPE_NOT_HELD = 'SCOPE_NOT_HELD',
  JOB_EXPIRED = 'JOB_EXPIRED',
  VERSION_CONFLICT = 'VERSION_CONFLICT',
}

export interface UserError {
  readonly code: UserErrorCode;
  readonly message: string;
  /** Path of the invalid input field; absent when the input as a whole is invalid. */
  readonly field?: readonly string[];
}

/** Thrown by a use-case to roll back its transaction and to return user errors in the payload. */
export class Refusal extends Error {
  constructor(readonly errors: readonly UserError[]) {
    super(errors.map((error) => error.code).join(', '));
    this.name = 'Refusal';
  }
}

/** Makes a refusal with one error. @param field name of the input field to blame */
export const refuse = (code: keyof typeof UserErrorCode, message: string, field?: string): Refusal =>
  new Refusal([{ code: UserErrorCode[code], message, ...(field ? { field: ['input', field] } : {}) }]);
