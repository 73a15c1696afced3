import { type CodedError, forbidden, unauthenticated } from '../errors.js';
import type { OwnPermission, PermissionForOneself } from '../policy/permission-catalogue.js';
import { may, mayOwn, might } from '../policy/policy.js';
import type { Asker, Context } from './context.js';

/** Whether this caller may run a field: true, or the error that says why not. A rule must not throw. */
export interface Rule {
  (asker: Asker): true | CodedError;
  /** What it requires, for the record: permissions, and `session` for a session. */
  readonly needs?: readonly string[];
}

/** Public, also with an invalid credential, so that a stale header never prevents signing in. */
export const anyone: Rule = () => true;

/** Public, but an invalid credential is answered with UNAUTHENTICATED. */
export const anyoneButRefused: Rule = ({ refused }) => !refused || unauthenticated();

/** Requires a caller, with a session or an API token. */
export const signedIn: Rule = ({ caller }) => caller !== null || unauthenticated();

/** Requires a session: no API token may change passwords, second factors, sessions or tokens. */
export const inSession: Rule = needing(['session'], ({ caller }) =>
  caller ? caller.sessionId !== null || forbidden() : unauthenticated(),
);

/** A function, because rules above use it while the module is loaded. */
function needing(needs: readonly string[], rule: Rule): Rule {
  return Object.assign((asker: Asker) => rule(asker), { needs });
}

const needsOf = (rules: readonly Rule[]): string[] => rules.flatMap(({ needs = [] }) => needs);

/**
 * Requires these permissions for at least one object. Whether they cover the object in question is checked by the
 * use-case, once that object is read.
 */
export const holding = (...permissions: readonly OwnPermission[]): Rule =>
  needing(permissions, ({ caller }) =>
    caller ? permissions.every((permission) => might(caller, permission)) || forbidden() : unauthenticated(),
  );

/**
 * Requires that the caller may do this to their own things: through the role `user`, and within an API token's scopes.
 */
export const forOneself = (permission: PermissionForOneself): Rule =>
  needing([permission], ({ caller }) => (caller ? mayOwn(caller, permission) || forbidden() : unauthenticated()));

/** Requires every rule; the error is that of the first that does not hold. */
export const and = (...rules: readonly Rule[]): Rule =>
  needing(needsOf(rules), (asker) => {
    for (const rule of rules) {
      const decision = rule(asker);
      if (decision !== true) return decision;
    }
    return true;
  });

/** Requires one of two rules; the error is that of the second. */
export const or = (rule: Rule, other: Rule): Rule =>
  needing(needsOf([rule, other]), (asker) => rule(asker) === true || other(asker));

type Decision = true | CodedError;
/** Whether this caller may read a field of this object. Runs once per object, so it must be cheap. */
export type Guard = (object: { readonly id: string }, context: Context) => Decision | Promise<Decision>;

/** Guard of fields of User: one's own need the first permission, those of others the second. */
export const ownOrHolding =
  (own: PermissionForOneself, others: OwnPermission): Guard =>
  ({ id }, context) => {
    if (context.hasProved(id)) return true;
    const { caller } = context;
    if (caller?.userId === id && mayOwn(caller, own)) return true;
    return ofUser(context, others, id);
  };

/** Guard of what a user may do. Everyone may read it about themselves, even an API token without a matching scope. */
export const oneselfOrHolding =
  (others: OwnPermission): Guard =>
  ({ id }, context) =>
    context.hasProved(id) || context.caller?.userId === id || ofUser(context, others, id);

/** Guard of what no API token may read. Requires a session, also for one's own fields. */
export const inSessionOwnOrHolding =
  (others: OwnPermission): Guard =>
  ({ id }, context) => {
    if (context.hasProved(id)) return true;
    const decision = inSession(context);
    return decision !== true || context.caller?.userId === id ? decision : ofUser(context, others, id);
  };

/**
 * Guard of the session of a security event. The same rights apply as to the sessions of the session's user, who need be
 * neither the event's actor nor its subject.
 */
export const sessionOwnOrHolding = (own: PermissionForOneself, others: OwnPermission): Guard => {
  const ofOwner = ownOrHolding(own, others);
  return async (event, context) => {
    const { sessionId } = event as { readonly id: string; readonly sessionId?: string | null };
    const session = sessionId ? await context.loaders.sessions.load(sessionId) : undefined;
    return session ? ofOwner({ id: session.userId }, context) : true;
  };
};

/** Guard of fields on types that more callers may read than the field. */
export const onlyHolding = (permission: OwnPermission): Guard => {
  const rule = holding(permission);
  return (_object, context) => rule(context);
};

/** Whether the caller holds the permission for this user. The user is loaded only if the permission has conditions. */
function ofUser({ caller, loaders }: Context, permission: OwnPermission, userId: string): Decision | Promise<Decision> {
  if (!caller) return unauthenticated();
  const extent = caller.rights.extentOf(permission);
  if (extent !== 'some') return extent === 'all' || forbidden();
  return loaders.subjects
    .load(userId)
    .then((subject) => (subject && may(caller, permission, subject.attributes)) || forbidden());
}

const ownOrReadable = ownOrHolding('profile:read', 'user:read');

/**
 * Checks who may read why access is decided as it is: the user, and callers who may read the user. An explanation for
 * an API token needs a session or that same token.
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export async function assertMayExplain(context: Context, userId: string, apiTokenId: string | null): Promise<void> {
  const isOwnToken = apiTokenId === null || context.caller?.apiToken?.id === apiTokenId.toLowerCase();
  const decisions = [await ownOrReadable({ id: userId }, context), isOwnToken || inSession(context)];
  for (const decision of decisions) if (decision !== true) throw decision;
}
