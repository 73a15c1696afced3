import { may, mayOwn, type OwnPermission, type PermissionName } from '../access/policy.js';
import { type CodedError, forbidden, unauthenticated } from '../errors.js';
import type { Context } from './context.js';

/** Whether this caller may run a field: yes, or the error that says why not. */
export type Rule = (context: Context) => true | CodedError;

/** Public, and working even with a stale credential: an old header never blocks signing in. */
export const anyone: Rule = () => true;

/** Public, but a credential that does not hold is told. */
export const anyoneButRefused: Rule = ({ refused }) => !refused || unauthenticated();

/** Whoever has proved who they are, by a session or an API token. */
export const signedIn: Rule = ({ caller }) => caller !== null || unauthenticated();

/** A person in a session of their own: no API token touches passwords, second factors, sessions or tokens. */
export const inSession: Rule = ({ caller }) => (caller ? caller.sessionId !== null || forbidden() : unauthenticated());

/** Callers who hold this permission. */
export const holding =
  (permission: PermissionName): Rule =>
  ({ caller }) =>
    caller ? may(caller, permission) || forbidden() : unauthenticated();

/** Everyone signed in, for what is their own; an API token within its scopes. */
export const forOneself =
  (permission: OwnPermission): Rule =>
  ({ caller }) =>
    caller ? mayOwn(caller, permission) || forbidden() : unauthenticated();

/** In a session of one's own, and holding this permission. */
export const inSessionHolding =
  (permission: PermissionName): Rule =>
  (context) => {
    const decision = inSession(context);
    return decision === true ? holding(permission)(context) : decision;
  };

/** Whether this caller may read a field of this object. Runs once per object, so it must be cheap. */
export type Guard = (object: { readonly id: string }, context: Context) => true | CodedError;

/** For fields of User: their own to everyone, others' to callers who hold the permission. */
export const ownOrHolding =
  (own: OwnPermission, others: PermissionName): Guard =>
  ({ id }, context) => {
    if (context.hasProved(id)) return true;
    const { caller } = context;
    if (caller?.userId === id && mayOwn(caller, own)) return true;
    return may(caller, others) || (caller ? forbidden() : unauthenticated());
  };

/** The same for what no API token may see: it takes a session, also for one's own. */
export const inSessionOwnOrHolding =
  (others: PermissionName): Guard =>
  ({ id }, context) => {
    if (context.hasProved(id)) return true;
    const decision = inSession(context);
    if (decision !== true || context.caller?.userId === id) return decision;
    return may(context.caller, others) || forbidden();
  };

/** For fields on types that others see too. */
export const onlyHolding = (permission: PermissionName): Guard => {
  const rule = holding(permission);
  return (_object, context) => rule(context);
};
