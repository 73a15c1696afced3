import type pg from 'pg';
import { openSecret } from '../authentication/second-factor/sealed-secret.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { people, roles } from './export-rows.js';

export interface Export {
  readonly withSecrets: boolean;
  /** Takes text; resolves when there is room for more. */
  readonly write: (text: string) => Promise<void>;
  /** @param done people written by now */
  readonly onProgress: (done: number) => void;
}

interface RoleRow {
  readonly record: object;
  readonly permissions: readonly object[];
}

interface PersonRow {
  readonly id: string;
  readonly record: object;
  readonly sealed: Buffer | null;
  readonly confirmedAt: string | null;
  readonly codes: readonly object[] | null;
}

const pageSize = 500;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Writes all roles and people as JSON Lines, as they are at one instant. @returns how many people were written */
export async function exportUsers(operation: Operation, work: Export): Promise<number> {
  const { database, clock } = operation.services;
  // Before anything is written: also an export that breaks off has shown people.
  await database.transaction(async (tx) =>
    record(tx, operation, { type: 'USERS_EXPORTED', details: { secrets: work.withSecrets } }),
  );
  await line(work, { type: 'gatehouse', version: 1, exportedAt: clock.now().toISOString() });
  const connection = await database.sql.pool.connect();
  try {
    await connection.query('begin isolation level repeatable read read only');
    const found = await connection.query<RoleRow>(roles);
    for (const { record: role, permissions } of found.rows) await line(work, { ...role, permissions });
    return await writePeople(operation, work, connection);
  } finally {
    connection.release(true);
  }
}

async function writePeople(operation: Operation, work: Export, connection: pg.PoolClient): Promise<number> {
  let [done, after] = [0, beforeAll];
  for (;;) {
    const { rows } = await connection.query<PersonRow>(people, [after, pageSize, work.withSecrets]);
    for (const row of rows) await line(work, { ...row.record, ...secondFactorOf(operation, row) });
    done += rows.length;
    work.onProgress(done);
    after = rows.at(-1)?.id ?? after;
    if (rows.length < pageSize) return done;
  }
}

function secondFactorOf({ services }: Operation, { id, sealed, confirmedAt, codes }: PersonRow): object {
  if (!sealed) return {};
  return { twoFactor: { secret: openSecret(services.secrets, sealed, id), confirmedAt, recoveryCodes: codes ?? [] } };
}

const line = ({ write }: Export, value: object): Promise<void> => write(`${JSON.stringify(value)}\n`);
