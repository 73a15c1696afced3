import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { seconds } from '../../src/clock.js';
import { migratingOptions } from '../../src/database/run-migrations.js';
import { hashToken, randomToken } from '../../src/secrets.js';
import { makeAccount } from '../support/accounts.js';
import { Harness } from '../support/harness.js';
import { PresentedTokens } from '../support/presented-tokens.js';

const before = 'Migration20261208100000_remembered_accounts';

let harness: Harness;
let tokens: PresentedTokens;
let orm: MikroORM;
beforeAll(async () => {
  harness = await Harness.start();
  tokens = new PresentedTokens(harness);
  await harness.app.services.queue.close();
  orm = await MikroORM.init({ ...migratingOptions(harness.databaseUrl), logger: () => undefined });
});
afterAll(() => orm.close(true));

const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
/** Other sessions remember how the tables were; connections that remember their statements are not asked again. */
const inBetween = async (work: () => Promise<void>) => {
  await orm.getMigrator().down({ to: before });
  await work();
  await orm.getMigrator().up();
};

/** A session with two exchanged tokens and a current one, as the version before left them. @returns the tokens */
async function oldLineage(sessionId: string): Promise<string[]> {
  const issued = [randomToken(), randomToken(), randomToken()];
  for (const [n, token] of issued.entries())
    await rows(
      `insert into refresh_tokens (token_hash, session_id, created_at, used_at, successor_hash)
       values ($1, $2, $3, case when $4::bytea is not null then $3::timestamptz end, $4)`,
      [hashToken(token), sessionId, harness.clock.now(), issued[n + 1] ? hashToken(String(issued[n + 1])) : null],
    );
  return issued;
}

test('sessions of before are refreshed after the upgrade, and their older tokens are recognized', async () => {
  const [one, other] = [await makeAccount(harness), await makeAccount(harness)];
  const lineages: string[][] = [];
  await inBetween(async () => {
    lineages.push(await oldLineage(one.sessionId), await oldLineage(other.sessionId));
  });
  const [mine = [], theirs = []] = lineages;
  const next = await tokens.present(String(mine[2]));
  expect(next).toHaveLength(91);
  expect(await tokens.present(next)).toHaveLength(91);
  expect(await tokens.present(String(mine[0]))).toBe('INVALID_TOKEN');
  expect(await tokens.endOf(one.sessionId)).toBe('REFRESH_TOKEN_REUSED');
  harness.clock.advance(seconds(11));
  expect(await tokens.present(String(theirs[1]))).toBe('INVALID_TOKEN');
  expect(await tokens.endOf(other.sessionId)).toBe('REFRESH_TOKEN_REUSED');
});

test('the way back keeps the current token of each session and the one before, for the version before', async () => {
  const { sessionId, token } = await tokens.open();
  const second = await tokens.present(token);
  const third = await tokens.present(second);
  const ended = await tokens.open();
  await rows(`update sessions set ended_at = now(), end_reason = 'LOGOUT' where id = $1`, [ended.sessionId]);
  await inBetween(async () => {
    const stored = await rows(
      `select token_hash, used_at is not null as used, successor_hash from refresh_tokens where session_id = any($1)
       order by used_at nulls last`,
      [[sessionId, ended.sessionId]],
    );
    expect(stored).toEqual([
      { token_hash: hashToken(second), used: true, successor_hash: hashToken(third) },
      { token_hash: hashToken(third), used: false, successor_hash: null },
    ]);
  });
  // And made again: they are tokens with a row now, though they name their session.
  const fourth = await tokens.present(third);
  expect(fourth).toHaveLength(91);
  expect(await tokens.present(third)).toBe(fourth);
  harness.clock.advance(seconds(11));
  expect(await tokens.present(third)).toBe('INVALID_TOKEN');
  expect(await tokens.endOf(sessionId)).toBe('REFRESH_TOKEN_REUSED');
});
