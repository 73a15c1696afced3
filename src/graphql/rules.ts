import { type CodedError, forbidden, unauthenticated } from '../errors.js';
import type { OwnPermission, PermissionForOneself } from '../policy/permission-catalogue.js';
import { may, mayOwn, might } from '../policy/policy.js';
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

/** Callers who hold these permissions for anything: whether for what they name, the use-case asks once it is read. */
export const holding =
  (...permissions: readonly OwnPermission[]): Rule =>
  ({ caller }) =>
    caller ? permissions.every((permission) => might(caller, permission)) || forbidden() : unauthenticated();

/** Everyone who may do this to what is their own: whoever holds the role `user` may, an API token within its scopes. */
export const forOneself =
  (permission: PermissionForOneself): Rule =>
  ({ caller }) =>
    caller ? mayOwn(caller, permission) || forbidden() : unauthenticated();

/** Everyone for what is their own, and callers who hold the other permission for something at all. */
export const forOneselfOrHolding =
  (own: PermissionForOneself, others: OwnPermission): Rule =>
  (context) =>
    forOneself(own)(context) === true || holding(others)(context);

/** In a session of one's own, and holding this permission. */
export const inSessionHolding =
  (permission: OwnPermission): Rule =>
  (context) => {
    const decision = inSession(context);
    return decision === true ? holding(permission)(context) : decision;
  };

type Decision = true | CodedError;
/** Whether this caller may read a field of this object. Runs once per object, so it must be cheap. */
export type Guard = (object: { readonly id: string }, context: Context) => Decision | Promise<Decision>;

/** For fields of User: their own to everyone, others' to callers who hold the permission. */
export const ownOrHolding =
  (own: PermissionForOneself, others: OwnPermission): Guard =>
  ({ id }, context) => {
    if (context.hasProved(id)) return true;
    const { caller } = context;
    if (caller?.userId === id && mayOwn(caller, own)) return true;
    return ofUser(context, others, id);
  };

/** For what callers may do: about themselves everyone is told, an API token too, whatever its scopes. */
export const oneselfOrHolding =
  (others: OwnPermission): Guard =>
  ({ id }, context) =>
    context.hasProved(id) || context.caller?.userId === id || ofUser(context, others, id);

/** For what no API token may see: it takes a session, also for one's own. */
export const inSessionOwnOrHolding =
  (others: OwnPermission): Guard =>
  ({ id }, context) => {
    if (context.hasProved(id)) return true;
    const decision = inSession(context);
    return decision !== true || context.caller?.userId === id ? decision : ofUser(context, others, id);
  };

/** For the session that an event names: as among the sessions of its user, who need be neither actor nor subject. */
export const sessionOwnOrHolding = (own: PermissionForOneself, others: OwnPermission): Guard => {
  const ofOwner = ownOrHolding(own, others);
  return async (event, context) => {
    const { sessionId } = event as { readonly id: string; readonly sessionId?: string | null };
    const session = sessionId ? await context.loaders.sessions.load(sessionId) : undefined;
    return session ? ofOwner({ id: session.userId }, context) : true;
  };
};

/** For fields on types that others see too. */
export const onlyHolding = (permission: OwnPermission): Guard => {
  const rule = holding(permission);
  return (_object, context) => rule(context);
};

/** The account is read only where the permission has conditions. */
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
 * What decides about a user is known to them and to callers who may read them; their API tokens to no other token.
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export async function assertMayExplain(context: Context, userId: string, apiTokenId: string | null): Promise<void> {
  const isOwnToken = apiTokenId === null || context.caller?.apiToken?.id === apiTokenId.toLowerCase();
  const decisions = [await ownOrReadable({ id: userId }, context), isOwnToken || inSession(context)];
  for (const decision of decisions) if (decision !== true) throw decision;
}
