import { codeAt, stepAt } from '../../src/authentication/second-factor/totp.js';
import { seconds } from '../../src/clock.js';
import type { Client, Json } from './client.js';
import { type Harness, password } from './harness.js';

export const step = seconds(30);

/** A user with a second factor. */
export interface Equipped {
  readonly name: string;
  readonly client: Client;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** The code of an authenticator whose clock is `ahead` time steps ahead. */
export const codeOf = (harness: Harness, secret: string, ahead = 0): string =>
  codeAt(secret, stepAt(harness.clock.now()) + ahead);

/** Advances the clock to the start of the next time step and returns its code; no step boundary is near. */
export function nextCode(harness: Harness, secret: string): string {
  const into = harness.clock.now().getTime() % step;
  harness.clock.advance(step - into + seconds(2));
  return codeOf(harness, secret);
}

/** Six digits that are not the code of any time step near now. */
export function wrongCodeFor(harness: Harness, secret: string): string {
  const right = new Set([-3, -2, -1, 0, 1, 2, 3].map((ahead) => codeOf(harness, secret, ahead)));
  return (
    ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777'].find((c) => !right.has(c)) ?? ''
  );
}

export const begin = (client: Client, currentPassword = password): Promise<Json> =>
  client.mutate('beginTwoFactorEnrollment', { currentPassword }, 'secret otpauthUri qrCode');

export const confirm = (client: Client, code: string): Promise<Json> =>
  client.mutate('confirmTwoFactorEnrollment', { code }, 'recoveryCodes user { id twoFactorEnabled }');

export const disable = (client: Client, code: string, currentPassword = password): Promise<Json> =>
  client.mutate('disableTwoFactor', { currentPassword, code }, 'user { id twoFactorEnabled }');

export const regenerate = (client: Client, code: string, currentPassword = password): Promise<Json> =>
  client.mutate('regenerateRecoveryCodes', { currentPassword, code }, 'recoveryCodes');

/** Enrols a second factor for a signed-in user. */
export async function equip(harness: Harness, name: string, client?: Client): Promise<Equipped> {
  const person = client ?? (await harness.person(name));
  const secret = String((await begin(person))['secret']);
  const confirmed = await confirm(person, nextCode(harness, secret));
  return { name, client: person, secret, recoveryCodes: confirmed['recoveryCodes'] as never as string[] };
}

/** Signs in with the password only. @returns the challenge token */
export async function challenge(client: Client, name: string, more: Record<string, unknown> = {}): Promise<string> {
  const fields = 'result { ... on TwoFactorChallenge { challengeToken methods expiresAt } }';
  const payload = await client.mutate('login', { identifier: name, password, ...more }, fields);
  return String(payload['result']?.['challengeToken']);
}

const authentication =
  'authentication { accessToken refreshToken deviceToken session { id expiresAt } user { id username } }';

export const complete = (
  client: Client,
  challengeToken: string,
  code: string,
  more: Record<string, unknown> = {},
): Promise<Json> => client.mutate('completeTwoFactorLogin', { challengeToken, code, ...more }, authentication);

/** Signs in with password and code. @returns the payload of completeTwoFactorLogin */
export const signIn = async (client: Client, { name }: Equipped, code: string, more = {}): Promise<Json> =>
  complete(client, await challenge(client, name), code, more);

/** Code and field of the first error; undefined for a success. */
export const errorOf = (payload: Json): string | undefined => {
  const [error] = payload['errors'] as never as { code: string; field: string[] | null }[];
  return error && [error.code, ...(error.field ?? [])].join(' ');
};
