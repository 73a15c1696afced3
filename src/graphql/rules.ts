import { type CodedError, forbidden, unauthenticated } from '../errors.js';
import type { Context } from './context.js';

/** Whether this caller may run a field: yes, or the error that says why not. */
export type Rule = (context: Context) => true | CodedError;

/** Public, and working even with a stale credential: an old header never blocks signing in. */
export const anyone: Rule = () => true;

/** Public, but a credential that does not hold is told. */
export const anyoneButRefused: Rule = ({ refused }) => !refused || unauthenticated();

export const signedIn: Rule = ({ caller }) => caller !== null || unauthenticated();

export const administrator: Rule = ({ caller }) => (caller ? caller.isAdmin || forbidden() : unauthenticated());

/** Whether this caller may read a field of this object. Runs once per object, so it must be cheap. */
export type Guard = (object: { readonly id: string }, context: Context) => true | CodedError;

/** For fields of User. */
export const themselfOrAdministrator: Guard = ({ id }, context) =>
  context.isOrProved(id) || context.caller?.isAdmin || (context.caller ? forbidden() : unauthenticated());

/** For fields that only administrators read, on types that others see too. */
export const administratorOnly: Guard = (_object, context) => administrator(context);
