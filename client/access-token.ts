import type { CredentialsFragment } from './operations.js';

/** An access token and whose it is. */
export interface AccessToken {
  readonly value: string;
  /** Tells which of two tokens is the newer one, also after the clock was set back. */
  readonly serial: number;
  /** When this device received it, in milliseconds since 1970 by this device's clock. */
  readonly receivedAt: number;
  /** In milliseconds. The service's own clock does not matter: it may be ahead or behind. */
  readonly lifetime: number;
  readonly sessionId: string;
  readonly userId: string;
  readonly username: string;
}

/** @param former the token that this one replaces */
export const accessTokenOf = (
  { accessToken, expiresIn, session, user }: CredentialsFragment,
  former: AccessToken | undefined,
): AccessToken => ({
  value: accessToken,
  serial: Math.max(Date.now(), (former?.serial ?? 0) + 1),
  receivedAt: Date.now(),
  lifetime: expiresIn * 1000,
  sessionId: session.id,
  userId: user.id,
  username: user.username,
});

/** A token is renewed this long before it expires, in milliseconds, but not in the first half of its life. */
const margin = 30_000;

/** For how many milliseconds the token can still be used; 0 when it has to be renewed. */
export function freshFor({ receivedAt, lifetime }: AccessToken): number {
  const age = Date.now() - receivedAt;
  // The clock was set back, so nobody knows how old the token is.
  if (age < 0) return 0;
  return Math.max(0, lifetime - Math.min(margin, lifetime / 2) - age);
}

export const isFresh = (token: AccessToken): boolean => freshFor(token) > 0;
