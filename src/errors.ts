/**
 * The error catalogue. What a person can mend in a form is a `UserError` in the payload;
 * what a client or the system got wrong is a `CodedError`, a top-level error with `extensions.code`.
 */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'QUERY_TOO_COMPLEX',
  'OPERATION_TIMED_OUT',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error whose code and message may be shown to the client as they stand. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Further members of `extensions`; never a secret. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    const limit = Error.stackTraceLimit;
    // Where it was made is told to nobody, and finding out costs ten times the rest.
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = code;
  }
}

const notSignedIn = new CodedError('UNAUTHENTICATED', 'Sign in to do this.');
const notAllowed = new CodedError('FORBIDDEN', 'You may not do this.');

/** One error for all: a list may refuse thousands of fields. */
export const unauthenticated = (): CodedError => notSignedIn;
export const forbidden = (): CodedError => notAllowed;
export const badInput = (message: string): CodedError => new CodedError('BAD_USER_INPUT', message);

/** @param retryAfter in seconds */
export const rateLimited = (retryAfter: number): CodedError =>
  new CodedError('RATE_LIMITED', 'Too many attempts.', { retryAfter });

/** @param retryAfter in seconds */
export const unavailable = (retryAfter = 1): CodedError =>
  new CodedError('SERVICE_UNAVAILABLE', 'The service is busy; try again.', { retryAfter });

/** A statement or the whole operation took longer than it may; the same again would take as long. */
export const timedOut = (): CodedError =>
  new CodedError('OPERATION_TIMED_OUT', 'This took longer than it may; ask for less.');

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
}

export interface UserError {
  readonly code: UserErrorCode;
  readonly message: string;
  /** Path of the input field at fault; absent when the whole input is. */
  readonly field?: readonly string[];
}

/** Thrown by a use-case to undo its transaction and answer with user errors. */
export class Refusal extends Error {
  constructor(readonly errors: readonly UserError[]) {
    super(errors.map((error) => error.code).join(', '));
    this.name = 'Refusal';
  }
}

export const refuse = (code: keyof typeof UserErrorCode, message: string, field?: string): Refusal =>
  new Refusal([{ code: UserErrorCode[code], message, ...(field ? { field: ['input', field] } : {}) }]);
