import { isApiToken } from '../api-tokens/token-format.js';
import type { Caller, Identity } from '../policy/caller.js';
import type { Services } from '../services.js';
import { keyOfApiToken, type PrincipalKey } from './principals.js';

/** What a request brought to say who calls: headers, or their like in a websocket's `connection_init`. */
export interface Presented {
  readonly authorization: string | undefined;
  /** `X-API-Key`. */
  readonly apiKey: string | undefined;
}

const anonymous: Identity = { caller: null, refused: false };
const refused: Identity = { caller: null, refused: true };
/** RFC 6750, section 2.1. */
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
/** RFC 7617, section 2. */
const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i;

type Needs = Pick<Services, 'accessTokens' | 'principals' | 'lastUses'>;

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
 * What was presented belongs to: asked once, it can be asked after for as long as a socket is open.
 * @returns undefined where nothing was presented, or nothing that could hold
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

/** Whether two places present one credential, in whichever form. */
export function isSameCredential(one: Presented, other: Presented): boolean {
  const credential = credentialIn(one);
  return credential !== undefined && credential === credentialIn(other);
}

/** Two credentials in one request leave open who calls, so neither counts. */
function credentialIn({ authorization, apiKey }: Presented): string | undefined {
  if (authorization && apiKey) return undefined;
  if (apiKey) return isApiToken(apiKey) ? apiKey : undefined;
  return bearer.exec(authorization ?? '')?.[1] ?? apiTokenIn(basic.exec(authorization ?? '')?.[1]);
}

/** The password of HTTP Basic; whatever name stands before it says nothing. */
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
