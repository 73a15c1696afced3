import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TokenPurpose } from '../../src/accounts/mailed-token.entity.js';
import { issueToken } from '../../src/accounts/mailed-tokens.js';
import { challenge } from '../../src/authentication/second-factor/two-factor-challenge.js';
import { hours } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { basic, makeToken } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { inConnection, verdict } from '../support/presenting.js';
import { equip } from '../support/second-factor.js';
import { overHttp } from '../support/transports.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});

/** Owner of the tokens of one round; a separate account, so that using one token does not invalidate others. */
interface Owner {
  readonly client: Client;
  readonly id: string;
  readonly email: string;
  /** The token that verifies `email`, created at registration and unused. */
  readonly verification: string;
}

async function newOwner(name: string): Promise<Owner> {
  const client = harness.client();
  const email = `${name}@example.com`;
  await client.mutate('register', { username: name, email, password }, 'email');
  const verification = await harness.mailbox.tokenTo(email);
  const { sql } = harness.app.services.database;
  // Verified in SQL, because the owner signs in while the token is unused.
  await sql.rows('update users set is_verified = true where email = $1', [email]);
  await client.login(name, password);
  return { client, id: String(client.userId), email, verification };
}

async function mailed(purpose: TokenPurpose, { id, email }: Owner): Promise<string> {
  const { database } = harness.app.services;
  const terms = { purpose, lifetime: hours(1), newEmail: `new.${email}` };
  return database.transaction((tx) => issueToken(tx, asSystem(harness.app.services), { id, email }, terms));
}

/** Creates a challenge, for which the account needs a second factor. */
async function pendingChallenge({ id, email, client }: Owner): Promise<string> {
  await equip(harness, email, client);
  const { services } = harness.app;
  const [user] = await services.database.sql.rows<{ passwordHash: string }>(
    'select password_hash as "passwordHash" from users where id = $1',
    [id],
  );
  const proved = { userId: id, passwordHash: String(user?.passwordHash), rememberMe: false, usesCookie: false };
  return (await challenge(asSystem(services), proved)).challengeToken;
}

/** Rows of the table: every kind of token, and how to create one. */
const kinds = {
  access: async ({ client }: Owner) => String(client.token),
  refresh: async ({ client }: Owner) => String(client.refreshToken),
  verification: async ({ verification }: Owner) => verification,
  reset: (owner: Owner) => mailed('reset-password', owner),
  emailChange: (owner: Owner) => mailed('confirm-email-change', owner),
  emailUndo: (owner: Owner) => mailed('undo-email-change', owner),
  disownment: (owner: Owner) => mailed('disown-registration', owner),
  challenge: pendingChallenge,
  apiToken: async ({ client }: Owner) => (await makeToken(client, ['profile:read'])).token,
} satisfies Record<string, (owner: Owner) => Promise<string>>;
type Kind = keyof typeof kinds;

type Present = (token: string) => Promise<string>;

/** The code of the refusal, or `accepted`. */
const viaHeaders =
  (headers: (token: string) => Record<string, string>): Present =>
  async (token) => {
    const outcome = await overHttp(harness.app.url, { query: '{ viewer { id } }' }, headers(token));
    return verdict(outcome).replace('signed in', 'accepted');
  };
const viaMutation =
  (name: string, input: (token: string) => Record<string, unknown>): Present =>
  async (token) => {
    const payload = await harness.client().mutate(name, input(token), '__typename');
    return String(payload['errors']?.[0]?.['code'] ?? 'accepted');
  };

interface Place {
  /** Kinds of tokens that are valid in this place. */
  readonly takes: readonly Kind[];
  readonly present: Present;
}

/** Columns of the table: every place that takes a token. */
const places: Record<string, Place> = {
  'Authorization: Bearer': {
    takes: ['access', 'apiToken'],
    present: viaHeaders((token) => ({ authorization: `Bearer ${token}` })),
  },
  'Authorization: Basic, as password': {
    takes: ['apiToken'],
    present: viaHeaders((token) => ({ authorization: basic(`name:${token}`) })),
  },
  'Authorization: Basic, as name': {
    takes: [],
    present: viaHeaders((token) => ({ authorization: basic(`${token}:`) })),
  },
  'X-API-Key': { takes: ['apiToken'], present: viaHeaders((token) => ({ 'x-api-key': token })) },
  connection_init: {
    takes: ['access', 'apiToken'],
    present: async (token) =>
      verdict(await inConnection(harness.app.url, `Bearer ${token}`)).replace('signed in', 'accepted'),
  },
  'a password': {
    takes: [],
    present: viaMutation('login', (token) => ({ identifier: 'root.admin', password: token.slice(0, 128) })),
  },
  refreshSession: { takes: ['refresh'], present: viaMutation('refreshSession', (token) => ({ refreshToken: token })) },
  verifyEmail: { takes: ['verification'], present: viaMutation('verifyEmail', (token) => ({ token })) },
  resetPassword: {
    takes: ['reset'],
    present: viaMutation('resetPassword', (token) => ({ token, newPassword: 'quite another passphrase' })),
  },
  confirmEmailChange: {
    takes: ['emailChange'],
    present: viaMutation('confirmEmailChange', (token) => ({ token })),
  },
  undoEmailChange: { takes: ['emailUndo'], present: viaMutation('undoEmailChange', (token) => ({ token })) },
  disownRegistration: {
    takes: ['disownment'],
    present: viaMutation('disownRegistration', (token) => ({ token, deleteAccount: true })),
  },
  // The challenge is checked before the code, so a wrong code shows that the token was accepted.
  completeTwoFactorLogin: {
    takes: ['challenge'],
    present: async (challengeToken) => {
      const payload = await harness
        .client()
        .mutate('completeTwoFactorLogin', { challengeToken, code: '000000' }, '__typename');
      const code = String(payload['errors']?.[0]?.['code']);
      return code === 'INVALID_CODE' ? 'accepted' : code;
    },
  },
};

const refusals = ['UNAUTHENTICATED', 'INVALID_TOKEN', 'INVALID_CREDENTIALS'];
const names = Object.keys(kinds) as Kind[];
let round = 0;

describe.each(names)('a token for %s', (kind) => {
  test.each(Object.entries(places))(`at %s`, async (_name, { takes, present }) => {
    round += 1;
    const token = await kinds[kind](await newOwner(`owner.${round}`));
    expect(token).toMatch(/^\S{20,}$/);
    const outcome = await present(token);
    if (takes.includes(kind)) expect(outcome).toBe('accepted');
    else expect(refusals).toContain(outcome);
  });

  test('is not used up, and ends nothing, by having been shown everywhere else', async () => {
    round += 1;
    const owner = await newOwner(`owner.${round}`);
    const token = await kinds[kind](owner);
    const all = Object.entries(places);
    for (const [, { present }] of all.filter(([, { takes }]) => !takes.includes(kind))) await present(token);
    expect((await owner.client.ask('{ viewer { id } }')).data['viewer']).toEqual({ id: owner.id });
    for (const [name, { present }] of all.filter(([, { takes }]) => takes.includes(kind)))
      expect([name, await present(token)]).toEqual([name, 'accepted']);
  });
});

test('nothing of this is an error of ours, and no token is in the log', () => {
  expect(harness.logged.filter((line) => /"level":[56]0|eyJ|gth_/.test(line))).toEqual([]);
});
