import { isApiToken } from '../api-tokens/token-format.js';
import type { Caller, Identity } from '../policy/caller.js';
import type { Services } from '../services.js';
import type { VerifiedToken } from '../sessions/access-tokens.js';
import { keyOfApiToken, type PrincipalKey } from './principals.js';

/** The credentials of a request: its headers, or their equivalents in a websocket's `connection_init`. */
export interface Presented {
  readonly authorization: string | undefined;
  /** The `X-API-Key` header. */
  readonly apiKey: string | undefined;
}

const anonymous: Identity = { caller: null, refused: false };
const refused: Identity = { caller: null, refused: true };
/** RFC 6750, section 2.1. */
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
/** RFC 7617, section 2. */
const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i;

type Needs = Pick<Services, 'accessTokens' | 'principals' | 'lastUses' | 'clock'>;

/**
 * Determines the caller of a request and notes the use of the session or API token.
 * @returns `refused` is set when a credential was presented that is invalid
 * @throws when the database is needed and unavailable
 */
export async function authenticate(services: Needs, presented: Presented): Promise<Identity> {
  const { authorization, apiKey } = presented;
  if (!authorization && !apiKey) return anonymous;
  const credential = credentialIn(presented);
  const caller = credential && (await callerWith(services, credential));
  if (!caller) return refused;
  services.lastUses.note(caller);
  return { caller, refused: false };
}

/**
 * Makes a function like `authenticate` that does not wait: for what is asked before each event of each stream. It reads the
 * credential once, and looks up each time whether that is still valid.
 * @returns a function of the present time that returns undefined when memory does not tell that the credential is valid
 */
export function authenticatorFor(services: Needs, presented: Presented): (at?: Date) => Identity | undefined {
  if (!presented.authorization && !presented.apiKey) return () => anonymous;
  let known: Known | undefined;
  return (at = services.clock.now()) => {
    known ??= knownFrom(services, presented);
    const caller = known && callerNow(services, known, at);
    if (!caller) return undefined;
    services.lastUses.note(caller, at);
    return { caller, refused: false };
  };
}

/**
 * Cache key of the session or API token; sockets keep it to look the principal up again.
 * @returns undefined without a credential, for one that is malformed, and for an access token that is not valid
 */
export async function principalKeyOf(
  { accessTokens }: Pick<Services, 'accessTokens'>,
  presented: Presented,
): Promise<PrincipalKey | undefined> {
  const credential = credentialIn(presented);
  if (!credential) return undefined;
  if (isApiToken(credential)) return keyOfApiToken(credential);
  return (await accessTokens.verify(credential))?.sessionId;
}

/** Whether two requests present the same credential, whatever header it is in. */
export function isSameCredential(one: Presented, other: Presented): boolean {
  const credential = credentialIn(one);
  return credential !== undefined && credential === credentialIn(other);
}

/** The credential of a request. Two different headers leave it open who calls, so then there is none. */
function credentialIn({ authorization, apiKey }: Presented): string | undefined {
  if (authorization && apiKey) return undefined;
  if (apiKey) return isApiToken(apiKey) ? apiKey : undefined;
  return bearer.exec(authorization ?? '')?.[1] ?? apiTokenIn(basic.exec(authorization ?? '')?.[1]);
}

/** The API token in the password of HTTP Basic; the user name is ignored. */
function apiTokenIn(userinfo: string | undefined): string | undefined {
  const password = userinfo && Buffer.from(userinfo, 'base64').toString('utf8').split(':').slice(1).join(':');
  return password && isApiToken(password) ? password : undefined;
}

async function callerWith({ accessTokens, principals }: Needs, credential: string): Promise<Caller | undefined> {
  if (isApiToken(credential)) return principals.byApiToken(credential);
  const claims = await accessTokens.verify(credential);
  const caller = claims && (await principals.bySession(claims.sessionId));
  return caller && caller.userId === claims.userId ? caller : undefined;
}

/** What is known of a credential: the key of an API token, or an access token that was verified before. */
type Known = PrincipalKey | VerifiedToken;

function knownFrom({ accessTokens }: Needs, presented: Presented): Known | undefined {
  const credential = credentialIn(presented);
  if (!credential) return undefined;
  return isApiToken(credential) ? keyOfApiToken(credential) : accessTokens.known(credential);
}

function callerNow({ accessTokens, principals }: Needs, known: Known, at: Date): Caller | undefined {
  if (typeof known === 'string') return principals.peek(known, at);
  if (!accessTokens.holds(known, at)) return undefined;
  const { userId, sessionId } = known.claims;
  const caller = principals.peek(sessionId, at);
  return caller?.userId === userId ? caller : undefined;
}
