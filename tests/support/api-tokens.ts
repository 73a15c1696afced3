import type { Client } from './client.js';

export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

/** Creates an API token for the signed-in client. */
export async function makeToken(owner: Client, scopes: readonly string[], more: object = {}): Promise<MadeToken> {
  const payload = await owner.mutate('createApiToken', { name: 'a token', scopes, ...more }, 'token apiToken { id }');
  if (!payload['token']) throw new Error(JSON.stringify(payload));
  return { id: String(payload['apiToken']?.['id']), token: String(payload['token']) };
}

/** Value of an Authorization header with the scheme Basic (RFC 7617, section 2). */
export const basic = (userinfo: string): string => `Basic ${Buffer.from(userinfo).toString('base64')}`;

/** The ways to send an API token, as HTTP headers or as parameters of `connection_init`. */
export const ways: Record<string, (token: string) => Record<string, string>> = {
  Bearer: (token) => ({ authorization: `Bearer ${token}` }),
  'X-API-Key': (token) => ({ 'x-api-key': token }),
  'the password of Basic': (token) => ({ authorization: basic(`whoever:${token}`) }),
  'the password of Basic, without a name': (token) => ({ authorization: basic(`:${token}`) }),
};
