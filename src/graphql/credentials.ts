import { badInput, forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Context } from './context.js';

/**
 * Asked before anything is done that reads or sets the cookie of the refresh token.
 * @throws BAD_USER_INPUT on a websocket, which cannot set any; FORBIDDEN for a page of an origin that may not call
 */
export function assertCookies({ cookies }: Context): void {
  if (!cookies) throw badInput('The cookie works over HTTP only.');
  if (!cookies.count) throw forbidden();
}

/** Clients that keep no cookies send the device token in the input. */
export const fromDevice = (context: Context, deviceToken: string | null | undefined): Operation =>
  deviceToken ? { ...operationOf(context), client: { ...context.client, deviceToken } } : context;

const operationOf = ({ services, client, caller }: Context): Operation => ({ services, client, caller });

/** Answers a user who has proved by a mailed token whose account it is: they may read it, in this answer. */
export function recognized<U extends { readonly id: string }>(context: Context, user: U): { user: U } {
  context.recognize(user.id);
  return { user };
}
