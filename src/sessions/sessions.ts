import { after, earlier } from '../clock.js';
import type { Config } from '../config.js';
import type { Operation } from '../operation.js';
import type { Session } from './session.entity.js';

/** The credentials that a client gets for a session. */
export interface Credentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Lifetime of the access token, in seconds. */
  readonly expiresIn: number;
  readonly session: Session;
}

/**
 * When a session expires unless it is refreshed: after its idle lifetime, but never later than its absolute lifetime.
 */
export function idleEnd(operation: Operation, isRemembered: boolean, openedAt: Date, now: Date): Date {
  const { config } = operation.services;
  return earlier(after(now, idleLifetime(config, isRemembered)), after(openedAt, config.lifetimes.session));
}

/** How long a session lives without being refreshed, in milliseconds. */
export const idleLifetime = ({ lifetimes }: Config, isRemembered: boolean): number =>
  (isRemembered ? lifetimes.accessRemembered : lifetimes.access) * lifetimes.refreshFactor;

/** In milliseconds. */
const accessLifetime = ({ services }: Operation, isRemembered: boolean): number =>
  isRemembered ? services.config.lifetimes.accessRemembered : services.config.lifetimes.access;

/** Issues an access token for a session and combines it with the refresh token. It never outlives the session. */
export async function credentialsFor(
  operation: Operation,
  session: Session,
  refreshToken: string,
): Promise<Credentials> {
  const { accessTokens, clock } = operation.services;
  const left = session.expiresAt.getTime() - clock.now().getTime();
  const expiresIn = Math.floor(Math.min(accessLifetime(operation, session.isRemembered), left) / 1000);
  const accessToken = await accessTokens.sign(session.userId, session.id, expiresIn * 1000);
  return { accessToken, refreshToken, expiresIn, session };
}
