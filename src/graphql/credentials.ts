import { badInput, forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Context } from './context.js';

/**
 * Checks that cookies can be used; call it before the cookie of the refresh token is read or set.
 * @throws BAD_USER_INPUT on a websocket, which cannot set cookies; FORBIDDEN for a page whose origin may not call
 */
export function assertCookies({ cookies }: Context): void {
  if (!cookies) throw badInput('The cookie works over HTTP only.');
  if (!cookies.count) throw forbidden();
}

/** Replaces the device token of the operation by that of the input, which clients without cookies send. */
export const fromDevice = (context: Context, deviceToken: string | null | undefined): Operation =>
  deviceToken ? { ...operationOf(context), client: { ...context.client, deviceToken } } : context;

const operationOf = ({ services, client, caller }: Context): Operation => ({ services, client, caller });

/**
 * Payload of a user who has proved by a mailed token that the account is theirs, so they may read it in this operation.
 */
export function recognized<U extends { readonly id: string }>(context: Context, user: U): { user: U } {
  context.recognize(user.id);
  return { user };
}
