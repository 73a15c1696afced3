import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { revokeApiTokens } from '../../src/api-tokens/revoke-api-tokens.js';
import type { App } from '../../src/app.js';
import { days } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { endSessions } from '../../src/sessions/end-sessions.js';
import { makeToken, ways } from '../support/api-tokens.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { withoutSignals } from '../support/signals.js';
import { overSocket } from '../support/transports.js';

let harness: Harness;
let other: App;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  other = await harness.another();
  admin = await harness.admin();
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const holding = (token: string, { url } = harness.app) => Object.assign(new Client(url), { token });
const viewerCodes = async (client: Client) => (await client.ask('{ viewer { id } }')).codes;
const revoke = (client: Client, apiTokenId: string | undefined): Promise<Json> =>
  client.mutate('revokeApiToken', { apiTokenId }, 'apiToken { id isActive }');
const eventsOf = (type: string, tokenId: string) =>
  sql().rows<{ actor: string; subject: string }>(
    `select actor_id as actor, subject_id as subject from every_event where type = $1 and details->>'tokenId' = $2`,
    [type, tokenId],
  );

/** Expects that every process refuses the token within a second. */
async function isDead(token: string): Promise<void> {
  for (const app of [harness.app, other])
    await eventually(async () => (await viewerCodes(holding(token, app)))[0] === 'UNAUTHENTICATED', 1000);
}

async function isKnownEverywhere(token: string): Promise<void> {
  for (const app of [harness.app, other]) expect(await viewerCodes(holding(token, app))).toEqual([]);
}

describe('a token dies', () => {
  let owner: Client;
  let made: { id: string; token: string };
  let number = 0;
  const begin = async () => {
    number += 1;
    owner = await harness.person(`mortal${number}`);
    made = await makeToken(owner, ['session:read']);
    await isKnownEverywhere(made.token);
  };

  const deaths: [how: string, kill: () => Promise<unknown>][] = [
    ['when its owner revokes it', () => revoke(owner, made.id)],
    ['when an administrator revokes it', () => revoke(admin, made.id)],
    [
      'when its owner is deactivated',
      () => sql().rows('update users set is_active = false where id = $1', [String(owner.userId)]),
    ],
    ['when its owner is deleted', () => sql().rows('delete from users where id = $1', [String(owner.userId)])],
    ['when its row is deleted', () => sql().rows('delete from api_tokens where id = $1', [made.id])],
  ];
  test.each(deaths)('%s: in every process, with its streams', async (_how, kill) => {
    await begin();
    const streams = [harness.app, other].map((app) =>
      holding(made.token, app).follow('subscription { sessionEvents { type } }'),
    );
    for (const app of [harness.app, other]) await eventually(() => app.services.signals.listenerCount('token') > 1);
    await kill();
    await isDead(made.token);
    await eventually(() => streams.every(({ ended }) => ended));
    expect(streams.map(({ events }) => events)).toEqual([[], []]);
    for (const app of [harness.app, other])
      expect((await overSocket(app.url, { query: '{ viewer { id } }', token: made.token })).codes).toEqual([
        'UNAUTHENTICATED',
      ]);
  });

  test('at the very instant of its end, in every process', async () => {
    const end = new Date(harness.clock.now().getTime() + days(1));
    const { token } = await makeToken(admin, [], { expiresAt: end.toISOString() });
    const at = async (instant: Date, app: App) => {
      const now = jest.spyOn(harness.clock, 'now').mockReturnValue(instant);
      const codes = await viewerCodes(holding(token, app));
      now.mockRestore();
      return codes;
    };
    for (const app of [harness.app, other]) {
      expect(await at(new Date(end.getTime() - 1), app)).toEqual([]);
      expect(await at(end, app)).toEqual(['UNAUTHENTICATED']);
      expect(await at(new Date(end.getTime() + 1), app)).toEqual(['UNAUTHENTICATED']);
    }
  });

  test('and is asked about while the signals are down', async () => {
    await begin();
    const hearAgain = await withoutSignals(harness.app);
    const before = sql().sent;
    const codes = (await holding(made.token).ask('{ viewerSession { id } }')).codes;
    await hearAgain();
    expect([codes, sql().sent > before]).toEqual([[], true]);
  });
});

describe('revokeApiToken', () => {
  test('says what is revoked already as it is, and records it once, under twenty parallel tries', async () => {
    const owner = await harness.person('hasty');
    const { id } = await makeToken(owner, []);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => revoke(n % 2 ? owner : admin, id)));
    for (const answer of answers) expect(answer).toEqual({ apiToken: { id, isActive: false }, errors: [] });
    const first = await sql().row<{ at: Date }>('select revoked_at as at from api_tokens where id = $1', [id]);
    harness.clock.advance(days(1) / 24 / 60);
    expect((await revoke(owner, id))['errors']).toEqual([]);
    expect(await sql().row('select revoked_at as at from api_tokens where id = $1', [id])).toEqual(first);
    const events = await eventsOf('API_TOKEN_REVOKED', id);
    expect(events.map(({ subject }) => subject)).toEqual([owner.userId]);
  });

  test("does not know strangers' tokens, nor what is none", async () => {
    const [owner, eve] = [await harness.person('owner'), await harness.person('eve')];
    const { id, token } = await makeToken(owner, []);
    const missing = { apiToken: null, errors: [{ code: 'NOT_FOUND', field: ['input', 'apiTokenId'] }] };
    const strange = [
      id,
      id.toUpperCase(),
      owner.userId,
      owner.sessionId,
      token,
      '',
      "' or 1=1 --",
      '00000000-0000-4000-8000-000000000000',
    ];
    for (const apiTokenId of strange) expect(await revoke(eve, apiTokenId)).toEqual(missing);
    expect(await viewerCodes(holding(token))).toEqual([]);
    expect(await eventsOf('API_TOKEN_REVOKED', id)).toEqual([]);
  });
});

