import type { Caller } from '../access/caller.js';
import type { Services } from '../services.js';

/** Who is calling. `refused` is set when a credential was presented that does not hold. */
export interface Identity {
  readonly caller: Caller | null;
  readonly refused: boolean;
}

const anonymous: Identity = { caller: null, refused: false };
const refused: Identity = { caller: null, refused: true };
/** RFC 6750, section 2.1. */
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** @param authorization the header of that name, or its like in a websocket's `connection_init` */
export async function authenticate(
  services: Pick<Services, 'accessTokens' | 'principals'>,
  authorization: string | undefined,
): Promise<Identity> {
  if (!authorization) return anonymous;
  const token = bearer.exec(authorization)?.[1];
  const claims = token && (await services.accessTokens.verify(token));
  const caller = claims && (await services.principals.find(claims.sessionId));
  return caller && caller.userId === claims.userId ? { caller, refused: false } : refused;
}