describe('revokeApiTokens', () => {
  test('ends all living tokens of one user, each with its event, or none when the change is undone', async () => {
    const owner = await harness.person('forgetful');
    const bystander = await makeToken(await harness.person('bystander'), []);
    const tokens = [await makeToken(owner, []), await makeToken(owner, []), await makeToken(owner, [])];
    const [gone] = tokens;
    await revoke(owner, gone?.id);
    const operation = asSystem(harness.app.services);
    const { database } = harness.app.services;
    const undone = database.transaction(async (tx) => {
      await revokeApiTokens(tx, operation, String(owner.userId));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await viewerCodes(holding(String(tokens[1]?.token)))).toEqual([]);
    await database.transaction((tx) => revokeApiTokens(tx, operation, String(owner.userId)));
    for (const { id, token } of tokens) {
      await isDead(token);
      expect((await eventsOf('API_TOKEN_REVOKED', id)).length).toBe(1);
    }
    expect(await viewerCodes(holding(bystander.token))).toEqual([]);
  });

  test('leaves no token of twenty that are made beside it by a session it ends', async () => {
    for (let round = 0; round < 5; round += 1) {
      const thief = await harness.person(`thief${round}`);
      const userId = String(thief.userId);
      const operation = asSystem(harness.app.services);
      const making = Array.from({ length: 20 }, () =>
        thief.ask('mutation { createApiToken(input: { name: "x", scopes: [] }) { token } }'),
      );
      await eventually(
        async () => (await sql().rows('select 1 from api_tokens where user_id = $1', [userId])).length > 0,
      );
      await harness.app.services.database.transaction(async (tx) => {
        await endSessions(tx, operation, userId, 'PASSWORD_RESET');
        await tx.em.flush();
        await revokeApiTokens(tx, operation, userId);
      });
      for (const { codes } of await Promise.all(making)) expect(['UNAUTHENTICATED', undefined]).toContain(codes[0]);
      expect(await sql().rows('select 1 from api_tokens where user_id = $1 and revoked_at is null', [userId])).toEqual(
        [],
      );
    }
  });
});

describe('last use', () => {
  const lastUse = async (owner: Client, id: string) => {
    const fields = '... on ApiToken { tokenUse: lastUsedAt } ... on Session { sessionUse: lastUsedAt }';
    const node = (await owner.ask(`{ node(id: "${id}") { ${fields} } }`)).data['node'];
    return node?.['tokenUse'] ?? node?.['sessionUse'];
  };

  test('fifty requests with one token, in any way, ask once who calls and write nothing', async () => {
    const owner = await harness.person('steady');
    const { token } = await makeToken(owner, []);
    // Background jobs send statements too, so only those that read or write the caller's identity are counted.
    const sent = jest.spyOn(sql(), 'rows');
    const all = Object.values(ways);
    for (let n = 0; n < 50; n += 1) {
      const headersOf = all[n % all.length];
      expect((await harness.client(headersOf?.(token)).ask('{ viewerSession { id } }')).codes).toEqual([]);
    }
    const asked = sent.mock.calls.map(([text]) => text).filter((text) => /api_tokens|sessions/.test(text));
    sent.mockRestore();
    expect(asked.filter((text) => text.includes('token_hash')).length).toBe(1);
    // The minute after which uses are written may end meanwhile.
    expect(asked.filter((text) => text.includes('update api_tokens')).length).toBeLessThan(2);
  });

  test('is written when the gathering ends, for tokens and sessions alike, and never moves back', async () => {
    const owner = await harness.person('regular');
    const { id, token } = await makeToken(owner, []);
    harness.clock.advance(days(1) / 48);
    const before = harness.clock.now();
    await viewerCodes(holding(token));
    await viewerCodes(owner);
    await harness.app.services.lastUses.flush();
    for (const thing of [id, String(owner.sessionId)])
      expect(new Date(String(await lastUse(owner, thing))).getTime()).toBeGreaterThanOrEqual(before.getTime());
    const latest = await lastUse(owner, id);
    other.services.lastUses.note({ sessionId: null, apiToken: { id, scopes: [] } });
    await sql().rows("update api_tokens set last_used_at = last_used_at + interval '1 hour' where id = $1", [id]);
    await other.services.lastUses.flush();
    expect(new Date(String(await lastUse(owner, id))).getTime()).toBeGreaterThan(new Date(String(latest)).getTime());
  });

  test('what could not be written is written the next time', async () => {
    const { id, token } = await makeToken(admin, []);
    await viewerCodes(holding(token));
    const away = jest.spyOn(sql(), 'rows').mockRejectedValue(new Error('away'));
    await expect(harness.app.services.lastUses.flush()).rejects.toThrow('away');
    away.mockRestore();
    await harness.app.services.lastUses.flush();
    expect(await lastUse(admin, id)).not.toBeNull();
  });

  test('a row that somebody is changing is passed over, not waited for', async () => {
    const { id, token } = await makeToken(admin, []);
    await viewerCodes(holding(token));
    await harness.app.services.database.transaction(async (tx) => {
      await tx.rows('select 1 from api_tokens where id = $1 for update', [id]);
      await harness.app.services.lastUses.flush();
    });
    await viewerCodes(holding(token));
    await harness.app.services.lastUses.flush();
    expect(await lastUse(admin, id)).not.toBeNull();
  });
});
